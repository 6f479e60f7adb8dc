"""The gateway's clocks: the machine's, and one that moves only when a test moves it."""

import time
from datetime import UTC, datetime, timedelta
from typing import override


class Clock:
    """The machine's clock, as an interval timer and as a calendar; `advance` puts it ahead."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        """Return seconds that never run backwards; only differences mean anything."""
        return time.monotonic() + self._ahead

    def now(self) -> datetime:
        """Return the date and time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass at once."""
        self._ahead += seconds


class ManualClock(Clock):
    """A clock that stands still until `advance`.

    Args:
        start: When it starts; now unless given.
    """

    def __init__(self, start: datetime | None = None) -> None:
        super().__init__()
        self._start = start or datetime.now(UTC).replace(microsecond=0)

    @override
    def monotonic(self) -> float:
        return self._ahead

    @override
    def now(self) -> datetime:
        return self._start + timedelta(seconds=self._ahead)
