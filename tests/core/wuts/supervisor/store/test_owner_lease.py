"""What happens to an owner that the database does not hear from."""

import asyncio
from random import Random

import asyncpg
import pytest

from wuts.clock import steady_time
from wuts.supervisor.store import (
    StoreError,
    StoreLostError,
    StoreOwnedError,
    StoreUnavailableError,
    wait_until_owned,
)
from wuts.supervisor.store.sql import SqlStore

from .cutting_proxy import CuttingProxy
from .postgresql_server import PostgresqlServer
from .sessions import (
    TAKER,
    OpenOwner,
    proxied,
    take_over,
    the_owners_pid,
    until_saved,
)
from .values import about, snapshot

LEASE = 2.0
"""Seconds."""


@pytest.mark.slow
async def test_the_heartbeat_keeps_an_idle_owner_and_notices_a_loss(
    database: str, administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    store, other = open_owner(LEASE), open_owner(LEASE, f"{database}&{TAKER}")
    await store.claim(["home"])
    pid = await the_owners_pid(administrator)
    await asyncio.sleep(2 * LEASE)
    assert store.may_tell
    assert await the_owners_pid(administrator) == pid
    lost = asyncio.create_task(store.until_lost())
    await take_over(administrator, other, "home")
    async with asyncio.timeout(LEASE):
        await lost
    assert not store.may_tell


@pytest.mark.slow
async def test_who_is_not_heard_of_may_not_tell_and_is_replaced(
    postgresql: PostgresqlServer, database: str, open_owner: OpenOwner
) -> None:
    """Cut off without a word: neither side sees a connection end."""
    async with CuttingProxy(postgresql.socket) as proxy:
        store, other = open_owner(LEASE, proxied(database, proxy)), open_owner(LEASE)
        await wait_for(store)
        saved_at = steady_time()
        await store.save(about(snapshot()))
        proxy.cut()
        await wait_for(other)
        assert not store.may_tell
        assert steady_time() > saved_at + LEASE, "the server has heard it later than that"
        with pytest.raises(StoreError) as caught:
            await store.save(about(snapshot(paused=True)))
        assert isinstance(caught.value, StoreUnavailableError)
        proxy.mend()
        async with asyncio.timeout(4 * LEASE):
            await store.until_lost()
        with pytest.raises(StoreLostError):
            await store.save(about(snapshot(paused=True)))
        assert (await other.load()).snapshots == (snapshot(),)


@pytest.mark.slow
async def test_a_cut_that_is_mended_while_nobody_waits_changes_nothing(
    postgresql: PostgresqlServer, database: str, open_owner: OpenOwner
) -> None:
    async with CuttingProxy(postgresql.socket) as proxy:
        store = open_owner(LEASE, proxied(database, proxy))
        await store.claim(["home"])
        proxy.cut()
        await asyncio.sleep(2 * LEASE)
        assert not store.may_tell
        proxy.mend()
        await until_saved(store)
        assert store.owned == {"home"}
        assert store.may_tell


async def test_a_server_that_restarts_takes_nothing_away(
    postgresql: PostgresqlServer, open_owner: OpenOwner
) -> None:
    store = open_owner(LEASE)
    await store.claim(["home"])
    postgresql.stop()
    try:
        for _ in range(2):
            with pytest.raises(StoreUnavailableError):
                await store.save(about(snapshot()))
        with pytest.raises(StoreUnavailableError):
            await open_owner().claim(["shop"])
    finally:
        postgresql.start()
    await until_saved(store)
    assert store.owned == {"home"}
    assert store.may_tell


async def test_who_waits_outlives_a_server_that_restarts(
    postgresql: PostgresqlServer, open_owner: OpenOwner
) -> None:
    store, other = open_owner(LEASE), open_owner(LEASE)
    await store.claim(["home"])
    reasons: asyncio.Queue[StoreError] = asyncio.Queue()
    waiting = asyncio.create_task(
        wait_until_owned(other, ["home"], rng=Random(1), on_wait=reasons.put_nowait, every=0.05)
    )
    async with asyncio.timeout(200):
        assert type(await reasons.get()) is StoreOwnedError
        postgresql.stop()
        try:
            await store.close()
            assert type(await reasons.get()) is StoreUnavailableError
        finally:
            postgresql.start()
        await waiting
    assert other.owned == {"home"}
    assert reasons.empty()


async def wait_for(store: SqlStore) -> None:
    async with asyncio.timeout(200):
        await wait_until_owned(store, ["home"], rng=Random(1), every=0.05)
