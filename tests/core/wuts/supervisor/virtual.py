"""A gateway and a clock in memory: days of supervision in a second, to the millisecond.

`World` drives a `Controller` as the `Supervisor` does, without any I/O. Every call takes its time:
the gateway decides in the middle of it, so that answers can be stale.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime
from itertools import count
from random import Random

from tests.core.wuts.supervisor.virtual_gateway import Gateway
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
from wuts.supervisor.account.work_queue import Answer, Call, CallKind
from wuts.supervisor.alerts.history import HistoryLine
from wuts.supervisor.alerts.mutes import Mute, MuteScope
from wuts.supervisor.alerts.notifications import Notification
from wuts.supervisor.alerts.records import NotificationKey
from wuts.supervisor.alerts.routes import Route
from wuts.supervisor.controller import Controller
from wuts.supervisor.delivery.outbox import Outbox
from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import Saved, SavedAlert, SavedNotification

START = 1_790_000_000.0
MINUTE = 60.0
HOUR = 3_600.0
DAY = 86_400.0
HOME = "home"


class World:
    """A controller, its gateways and the time.

    Attributes:
        now: Seconds since 1970.
        calls: All that were made, with the time they were made at.
        events: All that was told.
        notified: All that receivers were told.
        deaf: Receivers that never take what they get.
        history: All that was written down.
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
        routes: tuple[Route, ...] = (),
    ) -> None:
        self.settings = settings or SupervisorSettings()
        self.now = START
        self.latency = latency
        self.outbox = Outbox()
        self.routes = routes
        self.controller = self._new_controller(seed)
        self.gateways = {name: Gateway() for name in accounts}
        self.calls: list[Call] = []
        self.events: list[Event] = []
        self.most: Counter[str | tuple[str, str]] = Counter()
        self.saved: dict[tuple[str, str], DeviceSnapshot] = {}
        self.notified: list[Notification] = []
        self.deaf: set[str] = set()
        self.history: list[HistoryLine] = []
        self.watched: dict[tuple[str, datetime], datetime] = {}
        self._mutes: dict[MuteScope, Mute] = {}
        self._sent: dict[NotificationKey, Notification] = {}
        self._told: dict[NotificationKey, int] = {}
        self._under_way: dict[Call, None] = {}
        self._in_flight: Counter[str | tuple[str, str]] = Counter()
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._seed = seed
        self._generation = 0
        self._is_changed = False

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
            self.controller.add_account(name, self.now)
        self.dispatch()
        return self

    def restart(self) -> None:
        """End the process and begin another, with what was saved."""
        alerts = self.controller.alerts.open_alerts()
        self._generation += 1
        self._under_way.clear()
        self._in_flight.clear()
        self.controller = self._new_controller(self._seed + self._generation)
        sent = tuple(
            SavedNotification(one, self._told.get(key) == one.sequence)
            for key, one in self._sent.items()
        )
        mutes = tuple(self._mutes.values())
        self.restore(*self.saved.values(), alerts=alerts, mutes=mutes, sent=sent)
        self.start()

    def restore(
        self,
        *snapshots: DeviceSnapshot,
        alerts: tuple[Alert, ...] = (),
        mutes: tuple[Mute, ...] = (),
        sent: tuple[SavedNotification, ...] = (),
    ) -> None:
        told = tuple(SavedAlert(alert, delivered=True) for alert in alerts)
        saved = Saved(snapshots, told, mutes=mutes, notifications=sent)
        self.controller.restore(saved, self.now)
        self.dispatch()

    def wake(self, device_id: str | None = None, account: str = HOME) -> None:
        self.controller.wake(account, device_id, self.now)
        self.dispatch()

    def pause(self, device_id: str, account: str = HOME) -> None:
        self.controller.pause(account, device_id, self.now)
        self.dispatch()

    def resume(self, device_id: str, account: str = HOME) -> None:
        self.controller.resume(account, device_id, self.now)
        self.dispatch()

    def forget(self, device_id: str, account: str = HOME) -> None:
        self.controller.forget(account, device_id, self.now)
        self.dispatch()

    def replace_token(self, account: str = HOME, *, is_good: bool = True) -> None:
        """Continue with another token; what is in flight with the old one is given up."""
        self.gateways[account].is_token_good = is_good
        for call in [one for one in self._under_way if one.account == account]:
            self._end(Answer(call, None))
        self.controller.replace_token(account, self.now)
        self.dispatch()

    def dispatch(self) -> None:
        """Do as the I/O does in its next turn where the controller says that it changed."""
        while self._is_changed or self.controller.next_due() <= self.now:
            self._is_changed = False
            calls = self.controller.dispatch(self.now)
            assert not self.controller.dispatch(self.now), "a call is wanted twice at one moment"
            for call in calls:
                self._begin(call)
        told, changes = self.outbox.take_events(), self.outbox.take_changes()
        _put(self.saved, changes.snapshots)
        _put(self._mutes, changes.records.mutes)
        _put(self._sent, changes.records.notifications)
        self._told |= changes.records.told
        self.history += changes.records.history
        self.watched |= changes.records.watched
        for event in told:
            if isinstance(event, Notification):
                self._notify(event)
            else:
                self.events.append(event)

    def _notify(self, notification: Notification) -> None:
        assert self._sent[notification.account, notification.id] == notification, "saved first"
        if notification.receiver not in self.deaf:
            self.notified.append(notification)
            self.controller.desk.delivered(notification, self.now)
            self.dispatch()

    def _new_controller(self, seed: int) -> Controller:
        return Controller(
            self.settings, Random(seed), self.outbox, self._note_change, routes=self.routes
        )

    def _note_change(self) -> None:
        self._is_changed = True

    # The time

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        self.dispatch()
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
        """Return when something happens: nothing runs between."""
        action = self._agenda[0][0] if self._agenda else float("inf")
        return max(self.now, min(self.controller.next_due(), action))

    def _step(self, when: float) -> None:
        self.now = when
        if self._agenda and self._agenda[0][0] <= when:
            heapq.heappop(self._agenda)[2]()
        self.dispatch()

    def _begin(self, call: Call) -> None:
        if call.kind is CallKind.CONNECT:
            device = self.device(call.device_id, call.account)
            is_slow = device.state is DeviceState.NEEDS_PAIRING and device.linked
            assert is_slow or device.state is DeviceState.RECONNECTING, f"a connect of {device}"
        self.calls.append(call)
        self._under_way[call] = None
        self._count(call, 1)
        if not self.gateways[call.account].hangs(call):
            self.at(self.latency / 2, lambda: self._decide(call))

    def _decide(self, call: Call) -> None:
        answer = self.gateways[call.account].answer(call)
        self.at(self.latency / 2, lambda: self._end(answer))

    def _end(self, answer: Answer) -> None:
        if answer.call not in self._under_way:
            return
        del self._under_way[answer.call]
        self._count(answer.call, -1)
        for _ in self.controller.answer(answer, self.now):
            pass

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
        return self.controller.account(account).devices[device_id]

    def state(self, device_id: str) -> DeviceState | None:
        device = self.controller.account(HOME).devices.get(device_id)
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
        return [alert.kind for alert in self.controller.alerts.open_alerts()]

    def changes(self, device_id: str) -> list[StateChanged]:
        events = [event for event in self.events if isinstance(event, StateChanged)]
        return [event for event in events if event.device_id == device_id]

    def path(self, device_id: str) -> list[DeviceState]:
        """Return the states that a device went through, as they were told."""
        return [event.new for event in self.changes(device_id) if event.old is not event.new]

    def account_changes(self) -> list[AccountChanged]:
        return [event for event in self.events if isinstance(event, AccountChanged)]


def _put[K, V](kept: dict[K, V], changes: Mapping[K, V | None]) -> None:
    for key, value in changes.items():
        kept.pop(key, None)
        if value is not None:
            kept[key] = value
