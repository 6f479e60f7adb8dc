"""What the store knows about an alert in the channel, so a restart updates the same message."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from wuts.supervisor import Alert, AlertKind, AlertStatus

from ..slack.records import Record


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertMessage:
    """An alert as it was last shown, and its message.

    Attributes:
        alert: The alert.
        channel: Where its message is.
        ts: Slack's name of the message.
    """

    alert: Alert
    channel: str
    ts: str

    @property
    def is_resolved(self) -> bool:
        """Whether the message says that it is resolved."""
        return self.alert.status is AlertStatus.RESOLVED

    def resolved(self, at: datetime) -> Alert:
        """Return the alert as one that is resolved."""
        return replace(self.alert, status=AlertStatus.RESOLVED, at=at)

    def to_record(self) -> Record:
        """Return what `from_record` reads."""
        alert = self.alert
        return {
            "channel": self.channel,
            "ts": self.ts,
            "kind": alert.kind,
            "status": alert.status,
            "account": alert.account,
            "device_id": alert.device_id or "",
            "device_name": alert.device_name or "",
            "since": alert.since.isoformat(),
            "at": alert.at.isoformat(),
        }

    @classmethod
    def from_record(cls, alert_id: str, record: Record) -> Self:
        """Read what `to_record` wrote.

        Raises:
            KeyError, ValueError: It is not ours.
        """
        alert = Alert(
            id=alert_id,
            kind=AlertKind(record["kind"]),
            status=AlertStatus(record["status"]),
            account=record["account"] if "account" in record else record["tenant"],
            device_id=record["device_id"] or None,
            device_name=record["device_name"] or None,
            since=datetime.fromisoformat(record["since"]),
            at=datetime.fromisoformat(record["at"]),
        )
        return cls(alert=alert, channel=record["channel"], ts=record["ts"])
