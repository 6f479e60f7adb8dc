"""A notification: what a receiver gets about one alert, or about many of a kind at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum

from ..events import Alert, AlertKind, AlertStatus, shifted
from .mutes import Mute


class News(StrEnum):
    """Why a notification is sent; the first that fits."""

    RESOLVED = "resolved"
    """All its alerts are over."""
    RAISED = "raised"
    """There are new alerts in it."""
    ESCALATED = "escalated"
    """Nobody took care of them, and this receiver is next."""
    MUTE_ENDED = "mute_ended"
    """Alerts in it are open, and their mute has ended."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody takes care of alerts in it."""
    UPDATED = "updated"
    """Some of its alerts are over."""
    REMINDED = "reminded"
    """Nothing is new, and it still holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """What one receiver gets about one alert, or about many of one kind and account.

    Its ``id`` stays the same for as long as any of its alerts is open, so that a message can be
    changed in place; together with ``sequence`` it identifies what was sent, and is not reused.

    Attributes:
        id: Of the notification and all its updates.
        sequence: Counts its updates, from 1.
        news: Why it is sent.
        receiver: Whom it is for.
        account: The account's name.
        kind: The kind of all its alerts.
        alerts: Its alerts as they are now. One that is resolved is in it once.
        first_told: When this receiver first got each alert, by its id, in UTC.
        mute: The mute that has ended, or None.
        is_group: Whether more alerts of the kind join it.
        at: When it was decided, in UTC.
    """

    id: str
    sequence: int
    news: News
    receiver: str
    account: str
    kind: AlertKind
    alerts: tuple[Alert, ...]
    first_told: Mapping[str, datetime] = field(default_factory=dict)
    mute: Mute | None = None
    is_group: bool = False
    at: datetime

    @property
    def open_alerts(self) -> tuple[Alert, ...]:
        """Those of its alerts that are not resolved."""
        return tuple(one for one in self.alerts if one.status is not AlertStatus.RESOLVED)

    @property
    def is_over(self) -> bool:
        """Whether all its alerts are resolved."""
        return not self.open_alerts


def moved(notification: Notification, seconds: float) -> Notification:
    """Return a notification with its times moved by ``seconds``; a mute's are the wall clock's."""
    if not seconds:
        return notification
    by = timedelta(seconds=seconds)
    return replace(
        notification,
        alerts=tuple(shifted(one, seconds) for one in notification.alerts),
        first_told={id_: at + by for id_, at in notification.first_told.items()},
        at=notification.at + by,
    )
