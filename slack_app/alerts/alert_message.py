"""What the store knows of an alert that is in the channel, so that a restart goes on with it."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Self

from wuts.supervisor import Alert, AlertKind, AlertStatus

from ..slack.stored_messages import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
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
    def is_over(self) -> bool:
        """Whether the message says that it is over."""
        return self.alert.status is AlertStatus.RESOLVED

    def over(self, at: datetime) -> Alert:
        """Return the alert as one that is over."""
        return replace(self.alert, status=AlertStatus.RESOLVED, at=at)

    def written(self) -> Note:
        """Return what `read` reads."""
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
    def read(cls, name: str, note: Note) -> Self:
        """Read what `written` wrote.

        Raises:
            KeyError, ValueError: It was not written by us.
        """
        alert = Alert(
            id=name,
            kind=AlertKind(note["kind"]),
            status=AlertStatus(note["status"]),
            account=note["account"] if "account" in note else note["tenant"],
            device_id=note["device_id"] or None,
            device_name=note["device_name"] or None,
            since=datetime.fromisoformat(note["since"]),
            at=datetime.fromisoformat(note["at"]),
        )
        return cls(alert=alert, channel=note["channel"], ts=note["ts"])
