"""Notifications to tell."""

from dataclasses import replace
from datetime import timedelta

from tests.core.wuts.supervisor.store.values import MOMENT, alert
from wuts.supervisor import Alert, AlertKind, AlertStatus, Cause, News, Notification

LATER = MOMENT + timedelta(hours=1)


def device_alert(
    number: int = 1,
    kind: AlertKind = AlertKind.NEEDS_PAIRING,
    name: str | None = None,
    cause: Cause | None = Cause.UNLINKED,
) -> Alert:
    raised = alert(alert_id=f"{number:032x}", device_id=f"device-{number}")
    return replace(raised, kind=kind, device_name=name or f"Desk {number}", cause=cause)


def over(one: Alert) -> Alert:
    return replace(one, status=AlertStatus.RESOLVED, at=LATER)


def taken(one: Alert, by: str = "Ana", note: str = "on my way") -> Alert:
    return replace(one, acknowledged_by=by, acknowledged_at=LATER, note=note)


def notification(
    *alerts: Alert, news: News = News.RAISED, sequence: int = 1, id_: str = "a" * 32
) -> Notification:
    alerts = alerts or (device_alert(),)
    return Notification(
        id=id_,
        sequence=sequence,
        news=news,
        receiver="ana",
        account="home",
        kind=alerts[0].kind,
        alerts=alerts,
        is_group=len(alerts) > 1,
        at=MOMENT,
    )
