"""Who is the owner of an account, and what that keeps the others from."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from random import Random

import pytest

from wuts.errors import InvalidInputError
from wuts.supervisor.store import (
    Changes,
    MemoryStore,
    OwnableStore,
    StoreError,
    StoreLostError,
    StoreOwnedError,
    Verb,
    wait_until_owned,
)
from wuts.supervisor.store.sql import SqlStore

from .databases import content, going_back_to, in_database
from .values import about, alert, alerting, snapshot

type OpenSql = Callable[[str], SqlStore]

MANY = [f"account {number}" for number in range(1200)]


async def test_the_second_process_of_an_account_is_refused_at_once_and_by_name(
    address: str, open_sql: OpenSql
) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    with pytest.raises(StoreOwnedError, match="the account home") as caught:
        await other.claim(["home"])
    assert caught.value.accounts == ("home",)
    assert "\n" not in caught.value.message
    assert owner.owned == {"home"}
    assert other.owned == frozenset()
    assert (owner.may_tell, other.may_tell) == (True, False)


async def test_processes_with_different_accounts_share_a_store(
    address: str, open_sql: OpenSql
) -> None:
    one, other = open_sql(address), open_sql(address)
    await one.claim(["home"])
    await other.claim(["office"])
    await asyncio.gather(
        one.save(about(snapshot(account="home"))),
        other.save(about(snapshot(account="office"))),
    )
    assert (await one.load(one.owned)).snapshots == (snapshot(account="home"),)
    assert (await other.load(other.owned)).snapshots == (snapshot(account="office"),)


async def test_a_claim_is_granted_whole_or_not_at_all(address: str, open_sql: OpenSql) -> None:
    owner, other, third = open_sql(address), open_sql(address), open_sql(address)
    await owner.claim(["b"])
    with pytest.raises(StoreOwnedError):
        await other.claim(["a", "b", "c"])
    await third.claim(["a", "c"])
    await third.save(about(snapshot(account="c")))


async def test_accounts_can_be_claimed_and_released_one_by_one(
    address: str, open_sql: OpenSql
) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["a"])
    await owner.claim(["a", "b"])
    assert owner.owned == {"a", "b"}
    await owner.release(["a", "never claimed"])
    assert owner.owned == {"b"}
    await other.claim(["a"])
    with pytest.raises(StoreOwnedError):
        await other.claim(["b"])
    await owner.release(["b"])
    await other.claim(["b"])
    assert not owner.may_tell


async def test_who_closes_a_store_owns_nothing(address: str, open_sql: OpenSql) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    await owner.close()
    await other.claim(["home"])
    with pytest.raises(StoreOwnedError):
        await owner.claim(["home"])


async def test_one_process_can_own_many_accounts(address: str, open_sql: OpenSql) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(MANY)
    with pytest.raises(StoreOwnedError) as caught:
        await other.claim([MANY[7], "another", MANY[1199]])
    assert set(caught.value.accounts) <= {MANY[7], MANY[1199]}
    await other.claim(["another"])
    assert (await owner.load(MANY)).snapshots == ()


@pytest.mark.parametrize(
    "account", ["", "é 🏠 שלום", "x" * 5000, "'; DROP TABLE wuts_accounts; --"]
)
async def test_an_account_may_have_any_name(address: str, open_sql: OpenSql, account: str) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim([account])
    await owner.save(about(snapshot(account=account)))
    assert (await owner.load([account])).snapshots == (snapshot(account=account),)
    with pytest.raises(StoreOwnedError):
        await other.claim([account])


async def test_who_waits_has_touched_nothing(address: str, open_sql: OpenSql) -> None:
    """Not even the schema, which the owner may know in an older version only."""
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    await owner.save(about(snapshot()))
    before = await content(address)
    for _ in range(3):
        with pytest.raises(StoreOwnedError):
            await other.claim(["home", "office"])
    assert await content(address) == before


async def test_who_waits_leaves_an_older_schema_to_the_owner_that_uses_it(
    address: str, open_sql: OpenSql
) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    await in_database(address, going_back_to("-1"))
    before = await content(address)
    with pytest.raises(StoreOwnedError):
        await other.claim(["home"])
    assert await content(address) == before
    await owner.close()
    await other.claim(["home"])
    await other.save(about(snapshot()))


async def test_processes_that_begin_together_on_an_empty_database_make_one_schema(
    address: str, open_sql: OpenSql
) -> None:
    stores = [open_sql(address) for _ in range(4)]
    await asyncio.gather(*(store.claim([f"{n}"]) for n, store in enumerate(stores)))
    for number, store in enumerate(stores):
        await store.save(about(snapshot(account=f"{number}")))
    assert len((await stores[0].load()).snapshots) == 4


@pytest.mark.parametrize(
    "changes",
    [
        about(snapshot(account="office")),
        Changes({("office", "device-1"): None}),
        alerting(alert()),
        Changes(users={"office": "user-1"}),
    ],
)
async def test_nothing_is_saved_for_an_account_that_is_not_owned(
    address: str, open_sql: OpenSql, changes: Changes
) -> None:
    store = open_sql(address)
    await store.claim(["shop"])
    with pytest.raises(StoreLostError) as caught:
        await store.save(changes)
    assert caught.value.accounts == tuple(changes.accounts)
    await store.save(about(snapshot(account="shop")))
    assert [one.account for one in (await store.load()).snapshots] == ["shop"]


async def test_who_has_claimed_nothing_saves_no_account_but_leaves_what_is_about_none(
    address: str, open_plain: OpenSql
) -> None:
    owner, store = open_plain(address), open_plain(address)
    await owner.claim(["home"])
    await owner.save(alerting(alert()))
    at = datetime(2026, 11, 25, tzinfo=UTC)
    with pytest.raises(StoreLostError):
        await store.save(about(snapshot()))
    with pytest.raises(StoreLostError):
        await store.put("messages", "1", "a", "home")
    with pytest.raises(StoreLostError):
        await store.delete("messages", "1", "home")
    with pytest.raises(StoreLostError):
        await store.take_order(await store.add_order("home", "d", Verb.DISCONNECT, at))
    await store.put("team", "1", "a")
    await store.save(Changes(delivered={alert().id: alert().status}))
    assert await owner.entries("team") == {"1": "a"}
    saved = await owner.load()
    assert saved.snapshots == ()
    assert [one.delivered for one in saved.alerts] == [False]


async def test_an_alert_of_another_account_is_neither_marked_nor_deleted(
    address: str, open_sql: OpenSql
) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    await owner.save(alerting(alert()))
    await other.claim(["office"])
    await other.save(Changes(delivered={alert().id: alert().status}))
    [kept] = (await owner.load(["home"])).alerts
    assert not kept.delivered


async def test_anybody_may_leave_an_order(address: str, open_sql: OpenSql) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    at = datetime(2026, 11, 25, tzinfo=UTC)
    order_id = await other.add_order("home", "device-1", Verb.PAUSE, at)
    assert [order.id for order in await owner.orders()] == [order_id]
    await owner.save(Changes(orders=frozenset({order_id})))
    assert await other.orders() == ()


async def test_who_waits_takes_over_and_says_once_why_it_waits(
    address: str, open_sql: OpenSql
) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    reasons: list[StoreError] = []
    waiting = asyncio.create_task(
        wait_until_owned(other, ["home"], rng=Random(1), on_wait=reasons.append, every=0.01)
    )
    done, _ = await asyncio.wait([waiting], timeout=0.3)
    assert not done
    await owner.close()
    async with asyncio.timeout(200):
        await waiting
    assert other.owned == {"home"}
    assert [type(reason) for reason in reasons] == [StoreOwnedError]


async def test_who_is_cancelled_while_it_waits_owns_nothing(
    address: str, open_sql: OpenSql
) -> None:
    owner, other = open_sql(address), open_sql(address)
    await owner.claim(["home"])
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.1):
            await wait_until_owned(other, ["home"], rng=Random(1), every=0.001)
    await owner.release(["home"])
    await owner.claim(["home"])


async def test_a_store_in_memory_has_no_owner_and_nobody_waits_for_it() -> None:
    store = MemoryStore()
    assert not isinstance(store, OwnableStore)
    await wait_until_owned(store, ["home"], rng=Random(1))


async def test_a_store_in_a_database_can_be_owned(address: str, open_sql: OpenSql) -> None:
    assert isinstance(open_sql(address), OwnableStore)


@pytest.mark.parametrize("lease", [0, -1, float("nan"), float("inf"), 2_000_001])
def test_a_lease_is_above_zero_and_no_longer_than_a_server_counts(lease: float) -> None:
    with pytest.raises(InvalidInputError):
        SqlStore("sqlite:///store.db", lease=lease)
