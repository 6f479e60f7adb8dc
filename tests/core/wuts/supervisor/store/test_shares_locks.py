"""Processes that share accounts out, as PostgreSQL sees them: who is there, who holds what."""

import asyncio

import asyncpg
import pytest

from wuts.supervisor.store import (
    StoreAddressError,
    StoreLostError,
    StoreOwnedError,
    StoreUnavailableError,
)
from wuts.supervisor.store.keys import shard_of
from wuts.supervisor.store.shares import Members
from wuts.supervisor.store.sql import SqlStore

from .sessions import OpenOwner, end_sessions
from .values import about, snapshot


def accounts_of(shard: int, count: int = 1) -> list[str]:
    """Return the first accounts of a shard."""
    found: list[str] = []
    number = 0
    while len(found) < count:
        number += 1
        if shard_of(f"account-{number}") == shard:
            found.append(f"account-{number}")
    return found


async def test_each_sees_who_is_there_and_who_holds_what(open_owner: OpenOwner) -> None:
    one, two = open_owner(shares_out=True), open_owner(shares_out=True)
    alone = await one.members()
    assert alone == Members(alone.me, frozenset({alone.me}))
    joined = await two.members()
    assert joined.me != alone.me
    await one.claim([*accounts_of(0), *accounts_of(63)])
    await two.claim(accounts_of(5, 3))
    for store, me in ((one, alone.me), (two, joined.me)):
        seen = await store.members()
        assert seen.me == me
        assert seen.all == {alone.me, joined.me}
        assert seen.holders == {0: alone.me, 63: alone.me, 5: joined.me}


async def test_a_shard_is_held_until_the_last_account_in_it_is_released(
    open_owner: OpenOwner,
) -> None:
    one, two = open_owner(shares_out=True), open_owner(shares_out=True)
    me = (await one.members()).me
    first, second, third = accounts_of(9, 3)
    await one.claim([first, second])
    await one.release([first])
    assert (await one.members()).holders == {9: me}
    with pytest.raises(StoreOwnedError) as refused:
        await two.claim([third, *accounts_of(10)])
    assert refused.value.accounts == (third,)
    await one.release([second])
    await two.claim([third, *accounts_of(10)])
    assert (await one.members()).holders.keys() == {9, 10}


async def test_who_leaves_is_not_there_any_more(open_owner: OpenOwner) -> None:
    one, two = open_owner(shares_out=True), open_owner(shares_out=True)
    me = (await one.members()).me
    await two.members()
    await two.claim(accounts_of(9))
    await two.close()
    async with asyncio.timeout(200):
        while (await one.members()).all != {me}:  # noqa: ASYNC110 - nobody hears of an end
            await asyncio.sleep(0.01)
    assert (await one.members()).holders == {}


async def test_schemas_do_not_see_each_other(
    database: str, administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    await administrator.execute("CREATE SCHEMA other")
    one = open_owner(shares_out=True)
    two = open_owner(address=f"{database}&options=-csearch_path%3Dother", shares_out=True)
    await two.claim(accounts_of(9))
    await two.members()
    seen = await one.members()
    assert seen == Members(seen.me, frozenset({seen.me}))


async def test_who_names_accounts_and_who_shares_them_out_keep_each_other_out(
    open_owner: OpenOwner,
) -> None:
    sharing, naming = open_owner(shares_out=True), open_owner()
    [account] = accounts_of(9)
    await naming.claim([account])
    assert (await sharing.members()).holders == {9: None}
    with pytest.raises(StoreOwnedError):
        await sharing.claim([account])
    await naming.release([account])
    await sharing.claim([account])
    with pytest.raises(StoreOwnedError):
        await naming.claim(accounts_of(9, 2)[1:])


async def test_who_loses_its_session_for_a_moment_is_the_same_member_after(
    administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    store, other = open_owner(shares_out=True), open_owner(shares_out=True)
    before = await store.members()
    await other.members()
    accounts = accounts_of(9, 2)
    await store.claim(accounts)
    await end_sessions(administrator)
    after = await until_there(store)
    assert after.me == before.me
    assert after.holders == {9: before.me}
    await store.save(about(snapshot(account=accounts[0])))
    assert store.owned == set(accounts)


async def test_who_lost_a_shard_to_another_has_lost_all_and_may_come_again(
    administrator: asyncpg.Connection, open_owner: OpenOwner
) -> None:
    store, other = open_owner(shares_out=True), open_owner(shares_out=True)
    me = (await store.members()).me
    mine, taken = accounts_of(9)[0], accounts_of(10)[0]
    await store.claim([mine, taken])
    await end_sessions(administrator)
    await other.claim([taken])
    with pytest.raises(StoreLostError):
        await store.members()
    assert store.owned == frozenset()
    assert not store.may_tell
    with pytest.raises(StoreLostError):
        await store.save(about(snapshot(account=mine)))
    seen = await store.members()
    assert seen.me == me
    assert set(seen.holders) == {10}
    await store.claim([mine])
    await store.save(about(snapshot(account=mine)))


async def test_many_that_begin_together_make_the_tables_once(database: str) -> None:
    stores = [SqlStore(database, shares_out=True) for _ in range(6)]
    try:
        await asyncio.gather(
            *(store.claim(accounts_of(number)) for number, store in enumerate(stores))
        )
        seen = [await store.members() for store in stores]
        assert len({one.me for one in seen}) == len(stores)
        assert seen[-1].holders == {number: one.me for number, one in enumerate(seen)}
    finally:
        for store in stores:
            await store.close()


async def test_a_file_is_refused_with_the_reason(sqlite_file: str) -> None:
    with pytest.raises(StoreAddressError, match="A SQLite file is on one machine"):
        SqlStore(f"sqlite:///{sqlite_file}", shares_out=True)


async def test_a_store_opened_for_named_accounts_has_no_members(open_owner: OpenOwner) -> None:
    with pytest.raises(StoreAddressError, match="shares_out"):
        await open_owner().members()


async def until_there(store: SqlStore) -> Members:
    """Look as a member does: again and again, unless another process has taken over."""
    async with asyncio.timeout(200):
        while True:
            try:
                return await store.members()
            except StoreUnavailableError:
                await asyncio.sleep(0.05)
