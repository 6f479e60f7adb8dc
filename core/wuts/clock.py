"""A steady clock that does not stop while the machine sleeps."""

import time


def _find() -> int | None:
    """Return the clock's id, or None where the system has no such clock."""
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
