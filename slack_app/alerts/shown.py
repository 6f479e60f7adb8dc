"""A notification and its message, and what the store keeps of both.

A restart updates the same message, and says nothing twice.
"""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Self

from wuts.supervisor import Alert, News, Notification

from ..operations.records import Record
from ..slack.live_message import LiveMessage
from .target import Target

_SAME = timedelta(milliseconds=1)
"""Moments that are at most this far apart are the same, rounded by clocks and stores."""


@dataclass(slots=True, kw_only=True)
class Shown:
    """One notification in Slack.

    Attributes:
        target: Where it is.
        latest: What the supervisor sent last.
        message: Its message.
        sequence: The last update of which the channel was told everything.
        told_at: When that one was decided, in UTC, or None if there is none.
        most: How many of its alerts were open at once.
        turn: One task at a time tells the channel.
    """

    target: Target
    latest: Notification
    message: LiveMessage
    sequence: int = 0
    told_at: datetime | None = None
    most: int = 1
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    @property
    def is_news(self) -> bool:
        """Whether the channel knows less than the supervisor has told."""
        return self.latest.sequence > self.sequence

    @property
    def joined(self) -> tuple[Alert, ...]:
        """The alerts that the channel was not told of, or that are open again."""
        if self.told_at is None:
            return ()
        known, told = self.told_at + _SAME, self.latest.first_told
        return tuple(one for one in self.latest.open_alerts if told[one.id] > known)

    @property
    def reply(self) -> News | None:
        """What the channel must hear besides, as an edit disturbs nobody; or None."""
        if not self.is_news or self.message.ts is None:
            return None
        if self.latest.news in {News.REMINDED, News.MUTE_ENDED}:
            return self.latest.news
        return News.RAISED if self.joined else None

    def take(self, latest: Notification) -> None:
        """Take in what the supervisor tells."""
        self.latest = latest
        self.most = max(self.most, len(latest.open_alerts))

    def told(self, latest: Notification) -> None:
        """Note that the channel knows all of an update."""
        self.sequence, self.told_at = latest.sequence, latest.at

    def record(self) -> Record:
        """Return what is kept of it."""
        return {
            "account": self.latest.account,
            "receiver": str(self.target),
            "ts": self.message.ts or "",
            "thread": self.message.thread or "",
            "sequence": str(self.sequence),
            "told_at": self.told_at.isoformat() if self.told_at else "",
            "most": str(self.most),
        }


@dataclass(frozen=True, slots=True)
class Kept:
    """What an earlier run kept of a notification's message."""

    account: str
    target: Target
    ts: str
    thread: str | None
    sequence: int
    told_at: datetime | None
    most: int

    @classmethod
    def read(cls, record: Record) -> Self:
        """Read what `Shown.record` returned.

        Raises:
            KeyError, ValueError: The record is not ours.
        """
        return cls(
            account=record["account"],
            target=Target.parse(record["receiver"]),
            ts=record["ts"],
            thread=record["thread"] or None,
            sequence=int(record["sequence"]),
            told_at=datetime.fromisoformat(record["told_at"]) if record["told_at"] else None,
            most=int(record["most"]),
        )
