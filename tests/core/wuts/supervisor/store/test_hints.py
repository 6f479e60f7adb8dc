"""PostgreSQL tells who waits that there is something to look at; nothing depends on it."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

import asyncpg
import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, Home, until
from wuts.clock import steady_time
from wuts.supervisor import DeviceState
from wuts.supervisor.store import (
    Order,
    Verb,
    give_order,
    order_reader,
    session_locks,
    shares_keeper,
)
from wuts.supervisor.store.hints import LEAST, LEFT, MEMBERS, ORDERS, who_left
from wuts.supervisor.store.session_locks import CHANNEL
from wuts.supervisor.store.shares import PATIENCE, Presence
from wuts.supervisor.store.sql import SqlStore

from .sessions import end_sessions
from .test_shares_keeper import ACCOUNTS, are_shared_out, keeping

type OpenSql = Callable[[str], SqlStore]

NEVER = 3_600.0
"""Seconds that no test takes: whoever looks so seldom looks since there was a hint."""

LONG = 60_000.0
"""A lease of so many seconds makes nobody look more often."""


def now() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def seldom(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_reader, "EVERY", NEVER)


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[SqlStore]:
    """Who read orders."""
    found: list[SqlStore] = []
    read = SqlStore.orders

    async def count(store: SqlStore) -> tuple[Order, ...]:
        found.append(store)
        return await read(store)

    monkeypatch.setattr(SqlStore, "orders", count)
    return found


@pytest.mark.usefixtures("seldom")
async def test_an_order_is_looked_at_when_it_is_given(
    database: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(store=SqlStore(database), sees=1):
        book = open_sql(database)
        for verb, state in (
            (Verb.PAUSE, DeviceState.PAUSED),
            (Verb.RESUME, DeviceState.CONNECTED),
        ):
            assert await give_order(book, ACCOUNT, device_id, verb, at=now(), patience=30)
            await home.until_state(device_id, state)


@pytest.mark.usefixtures("seldom")
async def test_an_order_that_turns_into_another_is_looked_at_again(
    database: str, open_sql: OpenSql, reads: list[SqlStore], home: Home
) -> None:
    home.add_devices(1)
    store = SqlStore(database)
    async with home.supervised(store=store, sees=1):
        book = open_sql(database)
        order_id = await book.add_order("office", "d", Verb.DISCONNECT, now())
        await until(lambda: store in reads)
        reads.clear()
        assert await book.replace_order(order_id, Verb.PAUSE)
        await until(lambda: store in reads)


async def test_without_hints_the_look_finds_the_order(
    database: str, open_sql: OpenSql, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(order_reader, "EVERY", 0.02)
    [device_id] = home.add_devices(1)
    with monkeypatch.context() as deaf:
        deaf.setattr(session_locks, "CHANNEL", "elsewhere")
        store = SqlStore(database)
        await store.claim([ACCOUNT])
    heard: list[str] = []
    store.hints.hear(heard.append)
    async with home.supervised(store=store, sees=1):
        book = open_sql(database)
        assert await give_order(book, ACCOUNT, device_id, Verb.PAUSE, at=now(), patience=30)
    assert heard == []


@pytest.mark.usefixtures("seldom")
@pytest.mark.slow
async def test_a_session_that_was_lost_hears_again(
    database: str, open_sql: OpenSql, home: Home, administrator: asyncpg.Connection
) -> None:
    [device_id] = home.add_devices(1)
    store = SqlStore(database, lease=1.0)
    async with home.supervised(store=store, sees=1):
        await end_sessions(administrator)
        await until(lambda: not store.may_tell)
        await until(lambda: store.may_tell)
        book = open_sql(database)
        assert await give_order(book, ACCOUNT, device_id, Verb.PAUSE, at=now(), patience=30)


@pytest.mark.usefixtures("seldom")
async def test_who_only_gives_orders_hears_nothing_and_who_waits_reads_nothing(
    database: str,
    open_sql: OpenSql,
    reads: list[SqlStore],
    home: Home,
    administrator: asyncpg.Connection,
) -> None:
    home.add_devices(1)
    giver, heard = open_sql(database), list[str]()
    giver.hints.hear(heard.append)
    store, told = SqlStore(database), list[str]()
    async with home.supervised(PATIENT, store=store, sees=1):
        store.hints.hear(told.append)
        reads.clear()
        for hint in (MEMBERS, f"{LEFT} 7", "", "order", f"{LEFT} x"):
            await administrator.execute(f"SELECT pg_notify('{CHANNEL}', '{hint}')")
        await until(lambda: len(told) == 5)
        await asyncio.sleep(0.1)
        assert reads == []
        await giver.add_order("office", "d", Verb.WAKE, now())
        await until(lambda: store in reads)
    assert heard == []


@pytest.mark.usefixtures("seldom")
async def test_a_crowd_of_hints_makes_few_looks(
    database: str, reads: list[SqlStore], home: Home, administrator: asyncpg.Connection
) -> None:
    home.add_devices(1)
    store, told = SqlStore(database), list[str]()
    async with home.supervised(PATIENT, store=store, sees=1):
        reads.clear()
        store.hints.hear(told.append)
        began = steady_time()
        for number in range(200):
            # Two that are the same in one transaction are one.
            text = f"SELECT pg_notify('{CHANNEL}', '{ORDERS}') WHERE {number} >= 0"
            await administrator.execute(text)
        await until(lambda: len(told) == 200)
        await until(lambda: bool(reads))
        assert len(reads) <= (steady_time() - began) / LEAST + 1


def test_only_the_number_of_a_process_says_who_left() -> None:
    assert who_left("left 4294967295") == 4_294_967_295
    assert [who_left(hint) for hint in ("left", "left ", "left -1", "left x", "members")] == [
        None
    ] * 5


# Shares


async def test_who_leaves_in_good_order_is_not_waited_for(
    database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    regular: list[bool] = []
    look = Presence.look

    def count(
        presence: Presence, seen: frozenset[int], *, left: set[int], counts: bool
    ) -> frozenset[int]:
        regular.append(counts)
        return look(presence, seen, left=left, counts=counts)

    monkeypatch.setattr(Presence, "look", count)
    monkeypatch.setattr(shares_keeper, "EVERY", 0.05)
    async with keeping(database, LONG) as one:
        async with keeping(database, LONG) as two:
            await until(lambda: are_shared_out(one, two))
            monkeypatch.setattr(shares_keeper, "EVERY", NEVER)
            await asyncio.sleep(0.1)  # each may be about to look once more
            regular.clear()
        await until(lambda: one.accounts == set(ACCOUNTS))
        assert regular.count(True) < PATIENCE
    assert not one.troubles
