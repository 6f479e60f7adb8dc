"""PostgreSQL sessions that hold the locks: how they end, and what that means for the owner."""

import asyncio
import os
import signal

import asyncpg
import pytest
from asyncpg.types import ServerVersion

from wuts.supervisor.store import (
    StoreLostError,
    StoreOwnedError,
    StoreUnavailableError,
)
from wuts.supervisor.store import sql_session as sql_session_module
from wuts.supervisor.store.keys import shard_key, shard_of
from wuts.supervisor.store.sql import SqlStore

from .sessions import OpenOwner, end_sessions, the_owners_pid, until_saved
from .values import about, snapshot


async def test_the_server_is_told_when_to_end_the_owners_session(open_owner: OpenOwner) -> None:
    store = open_owner(lease=7.5)
    await store.claim(["home"])
    names = ("idle_session_timeout", "idle_in_transaction_session_timeout", "application_name")
    async with store._session.transaction(writes=False) as connection:
        settings = [
            (await connection.exec_driver_sql(f"SHOW {name}")).scalar_one() for name in names
        ]
    assert settings == ["7500ms", "7500ms", "wuts"]


async def test_an_address_may_name_the_application(database: str, open_owner: OpenOwner) -> None:
    store = open_owner(address=f"{database}&application_name=shop")
    async with store._session.transaction(writes=False) as connection:
        name = (await connection.exec_driver_sql("SHOW application_name")).scalar_one()
    assert name == "shop"


async def test_a_lost_session_is_taken_up_again_if_nobody_was_the_owner_meanwhile(
    administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    store, other = open_owner(), open_owner()
    await store.claim(["home"])
    await end_sessions(administrator)
    async with asyncio.timeout(200):
        while store.may_tell:  # noqa: ASYNC110 - nothing tells when a connection has ended
            await asyncio.sleep(0.01)
    await store.save(about(snapshot()))
    with pytest.raises(StoreOwnedError):
        await other.claim(["home"])
    assert store.owned == {"home"}
    assert store.may_tell


async def test_who_lost_a_session_to_another_saves_nothing_any_more(
    administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    store, other = open_owner(), open_owner()
    await store.claim(["home", "office"])
    await end_sessions(administrator)
    await other.claim(["home"])
    for _ in range(2):
        with pytest.raises(StoreLostError, match="taken over"):
            await store.save(about(snapshot()))
        with pytest.raises(StoreLostError):
            await store.put("messages", "1", "a", "home")
        with pytest.raises(StoreLostError):
            await store.delete("messages", "1", "home")
    assert store.owned == frozenset()
    assert not store.may_tell
    await store.until_lost()
    assert (await other.load()).snapshots == ()


async def test_who_was_replaced_for_a_moment_only_is_not_the_owner_either(
    administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    """What it remembers is older than what the other one saved."""
    store, other = open_owner(), open_owner()
    await store.claim(["home"])
    await end_sessions(administrator)
    await other.claim(["home"])
    await other.save(about(snapshot(paused=True)))
    await other.close()
    with pytest.raises(StoreLostError):
        await store.save(about(snapshot()))
    await store.claim(["home"])
    assert (await store.load(["home"])).snapshots == (snapshot(paused=True),)
    await store.save(about(snapshot()))


@pytest.mark.slow
async def test_a_last_session_that_the_server_has_not_ended_is_ended(
    administrator: asyncpg.Connection, open_owner: OpenOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A frozen server process holds the locks of a session that we gave up."""
    monkeypatch.setattr(sql_session_module, "CLOSE_TIMEOUT", 0.2)
    store = open_owner(1.0)
    await store.claim(["home"])
    await store.save(about(snapshot()))
    pid = await the_owners_pid(administrator)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailableError):
            await store.save(about(snapshot(paused=True)))
        with pytest.raises(StoreUnavailableError, match="last session"):
            await store.save(about(snapshot(paused=True)))
        assert store.owned == {"home"}
        assert not await store_is_lost(store)
    finally:
        os.kill(pid, signal.SIGCONT)
    await until_saved(store)
    assert await the_owners_pid(administrator) != pid


async def test_members_that_share_shards_and_owners_of_accounts_keep_each_other_out(
    administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    key = shard_key("public", shard_of("home"))
    take = "SELECT pg_try_advisory_lock($1, $2)"
    store = open_owner()
    await administrator.execute("SELECT pg_advisory_lock($1, $2)", *key)
    with pytest.raises(StoreOwnedError) as caught:
        await store.claim(["home"])
    assert caught.value.accounts == ("home",)
    await administrator.execute("SELECT pg_advisory_unlock($1, $2)", *key)
    await store.claim(["home"])
    assert not await administrator.fetchval(take, *key)
    await store.release(["home"])
    assert await administrator.fetchval(take, *key)


async def test_a_schema_of_ones_own_has_owners_of_its_own(
    database: str, administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    await administrator.execute("CREATE SCHEMA second")
    one, other = open_owner(), open_owner(address=f"{database}&search_path=second")
    await one.claim(["home"])
    await other.claim(["home"])


async def test_a_pooler_that_shares_sessions_out_is_reported(
    open_owner: OpenOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_owner()
    await store.claim(["home"])
    monkeypatch.setattr(
        "wuts.supervisor.store.postgresql._BEGIN",
        "SELECT 'another' FROM set_config('lock_timeout', '1s', true)",
    )
    with pytest.raises(StoreUnavailableError, match="session mode"):
        await store.save(about(snapshot()))


async def test_a_server_that_cannot_end_idle_sessions_is_reported(
    open_owner: OpenOwner, monkeypatch: pytest.MonkeyPatch
) -> None:
    version = ServerVersion(major=13, minor=9, micro=0, releaselevel="final", serial=0)
    monkeypatch.setattr(asyncpg.Connection, "get_server_version", lambda _: version)
    with pytest.raises(StoreUnavailableError, match="PostgreSQL 14 or later"):
        await open_owner().claim(["home"])
    await open_owner().load()


async def test_more_accounts_than_a_server_has_room_for_are_reported(open_owner: OpenOwner) -> None:
    store = open_owner()
    with pytest.raises(StoreUnavailableError, match="max_locks_per_transaction"):
        await store.claim([f"account {number}" for number in range(200_000)])
    assert store.owned == frozenset()
    await store.claim(["home"])


async def store_is_lost(store: SqlStore) -> bool:
    task = asyncio.create_task(store.until_lost())
    done, _ = await asyncio.wait([task], timeout=0.01)
    task.cancel()
    return bool(done)
