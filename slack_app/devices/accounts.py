"""The gateways' accounts that the app looks after, and what it knows about their devices."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from wuts import WutsClient, find_device, search_devices
from wuts.errors import UnknownDeviceError, WutsError, WutsTimeoutError
from wuts.models import Device as ListedDevice
from wuts.models import DeviceList
from wuts.supervisor import AccountState, AlertKind, Device, DeviceState, Ownership, Supervisor
from wuts.supervisor.store import StoreOtherAccountError

from .device import DeviceRef, Line

PATIENCE = 5.0
"""Seconds to wait for the gateways' numbers; a status without them is better than none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All devices at one moment.

    Attributes:
        lines: The devices, in any order.
        gateways: The accounts whose gateway or token is in trouble.
        unlisted: The accounts whose numbers the gateway did not tell, and why.
        unwatched: The accounts that nobody looks after, and why.
        several_accounts: Whether a line must name its account.
    """

    lines: Sequence[Line]
    gateways: Sequence[tuple[str, AccountState]] = ()
    unlisted: Sequence[tuple[str, WutsError]] = ()
    unwatched: Sequence[tuple[str, WutsError]] = ()
    several_accounts: bool = False


@dataclass(frozen=True, slots=True)
class _Look:
    """A number that the app itself saw, and the one that the supervisor had seen before."""

    number: str | None = field(repr=False)
    before: str | None = field(repr=False)


class Accounts:
    """All accounts: their clients, and their devices as the supervisor knows them.

    Args:
        clients: By the account's name; they are not closed.
        supervisor: Looks after their devices.
    """

    def __init__(self, clients: Mapping[str, WutsClient], supervisor: Supervisor) -> None:
        self._clients = clients
        self._supervisor = supervisor
        self._fresh: dict[DeviceRef, Device] = {}
        self._looks: dict[DeviceRef, _Look] = {}

    @property
    def names(self) -> list[str]:
        """The accounts' names."""
        return list(self._clients)

    def client(self, account: str) -> WutsClient | None:
        """Return an account's client, or None when the settings no longer name the account."""
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

    async def look_up(self, ref: DeviceRef) -> Line | None:
        """Do as `line`, but ask the gateway before giving up: the app may just have started.

        Raises:
            WutsError: The gateway does not answer, so nobody knows.
        """
        if ref.account in self._clients and self.line(ref) is None:
            await self.refresh(ref.account)
        return self.line(ref)

    def find(self, text: str) -> Line:
        """Return the device of an id or a name.

        Raises:
            UnknownDeviceError: There is none.
            AmbiguousDeviceError: There are several.
        """
        return find_device(self.lines(), text)

    async def search(self, text: str) -> Line:
        """Do as `find`, but ask the gateways before giving up: a device may be brand new.

        Raises:
            WutsError: As `find`, or a gateway does not answer, so nobody knows.
        """
        try:
            return self.find(text)
        except UnknownDeviceError:
            for name in self._clients:
                await self.refresh(name)
        return self.find(text)

    def matching(self, part: str) -> list[Line]:
        """Return the devices whose name contains ``part``, in the order of their names."""
        return search_devices(self.lines(), part)

    def overview(self, unlisted: Sequence[tuple[str, WutsError]] = ()) -> Overview:
        """Return all devices as they are known now."""
        states = [(name, self._supervisor.account_state(name)) for name in self._clients]
        return Overview(
            lines=self.lines(),
            gateways=[(name, state) for name, state in states if state is not AccountState.HEALTHY],
            unlisted=unlisted,
            unwatched=[
                (name, StoreOtherAccountError(account=name))
                for name in self._clients
                if self._supervisor.ownership(name) is Ownership.OTHER_ACCOUNT
            ],
            several_accounts=len(self._clients) > 1,
        )

    async def fresh_overview(self) -> Overview:
        """Ask the gateways that work for their devices' numbers, then do as `overview`."""
        troubled = {name for name, _ in self.overview().gateways}
        asked = [name for name in self._clients if name not in troubled]
        errors = await asyncio.gather(*map(self._try_refresh, asked))
        return self.overview(
            [(name, error) for name, error in zip(asked, errors, strict=True) if error is not None]
        )

    async def refresh(self, account: str) -> DeviceList:
        """Ask the gateway for an account's devices: their numbers as they are now, and new ones.

        What is shown changes by that, and nothing else: which phone is expected is the supervisor's
        to know.

        Returns:
            What the gateway lists now.

        Raises:
            WutsError: The gateway does not tell.
        """
        devices = await self._clients[account].list_devices()
        self._fresh = {ref: one for ref, one in self._fresh.items() if ref.account != account}
        seen = self._supervisor.devices(account)
        for device in devices:
            ref, known = DeviceRef(account, device.id), seen.get(device.id)
            self._looks[ref] = _Look(device.phone_number, known.phone_number if known else None)
            if device.id not in seen or not seen[device.id].name:
                self.add(account, device)
        return devices

    def add(self, account: str, device: ListedDevice) -> Line:
        """Remember a device that the supervisor may not have seen yet; return it."""
        ref = DeviceRef(account, device.id)
        self._fresh[ref] = Device(device.id, device.name, state=_state(device))
        return self._line(ref, self._supervisor.devices(account).get(device.id))

    def is_answered_wrongly(self, account: str) -> bool:
        """Tell whether an account's gateway answers about other devices: change nothing there."""
        return any(
            alert.account == account and alert.kind is AlertKind.WRONG_DEVICE
            for alert in self._supervisor.open_alerts()
        )

    async def _try_refresh(self, name: str) -> WutsError | None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.refresh(name)
        except TimeoutError:
            return WutsTimeoutError()
        except WutsError as error:
            return error
        return None

    def _line(self, ref: DeviceRef, seen: Device | None) -> Line:
        """Return a device as the supervisor knows it, or else as a listing showed it.

        The supervisor knows no name of a device that was paused before it was listed.
        """
        fresh = self._fresh.get(ref)
        device = seen or fresh or Device(ref.device_id)
        if fresh is not None and not device.name:
            device = replace(device, name=fresh.name)
        return Line(ref.account, device, self._number(ref, seen))

    def _number(self, ref: DeviceRef, seen: Device | None) -> str | None:
        """Return the newest number: the app's own look counts until the supervisor sees another."""
        look = self._looks.get(ref)
        if look is not None and look.number and (seen is None or seen.phone_number == look.before):
            return look.number
        if seen is None:
            return None
        return seen.phone_number or seen.linked_number or seen.expected_number


def _state(device: ListedDevice) -> DeviceState | None:
    """Return what a listing alone tells about a device's state."""
    if device.connected:
        return DeviceState.CONNECTED
    return None if device.whatsapp_jid else DeviceState.NEVER_PAIRED
