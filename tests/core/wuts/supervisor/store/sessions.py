"""The sessions of a PostgreSQL server, seen by an administrator; and stores that have some."""

import asyncio
from collections.abc import Callable

import asyncpg

from wuts.clock import steady_time
from wuts.supervisor.store import StoreError, StoreLostError, StoreOwnedError
from wuts.supervisor.store.sql import SqlStore

from .cutting_proxy import CuttingProxy
from .values import about, snapshot

PATIENCE = 240
"""Seconds that a server on a busy machine may take for what it does soon."""

type OpenOwner = Callable[..., SqlStore]
"""Opens a store on the test's database: with a lease, at another address."""


async def end_sessions(administrator: asyncpg.Connection) -> None:
    await administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE application_name = 'wuts' AND datname = current_database()"
    )


async def the_owners_pid(administrator: asyncpg.Connection) -> int:
    """Return which session holds locks, as soon as one does."""
    [pid] = await until_owners(administrator, 1)
    return pid


async def until_owners(administrator: asyncpg.Connection, count: int) -> list[int]:
    """Wait until so many sessions hold locks; return them."""
    pids: list[int] = []
    async with asyncio.timeout(PATIENCE):
        while len(pids) < count:
            rows = await administrator.fetch(
                "SELECT DISTINCT pid FROM pg_locks JOIN pg_database ON oid = database"
                " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
            pids = [row["pid"] for row in rows]
    return pids


async def seconds_until_over(administrator: asyncpg.Connection, pid: int) -> float:
    """Return how long the server keeps a session from now on."""
    since = steady_time()
    is_there = "SELECT 1 FROM pg_stat_activity WHERE pid = $1"
    async with asyncio.timeout(PATIENCE):
        while await administrator.fetchval(is_there, pid):  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.05)
    return steady_time() - since


async def until_saved(store: SqlStore) -> None:
    """Save as the supervisor does: again and again, unless another process is the owner."""
    async with asyncio.timeout(PATIENCE):
        while True:
            try:
                await store.save(about(snapshot(paused=True)))
            except StoreLostError:
                raise
            except StoreError:
                await asyncio.sleep(0.1)
            else:
                return


def proxied(database: str, proxy: CuttingProxy) -> str:
    """Return the address of a database through a proxy."""
    place, _, _ = database.partition("?")
    return place.replace("@/", f"@127.0.0.1:{proxy.port}/") + "?sslmode=disable"


TAKER = "application_name=taker"
"""What to add to an address so that `end_sessions` spares those who use it."""


async def take_over(administrator: asyncpg.Connection, taker: SqlStore, account: str) -> None:
    """End the owner's sessions until the taker is faster than it to claim the account."""
    claiming = asyncio.create_task(_claim_as_soon_as_possible(taker, account))
    while not claiming.done():
        await end_sessions(administrator)
        await asyncio.wait([claiming], timeout=1.0)
    await claiming


async def _claim_as_soon_as_possible(store: SqlStore, account: str) -> None:
    while True:
        try:
            await store.claim([account])
        except StoreOwnedError:
            await asyncio.sleep(0)
        else:
            return
