"""What happens to alerts once they are raised: sent, acknowledged, muted, routed, recorded.

No I/O: what is to be saved and sent goes into the outbox. Times are passed in, in seconds since
1970.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from random import Random

from ...clock import Clock
from ...errors import InvalidInputError
from ..account.work_queue import Key
from ..delivery.outbox import Outbox
from ..device.device import Device
from ..events import Alert, AlertStatus, AlertUpdate, AlertUpdated, Reason, StateChanged, utc
from ..settings import SupervisorSettings
from ..store import Saved
from .causes import HintBook, proven_cause
from .episodes import REMINDED, AlertBook, subject_of
from .history import HistoryKind
from .journal import Journal
from .mutes import Mute, MuteBook, MuteScope
from .notifications import Notification
from .notifier import Notifier
from .routes import Route

LONGEST_TEXT = 500
"""Characters of a name, a note or a reason that are kept."""


class AlertDesk:
    """The open alerts of all accounts, and what people made of them.

    Args:
        book: The episodes.
        outbox: Takes what is to be saved and sent.
        rng: Makes the notifications' ids.
        replan: Called with an account and the time whenever `next_look` may have changed.
        settings: Says how long the history is kept.
        routes: Which alerts each receiver gets.
        offset: Returns the seconds from the clock to the wall's.
    """

    def __init__(  # noqa: PLR0913 - it stands between so many
        self,
        book: AlertBook,
        outbox: Outbox,
        rng: Random,
        replan: Callable[[str, float], None],
        settings: SupervisorSettings,
        *,
        routes: Sequence[Route] = (),
        offset: Clock = float,
    ) -> None:
        self.mutes = MuteBook()
        self.notifier = Notifier(routes, rng)
        self.journal = Journal(outbox.records, settings.history_for)
        self.hints = HintBook()
        self._book = book
        self._outbox = outbox
        self._replan = replan
        self._offset = offset
        self._open: dict[str, dict[str, Alert]] = {}

    # What the controller asks

    def tell(self, alerts: Iterable[Alert], now: float, reason: Reason | None = None) -> None:
        """Save and send alerts as they are now.

        Args:
            alerts: Which.
            now: The time.
            reason: Why what they are about changed, if that is why they are sent.
        """
        for told in alerts:
            alert = told
            if alert.status is AlertStatus.RAISED:
                alert = self._explained(alert, reason, now)
                self.journal.note_alert(alert, self._wall(now))
            if alert.status is AlertStatus.RESOLVED:
                self._open.get(alert.account, {}).pop(alert.id, None)
                self._resolved(alert, now)
            else:
                self._open.setdefault(alert.account, {})[alert.id] = alert
            self._outbox.tell(alert)
            self.notifier.note(alert, now)
            self._replan(alert.account, now)

    def restore_alert(self, alert: Alert, *, told: bool) -> bool:
        """Take in an alert that an earlier process left; return whether it is open."""
        is_open = alert.status is not AlertStatus.RESOLVED
        if is_open and self._book.is_open(subject_of(alert)):
            # Its episode was sent under another id meanwhile.
            self._outbox.drop(alert)
            return False
        if not told:
            self._outbox.events.append(alert)
        if is_open:
            self._book.restore(alert)
            self._open.setdefault(alert.account, {})[alert.id] = alert
        return is_open

    def restore(self, saved: Saved, now: float) -> None:
        """Take in what an earlier process left, besides alerts."""
        for mute in saved.mutes:
            self.mutes.put(mute)
            self._replan(mute.scope.account, now)
        for one in saved.notifications:
            sent = one.notification
            if not self.notifier.is_used:
                self._outbox.records.notifications[sent.account, sent.id] = None
                continue
            self.notifier.restore(sent, is_delivered=one.delivered, now=now)
            if not one.delivered:
                self._outbox.events.append(sent)
            self._replan(sent.account, now)
        for left in saved.alerts:
            # A receiver may be new, and know nothing of what is open.
            alert = self._open.get(left.alert.account, {}).get(left.alert.id)
            if alert is not None:
                self.notifier.note(alert, now)
                self._replan(alert.account, now)

    def is_quiet(self, alert: Alert) -> bool:
        """Return whether nobody wants to be reminded of an alert."""
        return alert.acknowledged_by is not None or self.mutes.of(alert) is not None

    def look(
        self, key: Key, now: float, *, device: Device | None = None, may_raise: bool = True
    ) -> None:
        """Do what is due by now about a device's or an account's alerts; see `AlertBook.look`."""
        is_gone = key.device_id is not None and device is None
        alerts = self._book.look(
            key,
            now,
            device=device,
            may_raise=may_raise,
            is_gone=is_gone,
            is_quiet=self.is_quiet,
        )
        self.tell(alerts, now)
        if key.device_id is None:
            self._look_at_all(key.account, now)

    def next_look(self, account: str) -> float:
        """Return when `look` has something to do."""
        return min(self.notifier.next_look(account), self.mutes.next_look(account) - self._offset())

    def delivered(self, notification: Notification, now: float) -> None:
        """Note that a receiver got it; for a released account it says nothing."""
        if self.notifier.delivered(notification, now):
            key = notification.account, notification.id
            self._outbox.records.told[key] = notification.sequence
            self._replan(notification.account, now)

    def failing(self, receiver: str, now: float, *, is_failing: bool) -> None:
        """Note that a receiver can't be reached, or can be again."""
        for account in self.notifier.failing(receiver, now, is_failing=is_failing):
            self._replan(account, now)

    def reroute(self, routes: Sequence[Route], receivers: Collection[str], now: float) -> None:
        """Use other routes from now on; see `Notifier.reroute`."""
        self.notifier.reroute(routes, receivers, self._open, now)
        for account in self._open:
            self._replan(account, now)

    def changed(self, event: StateChanged, now: float) -> None:
        """Record a device's new state."""
        self.journal.note_state(event, self._wall(now))

    def listed(self, account: str, now: float) -> None:
        """Record that an account was looked at."""
        self.journal.note_watched(account, self._wall(now))

    def drop(self, account: str) -> None:
        """Forget an account: another process takes care of it."""
        self._open.pop(account, None)
        self.hints.forget(account)
        self.mutes.forget(account)
        self.notifier.forget(account)
        self.journal.forget(account)

    def remove(self, account: str) -> None:
        """Forget an account, whose alerts were told to be over, for good."""
        records = self._outbox.records
        records.mutes |= dict.fromkeys(self.mutes.forget(account))
        sent = dict.fromkeys((account, id_) for id_ in self.notifier.forget(account))
        records.notifications |= sent
        self.drop(account)

    # What people ask, and webhooks say

    def alert(self, account: str, alert_id: str) -> Alert:
        """Return an open alert.

        Raises:
            InvalidInputError: There is none of that id.
        """
        alert = self._open.get(account, {}).get(alert_id)
        if alert is None:
            raise InvalidInputError("No open alert has that id. It may have been resolved.")
        return alert

    def acknowledge(self, account: str, alert_id: str, by: str, note: str, now: float) -> None:
        """Note that somebody takes care of an alert until it is resolved.

        Raises:
            InvalidInputError: There is no such alert.
        """
        alert = replace(
            self.alert(account, alert_id),
            acknowledged_by=_bounded(by),
            acknowledged_at=utc(now),
            note=_bounded(note),
        )
        self._amend(alert, AlertUpdate.ACKNOWLEDGED, alert.acknowledged_by, now)
        self.journal.note_alert(alert, self._wall(now), HistoryKind.ACKNOWLEDGED)

    def mute(
        self, scope: MuteScope, until: datetime | None, by: str, reason: str, now: float
    ) -> None:
        """Mute what somebody does not want to hear of, in place of an earlier mute of it.

        Args:
            scope: What.
            until: By the wall clock; None until what is open of it, or comes next, is resolved.
            by: Who.
            reason: Why.
            now: The time.

        Raises:
            InvalidInputError: The end is past.
        """
        at = utc(self._wall(now))
        if until is not None and until <= at:
            raise InvalidInputError("A mute must end in the future.")
        mute = Mute(scope=scope, until=until, by=_bounded(by), reason=_bounded(reason), at=at)
        self.mutes.put(mute)
        self._outbox.records.mutes[scope] = mute
        self.journal.note_mute(mute, at, HistoryKind.MUTED, mute.by)
        for alert in self._covered(scope):
            self._update(alert, AlertUpdate.MUTED, mute.by, now)
        self._replan(scope.account, now)

    def unmute(self, scope: MuteScope, by: str, now: float) -> bool:
        """End a mute; return whether there was one."""
        mute = self.mutes.end(scope, self._wall(now))
        if mute is None:
            return False
        self._mute_ended(mute, _bounded(by), now)
        self._replan(scope.account, now)
        return True

    def hint(self, key: Key, event: str, data: Mapping[str, object], now: float) -> None:
        """Take in what a webhook says of a device, which may explain its alerts."""
        if not self.hints.note(key, event, data, self._wall(now)):
            return
        for alert in list(self._open.get(key.account, {}).values()):
            if alert.device_id == key.device_id:
                explained = self._explained(alert, None, now)
                if explained != alert:
                    self._amend(explained, AlertUpdate.CAUSE, None, now)

    # Inside

    def _look_at_all(self, account: str, now: float) -> None:
        """Do what is due by now about all alerts of an account together."""
        for mute in self.mutes.look(account, self._wall(now)):
            self._mute_ended(mute, "", now)
        alerts = self._open.get(account, {}).values()
        told, over = self.notifier.look(account, alerts, self.mutes, now)
        records = self._outbox.records
        for id_ in over:
            records.notifications[account, id_] = None
        for one in told:
            records.notifications[account, one.id] = one
            self._outbox.events.append(one)
        for one in told:
            if one.mute is not None:
                self.mutes.drop(one.mute)
                records.mutes[one.mute.scope] = None

    def _wall(self, now: float) -> float:
        return now + self._offset()

    def _covered(self, scope: MuteScope) -> list[Alert]:
        return [one for one in self._open.get(scope.account, {}).values() if scope.covers(one)]

    def _explained(self, alert: Alert, reason: Reason | None, now: float) -> Alert:
        key = Key(alert.account, alert.device_id)
        found = self.hints.explain(alert.kind, key, self._wall(now))
        cause, until = found or (proven_cause(alert.kind, reason) or alert.cause, None)
        if (cause, until) == (alert.cause, alert.cause_until) or cause is None:
            return alert
        explained = replace(alert, cause=cause, cause_until=until)
        self._book.amend(explained)
        return explained

    def _amend(self, alert: Alert, update: AlertUpdate, by: str | None, now: float) -> None:
        """Save and send what is new about an alert that stays open."""
        self._book.amend(alert)
        self._open[alert.account][alert.id] = alert
        self._outbox.alerts[alert.id] = alert
        self._update(alert, update, by, now)
        self.notifier.note(alert, now)
        self._replan(alert.account, now)

    def _update(self, alert: Alert, update: AlertUpdate, by: str | None, now: float) -> None:
        self._outbox.events.append(AlertUpdated(alert=alert, update=update, by=by, at=utc(now)))

    def _resolved(self, alert: Alert, now: float) -> None:
        self.journal.note_alert(alert, self._wall(now))
        if not self.mutes.is_awaited(alert):
            return
        others = self._open.get(alert.account, {}).values()
        for mute in self.mutes.recovered(alert, list(others), self._wall(now)):
            self._mute_ended(mute, "", now)

    def _mute_ended(self, mute: Mute, by: str, now: float) -> None:
        """Note that a mute ended; the next alert says so."""
        self.journal.note_mute(mute, utc(self._wall(now)), HistoryKind.UNMUTED, by)
        if not self.notifier.is_used:
            self.mutes.drop(mute)
        self._outbox.records.mutes[mute.scope] = mute if self.notifier.is_used else None
        for alert in self._covered(mute.scope):
            if self.mutes.of(alert) is not None:
                continue
            self._update(alert, AlertUpdate.MUTE_ENDED, by or None, now)
            if self.is_quiet(alert):
                continue  # somebody has it
            if alert.kind in REMINDED:
                self.tell([self._book.remind(alert, now)], now)
            else:
                self.notifier.note(alert, now)


def _bounded(text: str) -> str:
    return text[:LONGEST_TEXT]
