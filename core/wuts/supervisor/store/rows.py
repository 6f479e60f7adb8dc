"""Turns snapshots, alerts and key-value pairs into rows of the SQL store, and back."""

from datetime import UTC, datetime

from sqlalchemy import RowMapping

from ..device.device import DeviceSnapshot
from ..device.phone import PhoneQuestion
from ..events import Alert, AlertKind, AlertStatus, Cause
from .base import SavedAlert
from .schema import ALERTS, DEVICES

_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"


def device_row(snapshot: DeviceSnapshot) -> dict[str, object]:
    """Return a device's row."""
    return {column.name: storable(getattr(snapshot, column.name)) for column in DEVICES.columns}


def alert_row(alert: Alert) -> dict[str, object]:
    """Return an alert's row; which status was delivered is left as it is."""
    names = (column.name for column in ALERTS.columns if column.name != "delivered_status")
    return {name: storable(getattr(alert, name)) for name in names}


def user_row(account: str, user_id: str) -> dict[str, object]:
    """Return the row that says whose an account is; who its owner is is left as it is."""
    return {"name": storable(account), "user_id": storable(user_id)}


def entry_row(account: str, topic: str, key: str, value: str) -> dict[str, object]:
    """Return the row of a key and its value; the table calls them a note's name and text."""
    return {"account": account, "topic": topic, "name": key, "text": storable(value)}


def snapshot_from(row: RowMapping) -> DeviceSnapshot:
    """Return the snapshot in a row.

    Raises:
        TypeError, ValueError: It was not written by us.
    """
    question = row["phone_question"]
    return DeviceSnapshot(
        account=text(row["account"]),
        device_id=text(row["device_id"]),
        name=text(row["name"]),
        was_paired=bool(row["was_paired"]),
        paused=bool(row["paused"]),
        needs_pairing=bool(row["needs_pairing"]),
        stale_link=bool(row["stale_link"]),
        expected_number=_optional_text(row["expected_number"]),
        linked_number=_optional_text(row["linked_number"]),
        phone_question=None if question is None else PhoneQuestion(question),
        question_id=text(row["question_id"]),
        gone=bool(row["gone"]),
    )


def saved_alert_from(row: RowMapping) -> SavedAlert:
    """Return the alert in a row.

    Raises:
        TypeError, ValueError: It was not written by us.
    """
    alert = Alert(
        id=text(row["id"]),
        kind=AlertKind(row["kind"]),
        status=AlertStatus(row["status"]),
        account=text(row["account"]),
        device_id=_optional_text(row["device_id"]),
        device_name=_optional_text(row["device_name"]),
        since=as_utc(row["since"]),
        at=as_utc(row["at"]),
        cause=None if row["cause"] is None else Cause(row["cause"]),
        cause_until=optional_utc(row["cause_until"]),
        acknowledged_by=_optional_text(row["acknowledged_by"]),
        acknowledged_at=optional_utc(row["acknowledged_at"]),
        note=text(row["note"]),
    )
    return SavedAlert(alert, row["delivered_status"] == alert.status)


def storable(value: object) -> object:
    """Replace what a database refuses: one odd name must not keep the rest from being saved."""
    if not isinstance(value, str):
        return value
    return value.encode(errors="replace").decode().replace("\0", _REPLACEMENT)


def text(value: object) -> str:
    """Return a text.

    Raises:
        TypeError: It is none, so it was not written by us.
    """
    if not isinstance(value, str):
        raise TypeError
    return value


def _optional_text(value: object) -> str | None:
    return None if value is None else text(value)


def as_utc(moment: datetime) -> datetime:
    """SQLite keeps no zone; what was written is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def optional_utc(moment: datetime | None) -> datetime | None:
    """Return a moment that was written, or None if none was."""
    return None if moment is None else as_utc(moment)
