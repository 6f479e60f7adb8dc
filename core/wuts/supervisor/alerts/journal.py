"""Writes the history down: what happened to devices and alerts, who acted, what was watched."""

from datetime import datetime, timedelta

from ..events import Alert, AlertStatus, StateChanged, utc
from .history import HistoryKind, HistoryLine
from .mutes import Mute
from .records import RecordBox

WATCHED_EVERY = 300.0
"""Seconds after which it is written down that an account is watched still."""

UNWATCHED_AFTER = 3 * WATCHED_EVERY
"""Seconds without a listing after which an account counts as not watched meanwhile."""

PRUNED_EVERY = 24 * 3600.0
"""Seconds after which what is too old is deleted again."""


class Journal:
    """The lines of the history that are to be saved. Times are the wall clock's.

    Args:
        records: Takes the lines.
        history_for: Seconds for which they are kept; with 0 nothing is written.
    """

    def __init__(self, records: RecordBox, history_for: float) -> None:
        self._records = records
        self._history_for = history_for
        self._watched: dict[str, tuple[datetime, float]] = {}
        self._pruned: dict[str, float] = {}

    def note_state(self, event: StateChanged, now: float) -> None:
        """Record a device's new state."""
        if event.new is not event.old:
            self._add(
                HistoryLine(
                    account=event.account,
                    device_id=event.device_id,
                    kind=HistoryKind.STATE,
                    detail=event.new,
                    at=utc(now),
                )
            )

    def note_alert(self, alert: Alert, now: float, kind: HistoryKind | None = None) -> None:
        """Record that an alert was raised or resolved, or what else was made of it."""
        is_over = alert.status is AlertStatus.RESOLVED
        self._add(
            HistoryLine(
                account=alert.account,
                device_id=alert.device_id,
                kind=kind or (HistoryKind.RESOLVED if is_over else HistoryKind.RAISED),
                detail=alert.kind,
                at=utc(now),
                by=(alert.acknowledged_by or "") if kind else "",
                text=alert.note if kind else "",
            )
        )

    def note_mute(self, mute: Mute, at: datetime, kind: HistoryKind, by: str) -> None:
        """Record that a mute began or ended."""
        self._add(
            HistoryLine(
                account=mute.scope.account,
                device_id=mute.scope.device_id,
                kind=kind,
                detail=mute.scope.kind or "",
                at=at,
                until=mute.until,
                by=by,
                text=mute.reason,
            )
        )

    def note_watched(self, account: str, now: float) -> None:
        """Record that an account was looked at, now and then."""
        if not self._history_for:
            return
        since, last = self._watched.get(account, (utc(now), float("-inf")))
        if abs(now - last) < WATCHED_EVERY:
            return
        if abs(now - last) > UNWATCHED_AFTER:
            # Nobody watched meanwhile, or the clock was set.
            since = utc(now)
        self._extend(account, since, now)
        if now - self._pruned.get(account, float("-inf")) >= PRUNED_EVERY:
            self._pruned[account] = now
            self._records.prune[account] = utc(now) - timedelta(seconds=self._history_for)

    def forget(self, account: str) -> None:
        """Forget an account."""
        self._watched.pop(account, None)
        self._pruned.pop(account, None)

    def _add(self, line: HistoryLine) -> None:
        if not self._history_for:
            return
        self._records.history.append(line)
        if line.account in self._watched:
            since, last = self._watched[line.account]
            now = line.at.timestamp()
            if last < now <= last + UNWATCHED_AFTER:
                self._extend(line.account, since, now)

    def _extend(self, account: str, since: datetime, now: float) -> None:
        """The row is written anyway: that costs less than a row of its own."""
        self._watched[account] = since, now
        self._records.watched[account, since] = utc(now)
