"""When an account's devices are listed. No I/O; times are seconds since 1970, passed in."""

from random import Random

from .work_queue import NEVER

SPREAD = 0.05
"""The share of the interval by which listings vary, so that accounts are not listed in step."""

HURRY = 6
"""How many listings there may be in an interval, however many wakes ask for one."""


class ListingSchedule:
    """When the next ``GET /devices`` is due: at most one is under way.

    Args:
        interval: Seconds from one to the next.
        rng: The source of jitter.

    Attributes:
        is_under_way: Whether one is.
        next: When the next one is due, or `NEVER` while none is planned.
    """

    def __init__(self, interval: float, rng: Random) -> None:
        self.is_under_way = False
        self.next = NEVER
        self._interval = interval
        self._rng = rng
        self._taken_at = -NEVER
        self._hurried_at = -NEVER

    @property
    def was_taken(self) -> bool:
        """Whether there was any."""
        return self._taken_at > -NEVER

    def is_due(self, now: float) -> bool:
        """Tell whether one is to be made now."""
        return self.next <= now and not self.is_under_way

    def take(self, now: float) -> None:
        """Begin the one that is due."""
        self.is_under_way = True
        self.next = NEVER
        self._taken_at = now

    def at(self, when: float) -> None:
        """List at ``when``, or before if that is planned already."""
        self.next = min(self.next, when)

    def regularly(self, now: float) -> None:
        """List an interval from now."""
        self.at(now + self._interval * (1 + self._rng.uniform(-SPREAD, SPREAD)))

    def soon(self, now: float) -> None:
        """List at once, but no more often than `HURRY` times an interval."""
        when = max(now, self._hurried_at + self._interval / HURRY)
        if when < self.next:
            self.next = self._hurried_at = when

    def again(self, now: float) -> None:
        """List again soon, to see whether what the last one said has lasted."""
        self.at(now + self._interval / HURRY)
