"""Facts and alerts to save."""

from datetime import UTC, datetime

from wuts.supervisor import Alert, AlertKind, AlertStatus
from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import Changes

MOMENT = datetime(2026, 11, 1, 12, 30, 15, 123456, tzinfo=UTC)

URL = "https://api.wuts.com.br"


def snapshot(
    device_id: str = "device-1",
    *,
    account: str = "home",
    name: str = "Reception",
    paused: bool = False,
    needs_pairing: bool = False,
) -> DeviceSnapshot:
    return DeviceSnapshot(
        account=account,
        device_id=device_id,
        name=name,
        was_paired=True,
        paused=paused,
        needs_pairing=needs_pairing,
        stale_link=needs_pairing,
    )


def alert(
    status: AlertStatus = AlertStatus.RAISED,
    *,
    alert_id: str = "0" * 32,
    account: str = "home",
    device_id: str | None = "device-1",
) -> Alert:
    return Alert(
        id=alert_id,
        kind=AlertKind.TOKEN_REFUSED if device_id is None else AlertKind.NEEDS_PAIRING,
        status=status,
        account=account,
        device_id=device_id,
        device_name=None if device_id is None else "Reception",
        since=MOMENT,
        at=MOMENT,
    )


def about(*devices: DeviceSnapshot) -> Changes:
    return Changes({(one.account, one.device_id): one for one in devices})


def without(*devices: DeviceSnapshot) -> Changes:
    return Changes(dict.fromkeys(((one.account, one.device_id) for one in devices), None))


def alerting(*alerts: Alert) -> Changes:
    return Changes(alerts={one.id: one for one in alerts})


def delivered(*alerts: Alert) -> Changes:
    return Changes(delivered={one.id: one.status for one in alerts})
