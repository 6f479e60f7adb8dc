"""Who holds how many shards of a store, as its server sees it."""

import asyncio
from collections import Counter

import asyncpg

from wuts.supervisor.store.keys import SHARDS, shard_key, unsigned

_LOCKS = (
    "SELECT pid, classid::bigint AS one, objid::bigint AS two FROM pg_locks"
    " WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock'"
    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
)


async def shards_held(address: str) -> list[int]:
    """Return how many shards each process holds that holds any."""
    connection = await asyncpg.connect(address)
    try:
        rows = await connection.fetch(_LOCKS)
    finally:
        await connection.close()
    keys = {unsigned(shard_key("public", shard)) for shard in range(SHARDS)}
    return [*Counter(row["pid"] for row in rows if (row["one"], row["two"]) in keys).values()]


async def until_even(address: str, members: int, patience: float) -> None:
    """Wait until so many processes hold all shards, each about as many.

    Raises:
        TimeoutError: They do not within so many seconds.
    """
    async with asyncio.timeout(patience):
        while not _are_even(await shards_held(address), members):  # noqa: ASYNC110 - nobody tells
            await asyncio.sleep(0.1)


def _are_even(shares: list[int], members: int) -> bool:
    is_even = max(shares, default=0) - min(shares, default=0) <= 1
    return len(shares) == members and sum(shares) == SHARDS and is_even
