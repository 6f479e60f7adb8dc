"""All accounts of a process: one heap of what is due, one budget, one book of alerts. No I/O."""

import heapq
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

from ..errors import InvalidInputError
from .account.account import Account
from .account.breaker import AccountChange
from .alerts.device_alerts import begun_by, ended_by
from .alerts.episodes import AlertBook, Subject, utc
from .device.calls import Call, CallKind
from .device.device import Device
from .device.machine import Change
from .device.snapshot import DeviceFacts, device_from, facts_differ, facts_of
from .events import AccountChanged, Alert, AlertKind, Event, StateChanged
from .settings import SupervisorSettings
from .states import AccountState, DeviceState, Reason

ACCOUNT_ALERTS = {
    AccountState.GATEWAY_DOWN: AlertKind.GATEWAY_DOWN,
    AccountState.TOKEN_REFUSED: AlertKind.TOKEN_REFUSED,
}
"""The alert that each state of an account is."""


@dataclass(slots=True)
class Outbox:
    """What came of something: events to tell, and facts and alerts to save.

    Attributes:
        events: In the order they happened.
        facts: By account and device; None where nothing is to be kept.
        alerts: By the alert's id, as they are now.
    """

    events: list[Event] = field(default_factory=list)
    facts: dict[tuple[str, str], DeviceFacts | None] = field(default_factory=dict)
    alerts: dict[str, Alert] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is anything to tell or to save."""
        return bool(self.events or self.facts or self.alerts)


class Fleet:
    """Every account and device under supervision.

    It is told what the gateway answered and what time it is, and says which calls to make. All its
    times are seconds since 1970.

    Args:
        settings: Intervals and limits.
        rng: The source of jitter and of the alerts' ids.
    """

    def __init__(self, settings: SupervisorSettings, rng: Random) -> None:
        self.accounts: dict[str, Account] = {}
        self.alerts = AlertBook(settings, rng, self._may_raise)
        self._settings = settings
        self._rng = rng
        self._heap: list[tuple[float, int, str, str]] = []
        self._count = 0
        self._listing_due: dict[str, None] = {}
        self._busy: dict[str, None] = {}
        self._calls_out = 0
        self._listings_out = 0
        self._restored: dict[str, list[DeviceFacts]] = {}
        self._outbox = Outbox()

    def restore(self, facts: Iterable[DeviceFacts], alerts: Iterable[Alert]) -> None:
        """Take in what an earlier process left, before the accounts are added."""
        for one in facts:
            self._restored.setdefault(one.account, []).append(one)
        self.alerts.restore(alerts)

    def add_account(self, name: str, now: float) -> None:
        """Supervise an account from now on.

        Raises:
            InvalidInputError: There is one of this name.
        """
        if name in self.accounts:
            raise InvalidInputError(
                "There is an account of that name already. Choose another name."
            )
        account = Account(name, settings=self._settings, rng=self._rng, observer=self)
        for facts in self._restored.pop(name, []):
            account.roster.adopt(device_from(facts, now))
        self.accounts[name] = account
        account.start(now, self._restored_state(name))
        self.touch(name)

    def remove_account(self, name: str, now: float) -> None:
        """Forget an account, its devices and its alerts.

        Raises:
            InvalidInputError: There is no such account.
        """
        account = self.account(name)
        account.drop_all(now)
        self._tell(self.alerts.end_all(name, now))
        self._calls_out -= len(account.queue.in_flight)
        self._listings_out -= account.listing
        del self.accounts[name]

    def account(self, name: str) -> Account:
        """Return an account by its name; call `touch` after anything that is asked of it.

        Raises:
            InvalidInputError: There is no such account.
        """
        if name not in self.accounts:
            raise InvalidInputError("There is no account of that name.")
        return self.accounts[name]

    def forget(self, name: str, device_id: str, now: float) -> None:
        """Leave a device that a person deleted alone, and end what was alerted of it.

        Raises:
            InvalidInputError: There is no such account.
        """
        self.account(name).forget(device_id, now)
        self._tell(self.alerts.end_all(name, now, device_id))

    def end_alert(self, subject: Subject, now: float) -> None:
        """Note that what an alert was about is over."""
        self._tell(self.alerts.end(subject, now))

    def touch(self, name: str) -> None:
        """Note that an account may want to make calls."""
        self._listing_due[name] = None
        self._busy[name] = None

    def sweep(self, now: float) -> None:
        """Take in that time has passed: queue what is due, raise and remind of alerts."""
        while self._heap and self._heap[0][0] <= now:
            _, _, name, device_id = heapq.heappop(self._heap)
            account = self.accounts.get(name)
            if account is None:
                continue
            if device_id:
                account.roster.on_timer(device_id, now)
                self._end_flapping(account, device_id, now)
                self._busy[name] = None
            else:
                self.touch(name)
        self._tell(self.alerts.due(now))

    def calls(self, now: float) -> list[Call]:
        """Return the calls to make now, within the budget, accounts taking turns.

        Listings have a budget of their own: calls of one account that hang must not blind us to
        the others.
        """
        return [*self._take_listings(now), *self._take_calls(now)]

    def drain(self) -> Outbox:
        """Return what came of everything since the last call of this."""
        outbox, self._outbox = self._outbox, Outbox()
        return outbox

    def answered(self, call: Call) -> Account | None:
        """Free the call's place in the budget; return its account, or None if that was removed."""
        account = self.accounts.get(call.account)
        if account is None:
            return None
        if call.kind is CallKind.LIST:
            self._listings_out -= 1
        else:
            self._calls_out -= 1
        self.touch(call.account)
        return account

    # The observer of the accounts

    def device_changed(
        self, account: Account, before: Device | None, change: Change, now: float
    ) -> None:
        """Note what to tell and what to save."""
        device = change.device
        key = (account.name, device.id)
        if device.state is DeviceState.GONE:
            self._outbox.facts[key] = None
        elif before is None or facts_differ(before, device):
            self._outbox.facts[key] = facts_of(account.name, device)
        if change.reason is None or device.state is None:
            return
        old = before.state if before else None
        self._outbox.events.append(
            StateChanged(
                account=account.name,
                device_id=device.id,
                device_name=device.name,
                old=old,
                new=device.state,
                reason=change.reason,
                attempt=device.attempt if device.state is DeviceState.RECONNECTING else 0,
                next_try=None if device.next_try is None else utc(device.next_try),
                at=utc(now),
            )
        )
        if old is not device.state:
            self._update_alerts(account, device, old, change.reason, now)

    def account_changed(self, account: Account, change: AccountChange, now: float) -> None:
        """Note what to tell, and begin and end the account's alerts."""
        self._outbox.events.append(
            AccountChanged(
                account=account.name,
                old=change.old,
                new=account.state,
                reason=change.reason,
                problem=change.problem,
                at=utc(now),
            )
        )
        if change.old in ACCOUNT_ALERTS:
            self._tell(self.alerts.end(Subject(ACCOUNT_ALERTS[change.old], account.name), now))
        if account.state in ACCOUNT_ALERTS:
            self._tell(self.alerts.begin(Subject(ACCOUNT_ALERTS[account.state], account.name), now))

    def timer(self, account: Account, when: float, device_id: str) -> None:
        """Put a moment into the heap."""
        self._count += 1
        heapq.heappush(self._heap, (when, self._count, account.name, device_id))

    # Inside

    def _take_listings(self, now: float) -> Iterator[Call]:
        for name in list(self._listing_due):
            if self._listings_out >= self._settings.concurrency:
                break
            del self._listing_due[name]
            account = self.accounts.get(name)
            if account is not None and account.wants_listing(now):
                self._listings_out += 1
                yield account.take_listing(now)

    def _take_calls(self, now: float) -> Iterator[Call]:
        for name in list(self._busy):
            room = self._settings.concurrency - self._calls_out
            if room <= 0:
                break
            del self._busy[name]
            account = self.accounts.get(name)
            if account is None:
                continue
            calls = account.take_calls(now, room)
            self._calls_out += len(calls)
            yield from calls
            if account.wants_calls(now):
                self._busy[name] = None

    def _update_alerts(
        self, account: Account, device: Device, old: DeviceState | None, reason: Reason, now: float
    ) -> None:
        for kind in ended_by(device):
            self._tell(self.alerts.end(Subject(kind, account.name, device.id), now))
        for kind in begun_by(device, old, reason, self._settings):
            subject = Subject(kind, account.name, device.id)
            self._tell(self.alerts.begin(subject, now, device.name))
        if device.state is DeviceState.CONNECTED and self.alerts.is_open(
            _flapping(account, device)
        ):
            self.timer(account, device.since + self._settings.stable_after, device.id)

    def _end_flapping(self, account: Account, device_id: str, now: float) -> None:
        """A flapping device has stopped to flap when a connection has held."""
        device = account.devices.get(device_id)
        if device is None or device.state is not DeviceState.CONNECTED:
            return
        if device.since + self._settings.stable_after <= now:
            self._tell(self.alerts.end(_flapping(account, device), now))

    def _tell(self, alerts: Iterable[Alert]) -> None:
        for alert in alerts:
            self._outbox.events.append(alert)
            self._outbox.alerts[alert.id] = alert

    def _may_raise(self, subject: Subject, now: float) -> bool:
        """A device that is offline because its gateway is down is no alert of its own."""
        account = self.accounts.get(subject.account)
        if account is None or subject.device_id is None:
            return True
        return account.may_call_offline(subject.device_id, now)

    def _restored_state(self, name: str) -> AccountState:
        for alert in self.alerts.open_alerts():
            for state, kind in ACCOUNT_ALERTS.items():
                if alert.account == name and alert.kind is kind:
                    return state
        return AccountState.HEALTHY


def _flapping(account: Account, device: Device) -> Subject:
    return Subject(AlertKind.FLAPPING, account.name, device.id)
