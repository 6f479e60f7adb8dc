"""The gateways' accounts that the app looks after, by name, and what it knows of their devices."""

from collections.abc import Mapping
from dataclasses import replace

from wuts import WutsClient
from wuts.models import Device as ListedDevice
from wuts.phone import same_number
from wuts.supervisor import AccountState, Device, DeviceState, Supervisor

from ..blocks.status import Line
from .device_ref import DeviceRef


class Accounts:
    """All accounts: their clients, their devices as the supervisor knows them, their numbers.

    Args:
        clients: By the account's name; they are not closed.
        supervisor: Looks after their devices.
    """

    def __init__(self, clients: Mapping[str, WutsClient], supervisor: Supervisor) -> None:
        self._clients = clients
        self._supervisor = supervisor
        self._numbers: dict[DeviceRef, str] = {}
        self._fresh: dict[DeviceRef, Device] = {}

    @property
    def names(self) -> list[str]:
        """The accounts' names."""
        return list(self._clients)

    def client(self, account: str) -> WutsClient | None:
        """Return an account's client, or None when there is no such account any more."""
        return self._clients.get(account)

    def lines(self) -> list[Line]:
        """Return all devices as they are now, also those the supervisor has not seen yet."""
        seen = {
            DeviceRef(name, device.id): device
            for name in self._clients
            for device in self._supervisor.devices(name).values()
        }
        return [self._line(ref, seen.get(ref)) for ref in self._fresh | seen]

    def line(self, ref: DeviceRef) -> Line | None:
        """Return one device as it is now, or None when it is not known."""
        if ref.account not in self._clients:
            return None
        device = self._supervisor.devices(ref.account).get(ref.device_id)
        return None if device is None and ref not in self._fresh else self._line(ref, device)

    def find(self, text: str) -> list[Line]:
        """Return the devices of a name, or else the one of an id."""
        wanted = text.strip().casefold()
        lines = self.lines()
        named = [line for line in lines if line.device.name.strip().casefold() == wanted]
        return named or [line for line in lines if line.device.id == text.strip()]

    async def search(self, text: str) -> list[Line]:
        """Do as `find`; ask the gateways where it finds nothing, as a device may be a fresh one.

        Raises:
            WutsError: A gateway does not answer, so that nobody knows.
        """
        lines = self.find(text)
        if not lines:
            for name in self._clients:
                await self.look(name)
            lines = self.find(text)
        return lines

    def matching(self, part: str) -> list[Line]:
        """Return the devices whose name has ``part`` in it, in the order of their names."""
        wanted = part.strip().casefold()
        lines = [line for line in self.lines() if wanted in line.device.name.casefold()]
        return sorted(lines, key=lambda line: (line.device.name.casefold(), line.account))

    def unwell(self) -> list[tuple[str, AccountState]]:
        """Return the accounts whose gateway or token is not well."""
        states = [(name, self._supervisor.account_state(name)) for name in self._clients]
        return [(name, state) for name, state in states if state is not AccountState.HEALTHY]

    async def look(self, account: str) -> None:
        """Ask the gateway for an account's devices, to learn their numbers and the newest ones.

        A number that was once known stays known when the phone unlinks the device: it is the one
        that should be linked again.

        Raises:
            WutsError: The gateway does not tell.
        """
        devices = await self._clients[account].list_devices()
        self._fresh = {ref: one for ref, one in self._fresh.items() if ref.account != account}
        seen = self._supervisor.devices(account)
        for device in devices:
            if device.phone_number:
                self._numbers[DeviceRef(account, device.id)] = device.phone_number
            if device.id not in seen or not seen[device.id].name:
                self.note_fresh(account, device)

    def number(self, ref: DeviceRef) -> str | None:
        """Return the digits last known to be linked to a device."""
        return self._numbers.get(ref)

    def note_number(self, ref: DeviceRef, digits: str) -> None:
        """Note which phone is linked to a device, unless it is known in another spelling."""
        known = self._numbers.get(ref)
        if known is None or not same_number(known, digits):
            self._numbers[ref] = digits

    def note_fresh(self, account: str, device: ListedDevice) -> Line:
        """Note a device that the supervisor may not have seen yet; return it."""
        ref = DeviceRef(account, device.id)
        self._fresh[ref] = Device(device.id, device.name, state=_state(device))
        return self._line(ref, self._supervisor.devices(account).get(device.id))

    def _line(self, ref: DeviceRef, seen: Device | None) -> Line:
        """Return a device as the supervisor knows it, or else as a listing showed it.

        The supervisor knows no name of a device that was paused before it was listed.
        """
        fresh = self._fresh.get(ref)
        if seen is None:
            device = fresh or Device(ref.device_id)
        elif fresh is not None and not seen.name:
            device = replace(seen, name=fresh.name)
        else:
            device = seen
        return Line(ref.account, device, self._numbers.get(ref))


def _state(device: ListedDevice) -> DeviceState | None:
    """Return what a listing alone tells of a device's state."""
    if device.connected:
        return DeviceState.CONNECTED
    return None if device.whatsapp_jid else DeviceState.NEVER_PAIRED
