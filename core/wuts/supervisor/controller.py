"""All accounts of a process: what is due, when to look again, and which calls to make. No I/O.

A controller as Kubernetes has them: a queue of keys (an account, or one of its devices) with the
moment when each is due. What is due is looked at as it is now, however it came about, and is queued
again for the moment when time alone can change something.
"""

from collections.abc import Callable, Iterator, Sequence
from random import Random

from ..clock import Clock
from ..errors import InvalidInputError
from .account.account import Account, Changes
from .account.breaker import AccountChange, AccountTrouble
from .account.turns import Turns
from .account.work_queue import NEVER, Answer, Budget, Call, CallKind, DueQueue, FirstLooks, Key
from .alerts.desk import AlertDesk
from .alerts.episodes import AlertBook, Subject, subject_of
from .alerts.restored import is_over, state_left
from .alerts.routes import Route
from .delivery.outbox import Outbox
from .device.device import (
    DeviceChange,
    DeviceSnapshot,
    Listing,
    snapshot_of,
    snapshots_differ,
)
from .device.phone_changes import PhoneChange
from .events import (
    Alert,
    AlertKind,
    DeviceState,
)
from .settings import SupervisorSettings
from .store.base import Saved


class Controller:
    """Every account and device under supervision.

    It takes in what the gateway answered, what people ask, and what time it is (in seconds since
    1970). It puts what is to be saved and sent into the outbox. Whatever comes in, it finds out
    itself what follows: there is nothing to call afterwards.

    Args:
        settings: Intervals and limits.
        rng: The source of jitter and of the alerts' ids.
        outbox: Takes what is to be saved and sent.
        on_change: Called whenever `next_due` or the outbox may have changed.
        routes: Which alerts each receiver gets.
        offset: Returns the seconds from the clock to the wall's.
    """

    def __init__(  # noqa: PLR0913 - all that it cannot know itself
        self,
        settings: SupervisorSettings,
        rng: Random,
        outbox: Outbox,
        on_change: Callable[[], None],
        *,
        routes: Sequence[Route] = (),
        offset: Clock = float,
    ) -> None:
        self.accounts: dict[str, Account] = {}
        self.alerts = AlertBook(settings, rng)
        self.desk = AlertDesk(
            self.alerts, outbox, rng, self._replan, settings, routes=routes, offset=offset
        )
        self.due = DueQueue()
        self._settings = settings
        self._rng = rng
        self._outbox = outbox
        self._on_change = on_change
        self.budget = Budget(settings.concurrency)
        self._first_looks = FirstLooks(settings.interval, rng)
        self._turns = Turns(self.budget)
        self._restored: dict[str, list[DeviceSnapshot]] = {}

    # What the I/O side asks

    def next_due(self) -> float:
        """Return when to call `dispatch` next."""
        return self.due.next()

    def dispatch(self, now: float) -> list[Call]:
        """Look at what is due; return the calls to make now, accounts taking turns."""
        for key in self.due.take(now):
            # In case the look fails: nothing is ever forgotten.
            self.due.put(key, now + self._settings.interval)
            self._look(key, now)
        calls = self._turns.take(self.accounts, now)
        for call in calls:
            if call.kind is CallKind.LIST:
                self._first_looks.done(call.account)
        return calls

    def answer(self, answer: Answer, now: float) -> Iterator[None]:
        """Take in the result of a call; one for an account that was removed is nobody's.

        Returns:
            An iterator that takes in a listing slice by slice; everything else is taken in at once.
        """
        slices = self._take_in(answer, now)
        return slices if isinstance(answer.result, Listing) else iter([*slices])

    # Accounts

    def account(self, name: str) -> Account:
        """Return an account by its name.

        Raises:
            InvalidInputError: There is no such account; so do all below that take a name.
        """
        if name not in self.accounts:
            raise InvalidInputError("There is no account with that name.")
        return self.accounts[name]

    def add_account(self, name: str, now: float) -> None:
        """Supervise an account from now on."""
        if name in self.accounts:
            raise InvalidInputError(
                "There is already an account with that name. Choose another name."
            )
        account = Account(name, self._settings, self._rng, state_left(self.alerts, name))
        self.accounts[name] = account
        context = account.context(now)
        for snapshot in self._restored.pop(name, []):
            account.registry.restore(snapshot, context, was_listed=False)
            refused = Subject(AlertKind.DEVICE_REFUSED, name, snapshot.device_id)
            if self.alerts.is_open(refused) and not snapshot.gone:
                account.registry.refused_before(snapshot.device_id, now)
                self._plan(Key(name, snapshot.device_id), now)
        account.schedule.at(self._first_looks.plan(name, now))
        self._note(account, [], now)

    def remove_account(self, name: str, now: float) -> None:
        """Forget an account, its devices and its alerts."""
        account = self.account(name)
        self._note(account, account.registry.release(now), now)
        self.desk.tell(self.alerts.end_all(name, now), now)
        self.desk.remove(name)
        self._drop(name)

    def release_account(self, name: str) -> None:
        """Forget an account: another process takes care of it.

        Nothing of it is over, so nothing is saved or told.
        """
        self.account(name)
        self.alerts.forget(name)
        self.desk.drop(name)
        self._drop(name)

    def _drop(self, name: str) -> None:
        del self.accounts[name]
        self._turns.drop(name)
        self.budget.drop(name)
        self._first_looks.done(name)
        self.due.drop(name)
        self._on_change()

    def replace_token(self, name: str, now: float) -> None:
        """Try an account again with its new token."""
        account = self.account(name)
        self._note(account, account.replace_token(now), now)

    def restore(self, saved: Saved, now: float) -> None:
        """Take in what an earlier process left, also when supervision has begun.

        What was seen meanwhile is newer and counts; what only a person can know, and what was told
        before, is taken over.
        """
        alerts = [
            one.alert
            for one in saved.alerts
            if self.desk.restore_alert(one.alert, told=one.delivered)
        ]
        for snapshot in saved.snapshots:
            account = self.accounts.get(snapshot.account)
            if account is None:
                self._restored.setdefault(snapshot.account, []).append(snapshot)
            else:
                self._note(account, account.restore(snapshot, now), now)
        for alert in alerts:
            self._end_if_over(alert, now)
        self.desk.restore(saved, now)
        self._on_change()

    # What people, buttons and webhooks ask

    def wake(self, name: str, device_id: str | None, now: float) -> None:
        """Look at an account, or at one of its devices, now."""
        account = self.account(name)
        if device_id is None:
            account.wake(now)
            self._note(account, [], now)
        else:
            self._note(account, account.wake_device(device_id, now), now)

    def look(self, name: str, now: float) -> None:
        """List an account now, whenever it was listed last: a person waits for it."""
        account = self.account(name)
        account.schedule.at(now)
        self._note(account, [], now)

    def is_checking(self, name: str, now: float) -> bool:
        """Return whether devices of an account wait for a ``/status`` that may be made now."""
        account = self.accounts.get(name)
        devices = {} if account is None or account.breaker.is_open(now) else account.devices
        return any(device.needs_check for device in devices.values())

    def pause(self, name: str, device_id: str, now: float) -> None:
        """Leave a device alone until `resume`."""
        account = self.account(name)
        self._note(account, account.registry.pause(device_id, account.context(now)), now)

    def resume(self, name: str, device_id: str, now: float) -> None:
        """Take care of a device again, beginning at once."""
        account = self.account(name)
        self._note(account, account.registry.resume(device_id, account.context(now)), now)

    def change_phone(self, name: str, device_id: str, change: PhoneChange, now: float) -> bool:
        """Take in what somebody says of a device's phone; return whether that is news."""
        account = self.account(name)
        changes = account.registry.change_phone(device_id, change, account.context(now))
        self._note(account, changes, now)
        return bool(changes)

    def answered_wrong(self, name: str, device_id: str, now: float) -> None:
        """Note that an answer to a person's call about a device named another one."""
        if name in self.accounts:
            account = self.accounts[name]
            self._note(account, account.troubles.answered_wrong(device_id), now)

    def forget(self, name: str, device_id: str, now: float) -> None:
        """Leave a device that a person deleted alone, and end what was alerted of it."""
        account = self.account(name)
        changes = account.registry.forget(device_id, account.context(now))
        self._note(account, [*changes, *account.troubles.forget(device_id)], now)
        self.desk.tell(self.alerts.end_all(name, now, device_id), now)
        self._plan(Key(name, device_id), now)
        self._on_change()

    # Inside

    def _take_in(self, answer: Answer, now: float) -> Iterator[None]:
        account = self.accounts.get(answer.call.account)
        if account is None:
            return
        try:
            for changes in account.answer(answer, now):
                self._note(account, changes, now)
                yield
            if isinstance(answer.result, Listing):
                self.desk.listed(account.name, now)
        finally:
            self.budget.end(answer.call)
        self._note(account, [], now)

    def _look(self, key: Key, now: float) -> None:
        """Look at a key as it is now, and plan the next look."""
        account = self.accounts.get(key.account)
        device, may_raise = None, True
        if account is not None:
            self._turns.add(key.account)
        if account is not None and key.device_id is not None:
            account.registry.look(key.device_id, now)
            device = account.devices.get(key.device_id)
            may_raise = account.is_offline_for_its_own_reason(key.device_id, now)
        self.desk.look(key, now, device=device, may_raise=may_raise)
        self._plan(key, now)

    def _plan(self, key: Key, now: float) -> None:
        """Queue a key for the moment when time alone can change something."""
        account = self.accounts.get(key.account)
        when, device = NEVER, None
        if account is not None and key.device_id is None:
            when = min(account.next_look(now), self.desk.next_look(key.account))
        elif account is not None and key.device_id is not None:
            when = account.registry.next_look(key.device_id, now)
            device = account.devices.get(key.device_id)
        self.due.put(key, min(when, self.alerts.next_look(key, device)))

    def _note(self, account: Account, changes: Changes, now: float) -> None:
        """Save and send what changed in an account, and plan what follows."""
        if self.accounts.get(account.name) is not account:
            return  # dropped while an answer was taken in, slice by slice
        for change in changes:
            match change:
                case DeviceChange():
                    self._note_device(account.name, change, now)
                case AccountChange():
                    self._note_account(account.name, change, now)
                case AccountTrouble(kind=kind, is_on=is_on):
                    subject = Subject(kind, account.name)
                    toggle = self.alerts.begin if is_on else self.alerts.end
                    self.desk.tell(toggle(subject, now), now)
        self._plan(Key(account.name), now)
        self._turns.add(account.name)
        self._on_change()

    def _note_device(self, name: str, change: DeviceChange, now: float) -> None:
        device = change.device
        if device.state is DeviceState.GONE:
            self._outbox.keep(name, device.id, self._remembered(name, change))
        elif change.before is None or snapshots_differ(change.before, device):
            self._outbox.keep(name, device.id, snapshot_of(name, device))
        event = change.event(name, now)
        if event is not None:
            self._outbox.events.append(event)
            self.desk.changed(event, now)
            alerts = self.alerts.device_changed(name, change, now)
            self.desk.tell(alerts, now, change.reason)
        self.desk.tell(self.alerts.phone_changed(name, change, now), now)
        self._plan(Key(name, device.id), now)

    @staticmethod
    def _remembered(name: str, change: DeviceChange) -> DeviceSnapshot | None:
        """What vanished with most others is looked for again after a restart."""
        if change.kept is None:
            return None
        return snapshot_of(name, change.kept, gone=change.is_alerted)

    def _note_account(self, name: str, change: AccountChange, now: float) -> None:
        self._outbox.events.append(change.event(name, now))
        self.desk.hints.account_changed(name, change.reason)
        self.desk.tell(self.alerts.account_changed(name, change, now), now, change.reason)

    def _replan(self, name: str, now: float) -> None:
        """Queue an account for what is due next about its alerts; what is due already stays so."""
        if self.due[Key(name)] > now:
            self._plan(Key(name), now)
        self._on_change()

    def _end_if_over(self, alert: Alert, now: float) -> None:
        subject, account = subject_of(alert), self.accounts.get(alert.account)
        if account is not None and is_over(alert, account):
            self.desk.tell(self.alerts.end(subject, now), now)
        self._plan(subject.key, now)
