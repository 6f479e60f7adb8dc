"""What people subscribe channels to; a restart keeps it."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

from wuts.operations.background import Background
from wuts.supervisor import AlertKind

from ..operations.records import Record, Records

FIRST_PAUSE = 5.0
LONGEST_PAUSE = 300.0
"""Seconds until a store that cannot be read is read again; they double."""

_ALL = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """One channel, and the alerts that it gets.

    Attributes:
        channel: The channel's id.
        account: Whose alerts; of all accounts if empty.
        device_id: Only this device's, unless empty.
        kind: Only these, or None for all kinds.
        device_name: The device's name as it was then, or empty.
        by: Who asked for it, by the user's id.
        at: When, in UTC.
    """

    channel: str
    account: str = ""
    device_id: str = ""
    kind: AlertKind | None = None
    device_name: str = ""
    by: str = ""
    at: datetime

    @property
    def key(self) -> str:
        """What it is about: no two subscriptions have the same."""
        return (
            f"{self.channel} {self.account or _ALL} {self.kind or _ALL} {self.device_id}".rstrip()
        )

    def record(self) -> Record:
        """Return what is kept of it."""
        return {
            "channel": self.channel,
            "account": self.account,
            "device_id": self.device_id,
            "kind": self.kind or "",
            "device_name": self.device_name,
            "by": self.by,
            "at": self.at.isoformat(),
        }

    @classmethod
    def read(cls, record: Record) -> Self:
        """Read what `record` returned.

        Raises:
            KeyError, ValueError: The record is not ours.
        """
        kind = record["kind"]
        return cls(
            channel=record["channel"],
            account=record["account"],
            device_id=record["device_id"],
            kind=AlertKind(kind) if kind else None,
            device_name=record["device_name"],
            by=record["by"],
            at=datetime.fromisoformat(record["at"]).astimezone(UTC),
        )


class Subscriptions:
    """All subscriptions.

    Args:
        records: Keeps them.
        background: Reads them later, where the store does not tell at the start.

    Attributes:
        on_change: Called when there are others.
    """

    def __init__(self, records: Records, background: Background) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._records = records
        self._background = background
        self._all: dict[str, Subscription] = {}

    async def restore(self) -> None:
        """Take in what an earlier run kept; if the store does not say, as soon as it does."""
        if not await self._read():
            self._background.start("subscriptions", self._read_later)

    def all(self) -> list[Subscription]:
        """Return all, by channel."""
        return [self._all[key] for key in sorted(self._all)]

    def of(self, channel: str) -> list[Subscription]:
        """Return a channel's."""
        return [one for one in self.all() if one.channel == channel]

    def get(self, key: str) -> Subscription | None:
        """Return the one of a key, or None."""
        return self._all.get(key)

    async def keep(self, one: Subscription) -> bool:
        """Let a restart know of one that is about to `begin`; return whether it will."""
        return await self._records.save(one.key, one.record())

    def begin(self, one: Subscription) -> None:
        """Send alerts to a channel from now on."""
        self._all[one.key] = one
        self.on_change()

    async def remove(self, some: Iterable[Subscription]) -> bool:
        """Remove some; return whether a restart knows that they are gone."""
        is_kept = True
        for one in some:
            is_kept = await self._records.delete(one.key) and is_kept
            self._all.pop(one.key, None)
        self.on_change()
        return is_kept

    async def _read(self) -> bool:
        records = await self._records.read()
        for record in (records or {}).values():
            try:
                one = Subscription.read(record)
            except (KeyError, ValueError):
                continue
            self._all.setdefault(one.key, one)
        return records is not None

    async def _read_later(self) -> None:
        pause = FIRST_PAUSE
        while not await self._read():
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
        self.on_change()
