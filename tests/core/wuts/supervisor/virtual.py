"""A gateway and a clock in memory: days of supervision in a second, to the millisecond.

`World` drives a `Fleet` as the `Supervisor` does, without any I/O. Every call takes its time: the
gateway decides in the middle of it, so that answers can be stale.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import ceil
from random import Random

from wuts.errors import DeviceNotFoundError, GatewayBusyError, InvalidTokenError, WutsError
from wuts.supervisor import (
    AccountChanged,
    Alert,
    AlertKind,
    AlertStatus,
    Device,
    DeviceState,
    Event,
    StateChanged,
    SupervisorSettings,
)
from wuts.supervisor.account.account import Account
from wuts.supervisor.controller import Fleet
from wuts.supervisor.device.calls import Call, CallKind, Seen
from wuts.supervisor.device.snapshot import DeviceFacts

START = 1_790_000_000.0
SWEEP = 0.5
MINUTE = 60.0
HOUR = 3_600.0
DAY = 86_400.0
HOME = "home"

type Answer = Callable[[Account, float], None]
type Fault = Callable[[Call], WutsError | None]


@dataclass(slots=True)
class Phone:
    """A device as the gateway has it."""

    id: str
    name: str
    connected: bool
    linked: bool


class Gateway:
    """The devices of one account, and what the gateway shall do wrong.

    Attributes:
        credentials_lost: Devices that a phone unlinked though their number is shown still.
        hangs: Which calls are never answered.
        fault: What is answered instead, if anything.
    """

    def __init__(self) -> None:
        self.phones: dict[str, Phone] = {}
        self.is_down = False
        self.is_token_good = True
        self.credentials_lost: set[str] = set()
        self.hangs: Callable[[Call], bool] = lambda _call: False
        self.fault: Fault = lambda _call: None

    def add(self, *ids: str, connected: bool = True, linked: bool = True) -> None:
        for one in ids:
            self.phones[one] = Phone(one, one.upper(), connected, linked)

    def drop(self, *ids: str) -> None:
        for one in ids or self.phones:
            self.phones[one].connected = False

    def unlink(self, device_id: str) -> None:
        self.phones[device_id].connected = self.phones[device_id].linked = False

    def answer(self, call: Call) -> Answer:
        error = self._error(call)
        if error is not None:
            return lambda account, now: account.failed(call, error, now)
        if call.kind is CallKind.LIST:
            seen = [Seen(p.id, p.name, p.connected, p.linked) for p in self.phones.values()]
            return lambda account, now: account.listed(seen, call.made_at, now)
        phone = self.phones[call.device_id]
        if call.kind is CallKind.CONNECT:
            linked = phone.linked and phone.id not in self.credentials_lost
            phone.connected = linked
            return lambda account, now: account.connect_answered(
                phone.id, needs_qr=not linked, now=now
            )
        connected, linked = phone.connected, phone.linked
        return lambda account, now: account.checked(
            phone.id, connected=connected, linked=linked, now=now
        )

    def _error(self, call: Call) -> WutsError | None:
        if self.is_down:
            return GatewayBusyError()
        if not self.is_token_good:
            return InvalidTokenError()
        error = self.fault(call)
        if error is None and call.kind is not CallKind.LIST and call.device_id not in self.phones:
            return DeviceNotFoundError()
        return error


class World:
    """A fleet, its gateways and the time.

    Attributes:
        now: Seconds since 1970.
        calls: All that were made, with the time they were made at.
        events: All that was told.
        most: The most calls about devices in flight at once: of an account by its name, of all by
            the empty name, and of one device's ``/connect`` by account and device.
    """

    def __init__(
        self,
        settings: SupervisorSettings | None = None,
        *,
        seed: int = 1,
        accounts: tuple[str, ...] = (HOME,),
        latency: float = 0.05,
    ) -> None:
        self.settings = settings or SupervisorSettings()
        self.now = START
        self.latency = latency
        self.fleet = Fleet(self.settings, Random(seed))
        self.gateways = {name: Gateway() for name in accounts}
        self.calls: list[Call] = []
        self.events: list[Event] = []
        self.most: Counter[str | tuple[str, str]] = Counter()
        self.saved: dict[tuple[str, str], DeviceFacts] = {}
        self._under_way: dict[Call, None] = {}
        self._in_flight: Counter[str | tuple[str, str]] = Counter()
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._seed = seed
        self._generation = 0

    # The gateway

    @property
    def gateway(self) -> Gateway:
        return self.gateways[HOME]

    def at(self, seconds: float, action: Callable[[], None]) -> None:
        """Let something happen that many seconds from now."""
        heapq.heappush(self._agenda, (self.now + seconds, next(self._order), action))

    # The supervision

    def start(self) -> World:
        for name in self.gateways:
            self.fleet.add_account(name, self.now)
        self.pump()
        return self

    def restart(self) -> None:
        """End the process and begin another, with what was saved."""
        alerts = self.fleet.alerts.open_alerts()
        self._generation += 1
        self._under_way.clear()
        self._in_flight.clear()
        self.fleet = Fleet(self.settings, Random(self._seed + self._generation))
        self.fleet.restore(self.saved.values(), alerts)
        self.start()

    def act(self, action: Callable[[Account], None], account: str = HOME) -> None:
        """Ask something of an account, as a person or a webhook does."""
        action(self.fleet.account(account))
        self.fleet.touch(account)
        self.pump()

    def wake(self, device_id: str | None = None) -> None:
        if device_id is None:
            self.act(lambda account: account.wake(self.now))
        else:
            self.act(lambda account: account.wake_device(device_id, self.now))

    def pause(self, device_id: str) -> None:
        self.act(lambda account: account.pause(device_id, self.now))

    def resume(self, device_id: str) -> None:
        self.act(lambda account: account.resume(device_id, self.now))

    def replace_token(self, account: str = HOME, *, is_good: bool = True) -> None:
        """Go on with another token; what is under way with the old one is given up."""
        self.gateways[account].is_token_good = is_good
        for call in [one for one in self._under_way if one.account == account]:
            self._end(call, lambda one, now, call=call: one.cancelled(call, now))  # type: ignore[misc]
        self.act(lambda one: one.token_replaced(self.now), account)

    def pump(self) -> None:
        """Make the calls that are wanted, as often as there are any."""
        calls = self.fleet.calls(self.now)
        assert not self.fleet.calls(self.now), "a call is wanted twice at one moment"
        for call in calls:
            self._begin(call)
        outbox = self.fleet.drain()
        self.events += outbox.events
        for key, facts in outbox.facts.items():
            self.saved.pop(key, None)
            if facts is not None:
                self.saved[key] = facts

    # The time

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while (when := self._next()) <= end:
            self._step(when)
        self.now = end

    def run_until(self, reached: Callable[[], bool], within: float = DAY) -> float:
        """Let time pass until something is so; return how long that took."""
        start = self.now
        while not reached():
            when = self._next()
            assert when <= start + within, "it never came about"
            self._step(when)
        return self.now - start

    def _next(self) -> float:
        """Return when something happens: a sweep looks only at what is due, and on a grid."""
        due = [heap[0][0] for heap in (self.fleet._heap, self.fleet.alerts._timers) if heap]
        sweep = START + ceil((min(due) - START) / SWEEP) * SWEEP if due else float("inf")
        action = self._agenda[0][0] if self._agenda else float("inf")
        return max(self.now, min(sweep, action))

    def _step(self, when: float) -> None:
        self.now = when
        if self._agenda and self._agenda[0][0] <= when:
            heapq.heappop(self._agenda)[2]()
        else:
            self.fleet.sweep(when)
        self.pump()

    def _begin(self, call: Call) -> None:
        if call.kind is CallKind.CONNECT:
            device = self.device(call.device_id, call.account)
            assert device.state is DeviceState.RECONNECTING, f"a connect of {device}"
        self.calls.append(call)
        self._under_way[call] = None
        self._count(call, 1)
        if not self.gateways[call.account].hangs(call):
            self.at(self.latency / 2, lambda: self._decide(call))

    def _decide(self, call: Call) -> None:
        answer = self.gateways[call.account].answer(call)
        self.at(self.latency / 2, lambda: self._end(call, answer))

    def _end(self, call: Call, answer: Answer) -> None:
        if call not in self._under_way:
            return
        del self._under_way[call]
        self._count(call, -1)
        account = self.fleet.answered(call)
        if account is not None:
            answer(account, self.now)

    def _count(self, call: Call, by: int) -> None:
        if call.kind is CallKind.LIST:
            return
        keys: list[str | tuple[str, str]] = ["", call.account]
        if call.kind is CallKind.CONNECT:
            keys.append((call.account, call.device_id))
        for key in keys:
            self._in_flight[key] += by
            self.most[key] = max(self.most[key], self._in_flight[key])

    # What is known, and was told

    def device(self, device_id: str, account: str = HOME) -> Device:
        return self.fleet.account(account).devices[device_id]

    def state(self, device_id: str) -> DeviceState | None:
        device = self.fleet.account(HOME).devices.get(device_id)
        return DeviceState.GONE if device is None else device.state

    def calls_of(self, kind: CallKind, device_id: str = "") -> list[float]:
        """Return when calls were made, in seconds from the start."""
        return [
            call.made_at - START
            for call in self.calls
            if call.kind is kind and device_id in ("", call.device_id)
        ]

    def connects(self, device_id: str = "") -> list[float]:
        return self.calls_of(CallKind.CONNECT, device_id)

    def alerts(self, kind: AlertKind | None = None) -> list[Alert]:
        alerts = [event for event in self.events if isinstance(event, Alert)]
        return [alert for alert in alerts if kind in (None, alert.kind)]

    def told(self, kind: AlertKind | None = None) -> list[tuple[AlertKind, AlertStatus]]:
        return [(alert.kind, alert.status) for alert in self.alerts(kind)]

    def open_alerts(self) -> list[AlertKind]:
        return [alert.kind for alert in self.fleet.alerts.open_alerts()]

    def changes(self, device_id: str) -> list[StateChanged]:
        events = [event for event in self.events if isinstance(event, StateChanged)]
        return [event for event in events if event.device_id == device_id]

    def path(self, device_id: str) -> list[DeviceState]:
        """Return the states that a device went through, as they were told."""
        return [event.new for event in self.changes(device_id) if event.old is not event.new]

    def account_changes(self) -> list[AccountChanged]:
        return [event for event in self.events if isinstance(event, AccountChanged)]
