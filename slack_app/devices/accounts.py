"""The gateways' accounts that the app looks after, and what it knows about their devices."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from wuts import WutsClient, find_device, search_devices
from wuts.errors import UnknownDeviceError, WutsError, WutsTimeoutError
from wuts.models import Device as ListedDevice
from wuts.supervisor import AccountState, AlertKind, Device, DeviceState, Ownership, Supervisor
from wuts.supervisor.store import StoreOtherAccountError

from .device import DeviceRef, Line

PATIENCE = 5.0
"""Seconds that somebody waits for a look at the gateways."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """All devices at one moment.

    Attributes:
        lines: The devices, in any order.
        gateways: The accounts whose gateway or token is in trouble.
        unlisted: The accounts whose gateway did not list their devices now, and why.
        unwatched: The accounts that nobody looks after, and why.
        stale: When the devices of accounts were last listed that are in trouble or were not listed
            now; None if they were not since the app began.
        several_accounts: Whether a line must name its account.
        has_questions: Whether a person must decide about webhooks.
        is_store_down: Whether what people order now may be forgotten at a restart.
    """

    lines: Sequence[Line]
    gateways: Sequence[tuple[str, AccountState]] = ()
    unlisted: Sequence[tuple[str, WutsError]] = ()
    unwatched: Sequence[tuple[str, WutsError]] = ()
    stale: Mapping[str, datetime | None] = field(default_factory=dict)
    several_accounts: bool = False
    has_questions: bool = False
    is_store_down: bool = False


class Accounts:
    """All accounts: their clients, and their devices as the supervisor knows them.

    Args:
        clients: By the account's name; they are not closed.
        supervisor: Looks after their devices.

    Attributes:
        questions: Returns how many questions about webhooks wait for a person.
    """

    def __init__(self, clients: Mapping[str, WutsClient], supervisor: Supervisor) -> None:
        self._clients = clients
        self._supervisor = supervisor
        self._fresh: dict[DeviceRef, Device] = {}
        self.questions: Callable[[], int] = lambda: 0

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
            for looked in await self._look_at_all():
                if looked is not None:
                    raise looked from None
        return self.find(text)

    def matching(self, part: str) -> list[Line]:
        """Return the devices whose name contains ``part``, in the order of their names."""
        return search_devices(self.lines(), part)

    def overview(self, unlisted: Sequence[tuple[str, WutsError]] = ()) -> Overview:
        """Return all devices as they are known now."""
        states = [(name, self._supervisor.account_state(name)) for name in self._clients]
        troubled = [(name, state) for name, state in states if state is not AccountState.HEALTHY]
        return Overview(
            lines=self.lines(),
            gateways=troubled,
            unlisted=unlisted,
            unwatched=[
                (name, StoreOtherAccountError(account=name))
                for name in self._clients
                if self._supervisor.ownership(name) is Ownership.OTHER_ACCOUNT
            ],
            stale={name: self._supervisor.listed_at(name) for name, _ in [*troubled, *unlisted]},
            several_accounts=len(self._clients) > 1,
            has_questions=self.questions() > 0,
            is_store_down=self._supervisor.store_state().problem is not None,
        )

    async def fresh_overview(self) -> Overview:
        """Look at all accounts now, then do as `overview`."""
        looked = zip(self._clients, await self._look_at_all(), strict=True)
        return self.overview([(name, error) for name, error in looked if error is not None])

    async def refresh(self, account: str) -> list[Line]:
        """Look at an account's devices now; the supervisor takes in what that shows.

        Returns:
            Its devices as they are known now.

        Raises:
            WutsError: The gateway does not say.
        """
        known = [ref for ref in self._fresh if ref.account == account]
        if self._supervisor.ownership(account) is Ownership.OWNER:
            await self._supervisor.look(account, patience=PATIENCE)
            for ref in known:
                self._fresh.pop(ref, None)
        else:
            await self._list(account)
        return [line for line in self.lines() if line.account == account]

    def add(self, account: str, device: ListedDevice) -> Line:
        """Remember a device that the supervisor may not have seen yet; return it."""
        ref = DeviceRef(account, device.id)
        self._fresh[ref] = Device(
            device.id, device.name, state=_state(device), phone_number=device.phone_number
        )
        return self._line(ref, self._supervisor.devices(account).get(device.id))

    def note_paired(self, ref: DeviceRef) -> None:
        """Note that a phone was linked to a device that the supervisor may not have seen yet."""
        if ref in self._fresh:
            self._fresh[ref] = replace(self._fresh[ref], state=None)

    def is_answered_wrongly(self, account: str) -> bool:
        """Return whether an account's gateway answers about other devices: change nothing there."""
        return any(
            alert.account == account and alert.kind is AlertKind.WRONG_DEVICE
            for alert in self._supervisor.open_alerts()
        )

    async def _look_at_all(self) -> list[WutsError | None]:
        """Look at all accounts at once; return what went wrong with each, in their order."""
        return await asyncio.gather(*map(self._try_refresh, self._clients))

    async def _try_refresh(self, name: str) -> WutsError | None:
        try:
            await self.refresh(name)
        except WutsError as error:
            return error
        return None

    async def _list(self, account: str) -> None:
        """List an account that another process looks after, or nobody: what it shows is ours."""
        try:
            async with asyncio.timeout(PATIENCE):
                devices = await self._clients[account].list_devices()
        except TimeoutError:
            raise WutsTimeoutError from None
        self._fresh = {ref: one for ref, one in self._fresh.items() if ref.account != account}
        for device in devices:
            self.add(account, device)

    def _line(self, ref: DeviceRef, seen: Device | None) -> Line:
        """Return a device as the supervisor knows it, or else as a listing showed it.

        The supervisor knows no name of a device that was paused before it was listed.
        """
        fresh = self._fresh.get(ref)
        device = seen or fresh or Device(ref.device_id)
        if fresh is not None and not device.name:
            device = replace(device, name=fresh.name)
        number = device.phone_number or device.linked_number or device.expected_number
        return Line(ref.account, device, number)


def _state(device: ListedDevice) -> DeviceState | None:
    """Return what a listing alone tells about a device's state."""
    if device.connected:
        return DeviceState.CONNECTED
    return None if device.whatsapp_jid else DeviceState.NEVER_PAIRED
