"""What the store knows about an alert's message, so that a restart updates the same message."""

from datetime import datetime

from wuts.supervisor import Alert, AlertKind, AlertStatus

from ..operations.records import Record


def to_record(alert: Alert, channel: str, ts: str) -> Record:
    """Return an alert as it was last shown, and where: the channel, and Slack's name of it."""
    return {
        "channel": channel,
        "ts": ts,
        "kind": alert.kind,
        "status": alert.status,
        "account": alert.account,
        "device_id": alert.device_id or "",
        "device_name": alert.device_name or "",
        "since": alert.since.isoformat(),
        "at": alert.at.isoformat(),
    }


def from_record(alert_id: str, record: Record) -> tuple[Alert, str, str]:
    """Return what `to_record` was given.

    Raises:
        KeyError, ValueError: The record is not ours.
    """
    alert = Alert(
        id=alert_id,
        kind=AlertKind(record["kind"]),
        status=AlertStatus(record["status"]),
        # Version 0.1.0 called an account a tenant.
        account=record["account"] if "account" in record else record["tenant"],
        device_id=record["device_id"] or None,
        device_name=record["device_name"] or None,
        since=datetime.fromisoformat(record["since"]),
        at=datetime.fromisoformat(record["at"]),
    )
    return alert, record["channel"], record["ts"]
