"""Which phone is linked to each device, and which one should be; a restart forgets neither."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

from wuts.models import Device as ListedDevice
from wuts.phone import same_number

from ..operations.records import Records
from .device import DeviceRef

_NUMBER = "number"


class PhoneNumbers:
    """The digits of phones, by device. A device that is gone keeps them, in case it comes back.

    A store that cannot be read at first is read as soon as it can be, and not written before.

    Args:
        linked: Whose phones were seen: a record an account, with digits by the device's id.
        expected: Which phones must be linked until a person accepts others: a record a device.
    """

    def __init__(self, linked: Records, expected: Records) -> None:
        self._linked_records = linked
        self._expected_records = expected
        self._linked: dict[DeviceRef, str] = {}
        self._expected: dict[DeviceRef, str] = {}
        self._unsaved_accounts: set[str] = set()
        self._unsaved_devices: set[DeviceRef] = set()
        self._is_restored = False
        self._lock = asyncio.Lock()

    async def restore(self) -> None:
        """Take in what an earlier run knew; what was learnt since is newer and stays."""
        if self._is_restored:
            return
        linked = await self._linked_records.read()
        expected = await self._expected_records.read()
        if linked is None or expected is None or self._is_restored:
            return
        self._is_restored = True
        for account, numbers in linked.items():
            for device_id, digits in numbers.items():
                self._linked.setdefault(DeviceRef(account, device_id), digits)
        for name, record in expected.items():
            ref = DeviceRef.parse(name)
            if _NUMBER in record and ref not in self._unsaved_devices:
                self._expected[ref] = record[_NUMBER]

    def linked(self, ref: DeviceRef) -> str | None:
        """Return the digits of the phone last seen to be linked to a device."""
        return self._linked.get(ref)

    def expected(self, ref: DeviceRef) -> str | None:
        """Return the digits of the phone that should be linked to a device, as far as known."""
        return self._expected.get(ref) or self._linked.get(ref)

    async def learn(self, account: str, devices: Iterable[ListedDevice]) -> None:
        """Take in whose phones are linked. A number that is not told stays known."""
        for device in devices:
            if device.phone_number:
                self._see(DeviceRef(account, device.id), device.phone_number)
        await self._save()

    async def expect(self, ref: DeviceRef, digits: str) -> None:
        """Keep expecting a phone, whatever the gateway lists, until a person accepts another."""
        if self._expected.get(ref) != digits:
            self._expected[ref] = digits
            self._unsaved_devices.add(ref)
        await self._save()

    async def accept(self, ref: DeviceRef, digits: str | None = None) -> None:
        """Expect the phone that is linked to a device now; ``digits`` where its number is known."""
        if self._expected.pop(ref, None) is not None or not self._is_restored:
            self._unsaved_devices.add(ref)
        known = self._linked.get(ref)
        if digits and (known is None or not same_number(known, digits)):
            self._see(ref, digits)
        await self._save()

    def _see(self, ref: DeviceRef, digits: str) -> None:
        if self._linked.get(ref) != digits:
            self._linked[ref] = digits
            self._unsaved_accounts.add(ref.account)

    async def _save(self) -> None:
        """Write what has changed; what the store does not take is written with the next change."""
        await self.restore()
        if not self._is_restored:
            return
        async with self._lock:  # or an older record could be written after a newer one
            await _write(self._unsaved_accounts, self._save_linked)
            await _write(self._unsaved_devices, self._save_expected)

    async def _save_linked(self, account: str) -> bool:
        numbers = {
            ref.device_id: digits for ref, digits in self._linked.items() if ref.account == account
        }
        return await self._linked_records.save(account, numbers)

    async def _save_expected(self, ref: DeviceRef) -> bool:
        digits = self._expected.get(ref)
        if digits is None:
            return await self._expected_records.delete(str(ref))
        return await self._expected_records.save(str(ref), {_NUMBER: digits})


async def _write[T](unsaved: set[T], save: Callable[[T], Awaitable[bool]]) -> None:
    """Save each; what is not saved, or changes meanwhile, is left in ``unsaved``."""
    for one in list(unsaved):
        unsaved.discard(one)
        is_saved = False
        try:
            is_saved = await save(one)
        finally:
            if not is_saved:
                unsaved.add(one)
