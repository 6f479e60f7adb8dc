"""What people and pairings say of the phones of devices."""

from ..clock import Clock
from .controller import Controller
from .delivery.outbox import OutboxRelay
from .device import phone_changes
from .device.phone_changes import PhoneChange
from .store.accounts import Accounts


class PhoneKeeper:
    """Part of `Supervisor`: expected phones, linked ones, and the questions about them.

    Each method returns when that would survive a restart.
    """

    _accounts: Accounts
    _clock: Clock
    _controller: Controller
    _relay: OutboxRelay

    def expected_number(self, name: str, device_id: str) -> str | None:
        """Return the digits of the phone that a device should have, also while it is not listed.

        None while another process looks after the account.

        Raises:
            InvalidInputError: There is no such account.
        """
        if not self._accounts.is_here(name):
            return None
        registry = self._controller.account(name).registry
        device = registry.devices.get(device_id) or registry.kept.get(device_id)
        return None if device is None else device.expected_number

    async def expect_number(
        self, name: str, device_id: str, number: str | None, *, unless_decided: bool = False
    ) -> None:
        """Expect a phone from now on: when another one is linked, an alert opens.

        Args:
            name: The account.
            device_id: The device; the supervisor may not have seen it yet.
            number: Its number; with None, the phone that is linked next, or now, is expected.
            unless_decided: Do nothing if a person or a pairing has decided already, and not only
                a listing: for what an earlier version kept elsewhere.

        Raises:
            InvalidInputError: There is no such account.
            InvalidPhoneNumberError: The number is not usable.
            StoreOwnedError: Another process looks after it.
        """
        change = phone_changes.expect(number, unless_decided=unless_decided)
        await self._change_phone(name, device_id, change)

    async def report_phone(
        self, name: str, device_id: str, linked: str | None, *, expected: str | None = None
    ) -> None:
        """Say which phone a pairing has linked: a wrong one is asked about until it is answered.

        Args:
            name: The account.
            device_id: The device.
            linked: The phone's number as the gateway wrote it, or None if it gave none: then
                it is asked whether it is the expected one.
            expected: The number that the pairing was for; it is expected from now on.

        Raises:
            InvalidInputError: There is no such account.
            InvalidPhoneNumberError: The expected number is not usable.
            StoreOwnedError: Another process looks after it.
        """
        await self._change_phone(name, device_id, phone_changes.report(linked, expected))

    async def report_unlinked(self, name: str, device_id: str) -> None:
        """Say that a device's phone was unlinked for certain; the expected one stays expected.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
        """
        await self._change_phone(name, device_id, phone_changes.unlink)

    async def keep_phone(self, name: str, device_id: str, question_id: str) -> bool:
        """Keep the phone that a question was about: it is the expected one from now on.

        Args:
            name: The account.
            device_id: The device.
            question_id: The ``phone.question_id`` of the question that a person has answered.

        Returns:
            Whether that question was open. If not, it was answered already, or another phone was
            linked meanwhile: ask again if ``phone_question`` is not None.

        Raises:
            InvalidInputError: There is no such account.
            StoreOwnedError: Another process looks after it.
        """
        return await self._change_phone(name, device_id, phone_changes.keep(question_id))

    async def _change_phone(self, name: str, device_id: str, change: PhoneChange) -> bool:
        await self._accounts.require(name)
        is_changed = self._controller.change_phone(name, device_id, change, self._clock())
        await self._relay.settle()
        return is_changed
