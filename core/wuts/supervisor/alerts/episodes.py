"""Alerts: which are open, which wait to be raised, which are due for a reminder.

An alert is one episode: it is raised once, reminded of at intervals, and resolved once. A debounced
one that ends before it was raised was never there. Pure: time is passed in.
"""

import heapq
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from random import Random

from ..events import Alert, AlertKind, AlertStatus
from ..settings import SupervisorSettings

DEBOUNCED = frozenset({AlertKind.OFFLINE, AlertKind.GATEWAY_DOWN})
"""Kinds that may heal by themselves, and so wait before they disturb anybody."""

REMINDED = frozenset(AlertKind) - {AlertKind.DEVICE_GONE}
"""Kinds that somebody must act on, and so is reminded of."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What an alert is about: at most one of a kind is open for each."""

    kind: AlertKind
    account: str
    device_id: str | None = None


def utc(seconds: float) -> datetime:
    """Return a moment given in seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


class AlertBook:
    """All alerts of a supervisor.

    Args:
        settings: Debounce and reminder times.
        rng: Makes the episodes' ids.
        may_raise: Asked, with the time, before a debounced alert is raised; if it says no the
            alert waits on.
    """

    def __init__(
        self,
        settings: SupervisorSettings,
        rng: Random,
        may_raise: Callable[[Subject, float], bool] = lambda _subject, _now: True,
    ) -> None:
        self._settings = settings
        self._rng = rng
        self._may_raise = may_raise
        self._waiting: dict[Subject, tuple[float, str | None]] = {}
        self._open: dict[Subject, Alert] = {}
        self._timers: list[tuple[float, int, Subject]] = []
        self._count = 0

    def restore(self, alerts: Iterable[Alert]) -> None:
        """Take in the alerts that were open when the process ended."""
        for alert in alerts:
            if alert.status is not AlertStatus.RESOLVED:
                subject = Subject(alert.kind, alert.account, alert.device_id)
                self._waiting.pop(subject, None)
                self._keep_open(subject, alert)

    def open_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that were raised and not resolved."""
        return tuple(self._open.values())

    def is_open(self, subject: Subject) -> bool:
        """Tell whether an alert was raised and not resolved."""
        return subject in self._open

    def begin(self, subject: Subject, now: float, device_name: str | None = None) -> list[Alert]:
        """Note that something is wrong; return the alert if it is raised at once."""
        if subject in self._open or subject in self._waiting:
            return []
        if subject.kind not in DEBOUNCED:
            return [self._raise(subject, now, now, device_name)]
        if self._settings.debounce == 0 and self._may_raise(subject, now):
            return [self._raise(subject, now, now, device_name)]
        self._waiting[subject] = (now, device_name)
        self._look_later(subject, now)
        return []

    def end(self, subject: Subject, now: float) -> list[Alert]:
        """Note that it is over; return the recovery notice if it had been raised."""
        self._waiting.pop(subject, None)
        alert = self._open.pop(subject, None)
        if alert is None:
            return []
        return [replace(alert, status=AlertStatus.RESOLVED, at=utc(now))]

    def end_all(self, account: str, now: float, device_id: str | None = None) -> list[Alert]:
        """Note that all is over that is about an account, or about one of its devices."""
        subjects = [
            subject
            for subject in (*self._waiting, *self._open)
            if subject.account == account and device_id in (None, subject.device_id)
        ]
        return [alert for subject in subjects for alert in self.end(subject, now)]

    def due(self, now: float) -> Iterator[Alert]:
        """Yield what the passing of time raises and reminds of."""
        while self._timers and self._timers[0][0] <= now:
            when, _, subject = heapq.heappop(self._timers)
            if subject in self._waiting:
                yield from self._on_debounced(subject, now)
            elif subject in self._open:
                yield from self._on_reminder(subject, when, now)

    def _on_debounced(self, subject: Subject, now: float) -> Iterator[Alert]:
        since, device_name = self._waiting[subject]
        if now < since + self._settings.debounce:
            return
        if not self._may_raise(subject, now):
            self._look_later(subject, now)
            return
        del self._waiting[subject]
        yield self._raise(subject, since, now, device_name)

    def _on_reminder(self, subject: Subject, when: float, now: float) -> Iterator[Alert]:
        alert = self._open[subject]
        if when < self._reminder_of(alert):
            return
        alert = replace(alert, status=AlertStatus.REMINDED, at=utc(now))
        self._keep_open(subject, alert)
        yield alert

    def _raise(self, subject: Subject, since: float, now: float, device_name: str | None) -> Alert:
        alert = Alert(
            id=f"{self._rng.getrandbits(128):032x}",
            kind=subject.kind,
            status=AlertStatus.RAISED,
            account=subject.account,
            device_id=subject.device_id,
            device_name=device_name,
            since=utc(since),
            at=utc(now),
        )
        self._keep_open(subject, alert)
        return alert

    def _keep_open(self, subject: Subject, alert: Alert) -> None:
        self._open[subject] = alert
        if subject.kind in REMINDED:
            self._set_timer(self._reminder_of(alert), subject)

    def _reminder_of(self, alert: Alert) -> float:
        """Always from the alert's own time, which is rounded: two ways to count would disagree."""
        return alert.at.timestamp() + self._settings.remind_after

    def _look_later(self, subject: Subject, now: float) -> None:
        self._set_timer(now + (self._settings.debounce or self._settings.base), subject)

    def _set_timer(self, when: float, subject: Subject) -> None:
        self._count += 1
        heapq.heappush(self._timers, (when, self._count, subject))
