"""How long to wait before the next try."""

from random import Random

LONGEST_RETRY_AFTER = 3_600.0
"""Seconds of a gateway's ``Retry-After`` that are honoured at most."""

_MOST_DOUBLINGS = 60


def full_jitter(attempt: int, *, base: float, cap: float, rng: Random) -> float:
    """Return the seconds before the ``attempt``-th try: anything up to ``base * 2^(attempt-1)``.

    Full jitter: the whole wait is random, so that many devices that dropped together do not come
    back together.
    """
    ceiling = min(cap, base * 2.0 ** min(attempt - 1, _MOST_DOUBLINGS))
    return rng.uniform(0.0, ceiling)


def floor_of(retry_after: float | None) -> float:
    """Return the seconds to wait at least, from a gateway's ``Retry-After``."""
    return min(retry_after or 0.0, LONGEST_RETRY_AFTER)
