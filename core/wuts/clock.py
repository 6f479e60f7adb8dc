"""Clocks in seconds that nobody sets, and how far the wall clock is from one of them.

There are two because a machine may sleep. `steady_time` counts that time, so a code that expired
meanwhile counts as expired; `loop_clock` doesn't, so it agrees with the event loop that wakes us.
"""

import time
from collections.abc import Callable

type Clock = Callable[[], float]

_AGREE = 1.0
"""Seconds by which two clocks may differ and still count as the same."""


def _find() -> int | None:
    """Return the clock's id, or None if the system has no such clock."""
    clock_id: int | None = getattr(time, "CLOCK_BOOTTIME", None)
    if clock_id is None:
        return None
    try:
        time.clock_gettime(clock_id)
    except OSError:
        return None
    return clock_id


_CLOCK_ID = _find()


def steady_time() -> float:
    """Return the seconds since some moment, by a clock that nobody sets.

    On Linux the time that the machine slept counts. Elsewhere this is `time.monotonic`, by which
    that time may not have passed.
    """
    return time.monotonic() if _CLOCK_ID is None else time.clock_gettime(_CLOCK_ID)


def loop_clock() -> Clock:
    """Return a clock of seconds since 1970 that is set once, now, and then keeps the loop's pace.

    Setting the machine's clock neither speeds up nor delays what is timed by it.
    """
    offset = time.time() - time.monotonic()
    return lambda: offset + time.monotonic()


def wall_offset(steady: Clock, wall: Clock) -> Clock:
    """Return a function for the seconds to add to the steady clock's time to get the wall's."""

    def offset() -> float:
        seconds = wall() - steady()
        return seconds if abs(seconds) > _AGREE else 0.0

    return offset
