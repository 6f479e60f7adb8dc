"""A gateway of which only the answers exist."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from wuts.errors import DeviceNotFoundError, GatewayBusyError, InvalidTokenError, WutsError
from wuts.models import ConnectResult, SessionStatus
from wuts.supervisor.account.work_queue import Answer, Call, CallKind
from wuts.supervisor.device.device import Listing, ListingRow

type Fault = Callable[[Call], WutsError | None]


@dataclass(slots=True)
class Phone:
    """A device as the gateway has it."""

    id: str
    name: str
    connected: bool
    linked: bool
    number: str | None = None


class Gateway:
    """The devices of one account, and what the gateway is to do wrong.

    Attributes:
        credentials_lost: Devices that a phone unlinked though their number is shown still.
        hangs: Which calls are never answered.
        fault: What is answered instead, if anything.
        left_out: Devices that listings lack though they are there.
        unreadable: Devices whose rows cannot be read.
    """

    def __init__(self) -> None:
        self.phones: dict[str, Phone] = {}
        self.is_down = False
        self.is_token_good = True
        self.credentials_lost: set[str] = set()
        self.hangs: Callable[[Call], bool] = lambda _call: False
        self.fault: Fault = lambda _call: None
        self.left_out: set[str] = set()
        self.unreadable: tuple[str, ...] = ()

    def add(self, *ids: str, connected: bool = True, linked: bool = True) -> None:
        for one in ids:
            self.phones[one] = Phone(one, one.upper(), connected, linked)

    def drop(self, *ids: str) -> None:
        for one in ids or self.phones:
            self.phones[one].connected = False

    def unlink(self, device_id: str) -> None:
        self.phones[device_id].connected = self.phones[device_id].linked = False

    def answer(self, call: Call) -> Answer:
        return Answer(call, self._error(call) or self._result(call))

    def _result(self, call: Call) -> Listing | SessionStatus | ConnectResult:
        if call.kind is CallKind.LIST:
            phones = [one for one in self.phones.values() if one.id not in self.left_out]
            rows = [
                ListingRow(one.id, one.name, one.connected, one.linked, one.number)
                for one in phones
            ]
            return Listing([row for row in rows if row.id not in self.unreadable], self.unreadable)
        phone = self.phones[call.device_id]
        if call.kind is CallKind.CONNECT:
            phone.connected = phone.linked and phone.id not in self.credentials_lost
            return ConnectResult(needs_qr=not phone.connected)
        return SessionStatus(connected=phone.connected, is_logged_in=phone.linked)

    def _error(self, call: Call) -> WutsError | None:
        if self.is_down:
            return GatewayBusyError()
        if not self.is_token_good:
            return InvalidTokenError()
        error = self.fault(call)
        if error is None and call.kind is not CallKind.LIST and call.device_id not in self.phones:
            return DeviceNotFoundError()
        return error
