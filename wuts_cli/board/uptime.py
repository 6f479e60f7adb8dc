"""How the devices did lately, from the history: what the strips of the board are drawn from."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from wuts.clock import Clock
from wuts.supervisor import Strip
from wuts.supervisor.events import utc

from .payload import Kept, Payload

if TYPE_CHECKING:
    from wuts.supervisor.store.history_reader import HistoryReader


@dataclass(frozen=True, slots=True)
class Period:
    """A time before now, and the parts that it is shown in.

    Attributes:
        parts: How many.
        part: How long each is.
        keep_for: Seconds for which it is good enough.
    """

    parts: int
    part: timedelta
    keep_for: float

    def ending(self, now: float) -> tuple[datetime, datetime]:
        """Return its beginning and its end, which is the end of the part that contains now."""
        length = self.part.total_seconds()
        end = utc((now // length + 1) * length)
        return end - self.parts * self.part, end


PERIODS: Mapping[str, Period] = {
    "day": Period(96, timedelta(minutes=15), 60.0),
    "quarter": Period(90, timedelta(days=1), 600.0),
}
"""By name: 24 hours, and the 90 days that a store keeps unless told otherwise."""


class Uptimes:
    """The answers about each period, made when somebody asks.

    Args:
        reader: Reads the history.
        accounts: The names of the accounts, in the order in which they are shown.
        is_shown: Says whether an account's devices are shown here, or elsewhere.
        clock: Returns seconds since 1970.
    """

    def __init__(
        self,
        reader: "HistoryReader",
        accounts: Sequence[str],
        is_shown: Callable[[str], bool],
        clock: Clock,
    ) -> None:
        self._reader = reader
        self._accounts = accounts
        self._is_shown = is_shown
        self._clock = clock
        self._turn = asyncio.Lock()
        self._kept = {
            name: Kept(partial(self._make, name), one.keep_for) for name, one in PERIODS.items()
        }

    async def of(self, period: str) -> Payload:
        """Return what JSON says of a period, one of `PERIODS`.

        Raises:
            StoreError: The history cannot be read.
        """
        return await self._kept[period].get()

    async def aclose(self) -> None:
        """Stop reading."""
        for kept in self._kept.values():
            await kept.aclose()

    async def _make(self, name: str) -> Payload:
        period, now = PERIODS[name], self._clock()
        start, end = period.ending(now)
        async with self._turn:  # one after the other: there is no hurry, and the store has others
            shown = [account for account in self._accounts if self._is_shown(account)]
            found = await self._reader.strips(shown, start, end, parts=period.parts)
        strips = [found.get(account, []) for account in self._accounts]
        return await asyncio.to_thread(_payload, name, start, now, strips)


def _payload(name: str, start: datetime, now: float, strips: Sequence[Sequence[Strip]]) -> Payload:
    period = PERIODS[name]
    return Payload.of_json(
        {
            "period": name,
            "start": round(start.timestamp()),
            "part": round(period.part.total_seconds()),
            "parts": period.parts,
            "as_of": round(now),
            "accounts": [{one.uptime.device_id: _fields(one) for one in some} for some in strips],
        }
    )


def _fields(strip: Strip) -> Sequence[object]:
    uptime, share = strip.uptime, strip.uptime.share
    return (
        strip.cells,
        None if share is None else round(share, 5),
        uptime.drops,
        round(uptime.longest_outage.total_seconds()),
    )
