"""Remembers what a look-up said for a while, and asks only once for many who ask at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Entry[V]:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    since: float = 0.0
    values: list[V] = field(default_factory=list)


class TimedCache[V]:
    """Values by key.

    Args:
        load: Looks a key up; what it raises is passed on and not remembered.
        seconds: How long a value is good.
        limit: How many keys are remembered; the oldest goes first.
        clock: Seconds by a steady clock.
    """

    def __init__(
        self,
        load: Callable[[str], Awaitable[V]],
        seconds: float,
        limit: int = 10_000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._load = load
        self._seconds = seconds
        self._limit = limit
        self._clock = clock
        self._entries: dict[str, _Entry[V]] = {}

    async def get(self, key: str, *, fresh: bool = False) -> V:
        """Return the value of a key, looked up if need be.

        Args:
            key: The key.
            fresh: Whether a value counts only if its look-up began after this call.
        """
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry()
            if len(self._entries) > self._limit:
                del self._entries[next(iter(self._entries))]
        asked_at = self._clock()
        async with entry.lock:
            if not self._is_good(entry) or (fresh and entry.since < asked_at):
                since = self._clock()
                entry.values.clear()
                entry.values.append(await self._load(key))
                entry.since = since
            return entry.values[0]

    def known(self, key: str) -> V | None:
        """Return the value of a key if it is still good, without a look-up."""
        entry = self._entries.get(key)
        return entry.values[0] if entry is not None and self._is_good(entry) else None

    def _is_good(self, entry: _Entry[V]) -> bool:
        return bool(entry.values) and self._clock() < entry.since + self._seconds
