"""Remembers what a look-up said for a while, and asks only once for many who ask at once."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Entry[V]:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    until: float = 0.0
    values: list[V] = field(default_factory=list)


class TimedCache[V]:
    """Values by key.

    Args:
        load: Looks a key up; what it raises is passed on and not remembered.
        seconds: How long a value is good.
        limit: How many keys are remembered; the oldest goes first.
    """

    def __init__(
        self, load: Callable[[str], Awaitable[V]], seconds: float, limit: int = 10_000
    ) -> None:
        self._load = load
        self._seconds = seconds
        self._limit = limit
        self._entries: dict[str, _Entry[V]] = {}

    async def get(self, key: str) -> V:
        """Return the value of a key, looked up if need be."""
        entry = self._entries.get(key)
        if entry is None:
            entry = self._entries[key] = _Entry()
            if len(self._entries) > self._limit:
                del self._entries[next(iter(self._entries))]
        async with entry.lock:
            if not entry.values or time.monotonic() >= entry.until:
                entry.values = [await self._load(key)]
                entry.until = time.monotonic() + self._seconds
            return entry.values[0]
