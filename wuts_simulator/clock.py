"""The gateway's clocks: the real one, and one that moves only when it is told to."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Two readings of one time: an interval timer, and the calendar."""

    def monotonic(self) -> float:
        """Return seconds that never run backwards; only differences mean anything."""
        ...

    def now(self) -> datetime:
        """Return the date and time, in UTC."""
        ...

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass at once."""
        ...


class SystemClock:
    """The machine's clock; `advance` puts it ahead."""

    def __init__(self) -> None:
        self._ahead = 0.0

    def monotonic(self) -> float:
        """Return the machine's interval timer, in seconds."""
        return time.monotonic() + self._ahead

    def now(self) -> datetime:
        """Return the machine's date and time, in UTC."""
        return datetime.now(UTC) + timedelta(seconds=self._ahead)

    def advance(self, seconds: float) -> None:
        """Put the clock that many seconds ahead."""
        self._ahead += seconds


class ManualClock:
    """A clock for tests: it stands still until `advance` is called."""

    def __init__(self, start: datetime | None = None) -> None:
        self._start = start or datetime.now(UTC).replace(microsecond=0)
        self._passed = 0.0

    def monotonic(self) -> float:
        """Return the seconds that have passed since the clock was made."""
        return self._passed

    def now(self) -> datetime:
        """Return the start plus what has passed, in UTC."""
        return self._start + timedelta(seconds=self._passed)

    def advance(self, seconds: float) -> None:
        """Let that many seconds pass."""
        self._passed += seconds
