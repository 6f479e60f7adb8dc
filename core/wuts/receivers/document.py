"""A notification as a JSON object, for programs; docs/alerts.md describes it."""

from datetime import UTC, datetime

from ..supervisor.alerts.causes import next_step
from ..supervisor.alerts.mutes import Mute
from ..supervisor.alerts.notifications import Notification
from ..supervisor.events import Alert, AlertStatus
from .names import bounded
from .severity import severity_of
from .text import text_of
from .words import Words

VERSION = 1
"""Of the document; raised when a field changes its meaning or goes. New fields do not raise it."""


def document_of(
    notification: Notification, words: Words, *, dashboard_url: str | None = None
) -> dict[str, object]:
    """Return what a webhook is sent. Times are RFC 3339 in UTC; what is not known is None."""
    text = text_of(notification, words, url=dashboard_url)
    return {
        "version": VERSION,
        "id": notification.id,
        "sequence": notification.sequence,
        "news": notification.news,
        "receiver": notification.receiver,
        "account": notification.account,
        "kind": notification.kind,
        "severity": severity_of(notification.kind),
        "at": _rfc3339(notification.at),
        "is_over": notification.is_over,
        "is_group": notification.is_group,
        "title": text.title,
        "text": text.body,
        "dashboard_url": dashboard_url,
        "mute": None if notification.mute is None else _mute(notification.mute),
        "alerts": [_alert(one) for one in notification.alerts],
    }


def _alert(alert: Alert) -> dict[str, object]:
    is_over = alert.status is AlertStatus.RESOLVED
    return {
        "id": alert.id,
        "status": alert.status,
        "device_id": alert.device_id,
        "device_name": None if alert.device_name is None else bounded(alert.device_name),
        "since": _rfc3339(alert.since),
        "ended": _rfc3339(alert.at) if is_over else None,
        "cause": alert.cause,
        "cause_until": _rfc3339(alert.cause_until),
        "next_step": None if is_over else next_step(alert),
        "acknowledged_by": _text(alert.acknowledged_by),
        "acknowledged_at": _rfc3339(alert.acknowledged_at),
        "note": _text(alert.note),
    }


def _mute(mute: Mute) -> dict[str, object]:
    return {
        "device_id": mute.scope.device_id,
        "kind": mute.scope.kind,
        "by": _text(mute.by),
        "reason": _text(mute.reason),
        "ended": _rfc3339(mute.ended),
    }


def _text(text: str | None) -> str | None:
    return bounded(text) or None if text else None


def _rfc3339(moment: datetime | None) -> str | None:
    if moment is None:
        return None
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
