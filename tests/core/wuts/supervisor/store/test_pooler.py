"""A pooler between the store and its server: in session mode all holds, else it is noticed."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from wuts.supervisor.store import StoreError, StoreOwnedError, StoreUnavailableError, Verb
from wuts.supervisor.store.sql import SqlStore

from .pgbouncer import find_pgbouncer, pooling
from .postgresql_server import PostgresqlServer
from .sessions import OpenOwner
from .values import about, snapshot

pytestmark = pytest.mark.slow


@pytest.fixture
def program() -> Path:
    found = find_pgbouncer()
    if found is None:
        pytest.skip("there is no PgBouncer on this machine (Debian's package pgbouncer)")
    return found


@pytest.fixture
async def pooled(
    request: pytest.FixtureRequest, program: Path, postgresql: PostgresqlServer, database: str
) -> AsyncIterator[str]:
    async with pooling(program, postgresql, database, request.param) as address:
        yield address


@pytest.mark.parametrize("pooled", ["session"], indirect=True)
async def test_a_pooler_in_session_mode_keeps_one_owner(pooled: str, open_owner: OpenOwner) -> None:
    store, other = open_owner(address=pooled), open_owner(address=pooled)
    await store.claim(["home"])
    with pytest.raises(StoreOwnedError):
        await other.claim(["home"])
    await store.save(about(snapshot(account="home")))
    await store.close()
    await other.claim(["home"])
    assert len((await other.load(["home"])).snapshots) == 1


async def test_a_pooler_that_is_slow_to_reset_a_session_keeps_no_lock(
    program: Path, postgresql: PostgresqlServer, database: str, open_owner: OpenOwner
) -> None:
    reset = "SELECT pg_sleep(600)"
    async with pooling(program, postgresql, database, "session", reset=reset) as pooled:
        store, other = open_owner(address=pooled), open_owner(address=pooled)
        await store.claim(["home"])
        with pytest.raises(StoreOwnedError):
            await other.claim(["home"])
        await store.close()
        await other.claim(["home"])


@pytest.mark.parametrize("pooled", ["session"], indirect=True)
async def test_hints_come_through_a_pooler_in_session_mode(
    pooled: str, open_owner: OpenOwner
) -> None:
    owner, giver = open_owner(address=pooled), open_owner(address=pooled)
    await owner.claim(["home"])
    heard = asyncio.Event()
    owner.hints.hear(lambda _hint: heard.set())
    await giver.add_order("home", "device-1", Verb.PAUSE, datetime.now(UTC))
    async with asyncio.timeout(200):
        await heard.wait()


@pytest.mark.parametrize("pooled", ["transaction", "statement"], indirect=True)
async def test_a_pooler_that_shares_sessions_out_makes_nobody_a_second_owner(
    pooled: str, open_owner: OpenOwner
) -> None:
    store, other = open_owner(address=pooled), open_owner(address=pooled)
    assert not (await claims(store) and await claims(other))


@pytest.mark.parametrize("pooled", ["transaction"], indirect=True)
async def test_a_pooler_that_shares_sessions_out_is_named(
    pooled: str, open_owner: OpenOwner
) -> None:
    store, other = open_owner(address=pooled), open_owner(address=pooled)
    await claims(store)
    with pytest.raises(StoreUnavailableError, match="session mode"):
        await other.claim(["home"])


async def claims(store: SqlStore) -> bool:
    try:
        await store.claim(["home"])
    except StoreError:
        return False
    return True
