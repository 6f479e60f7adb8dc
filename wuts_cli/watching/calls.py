"""How many calls about devices there may be at once."""

from wuts.supervisor.store import portion
from wuts.supervisor.store.keys import SHARDS

MOST_CALLS = 100
"""Of one process: it has no connections for more."""

MOST_SHARED_CALLS = SHARDS * MOST_CALLS
"""Of all processes that share accounts out: beyond one per shard, some have nothing to do."""


def calls_of(budget: int, members: int) -> int:
    """Return how many of all calls one of so many processes may make."""
    return min(MOST_CALLS, portion(budget, members))
