"""What is new about what a receiver was sent, and when it is to hear of that. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, Self

from ..account.work_queue import NEVER
from ..events import Alert, AlertKind, AlertStatus, utc
from .episodes import REMINDED
from .mutes import Mute, MuteBook
from .notifications import News, Notification
from .routes import Route

_HIDERS = frozenset({AlertKind.GATEWAY_DOWN, AlertKind.TOKEN_REFUSED})
_HIDDEN = frozenset({AlertKind.OFFLINE, AlertKind.FLAPPING})
"""Kinds that nobody hears of while one of `_HIDERS` is open: they follow from it."""


class Wanted(NamedTuple):
    """An alert that a receiver has not been told of."""

    alert: Alert
    receiver: str
    since: float
    route: Route
    is_escalated: bool


@dataclass(frozen=True, slots=True)
class Present:
    """What there is of an account at a look.

    Attributes:
        alerts: Its open alerts, by id.
        mutes: Says which of them nobody wants to hear of.
        now: The time.
        hides: Whether alerts are open that others follow from.
    """

    alerts: Mapping[str, Alert]
    mutes: MuteBook
    now: float
    hides: bool

    @classmethod
    def of(cls, alerts: Iterable[Alert], mutes: MuteBook, now: float) -> Self:
        """Return what there is of these open alerts."""
        by_id = {one.id: one for one in alerts}
        return cls(by_id, mutes, now, any(one.kind in _HIDERS for one in by_id.values()))

    def is_quiet(self, alert: Alert) -> bool:
        """Return whether nobody is to hear that an alert is still open."""
        if alert.acknowledged_by is not None or self.mutes.of(alert) is not None:
            return True
        return self.hides and alert.kind in _HIDDEN

    def newest(self, alert: Alert) -> Alert:
        """Return an alert as it is now."""
        if alert.id in self.alerts:
            return self.alerts[alert.id]
        if alert.status is AlertStatus.RESOLVED:
            return alert
        return replace(alert, status=AlertStatus.RESOLVED, at=utc(self.now))


def joins(wanted: Wanted, latest: Notification, present: Present) -> bool:
    """Return whether an alert belongs to a notification: of old, or as one more of many."""
    if wanted.receiver != latest.receiver or wanted.alert.kind is not latest.kind:
        return False
    if wanted.alert.id in latest.first_told:
        return True
    is_alive = any(one.id in present.alerts for one in latest.open_alerts)
    return latest.is_group and is_alive


def news_of(latest: Notification, present: Present) -> tuple[News | None, Mute | None]:
    """Return what is new about the alerts that a receiver was told of."""
    now = [(one, present.alerts.get(one.id)) for one in latest.open_alerts]
    still = [(old, new) for old, new in now if new is not None]
    if now and not still:
        return News.RESOLVED, None
    ended = (present.mutes.ended_of(new) for _, new in still if not present.is_quiet(new))
    mute = next((one for one in ended if one is not None), None)
    if mute is not None:
        return News.MUTE_ENDED, mute
    if any(new.acknowledged_at not in (None, old.acknowledged_at) for old, new in still):
        return News.ACKNOWLEDGED, None
    return (News.UPDATED if len(still) < len(now) else None), None


def due_of(
    latest: Notification,
    route: Route,
    joining: Sequence[Wanted],
    present: Present,
    *,
    has_news: bool,
) -> float:
    """Return when a receiver is to get more about what it has got."""
    at, due = latest.at.timestamp(), NEVER
    if has_news:
        # Of many, ends come one after the other for a while.
        due = at + route.group_wait if latest.is_group else present.now
    if joining:
        first = min(one.since for one in joining) + route.group_wait
        due = min(due, max(first, at + route.group_interval))
    still = (present.alerts.get(one.id) for one in latest.open_alerts)
    if latest.kind in REMINDED and any(one and not present.is_quiet(one) for one in still):
        due = min(due, at + route.repeat_interval)
    return due


def next_of(
    latest: Notification, news: News, alerts: Sequence[Alert], mute: Mute | None, now: float
) -> Notification:
    """Return what a receiver gets next, about these alerts."""
    at = utc(now)
    told = {one.id: latest.first_told[one.id] for one in latest.open_alerts}
    return replace(
        latest,
        sequence=latest.sequence + 1,
        news=news,
        alerts=tuple(alerts),
        first_told={one.id: told.get(one.id, at) for one in alerts},
        mute=mute,
        at=at,
    )
