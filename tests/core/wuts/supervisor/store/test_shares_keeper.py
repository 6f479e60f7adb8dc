"""Several that keep a share, over one real database, as they come and go."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import asyncpg
import pytest

from wuts.supervisor.store import StoreError
from wuts.supervisor.store.keys import SHARDS, shard_of
from wuts.supervisor.store.shares import MOST_RELEASES
from wuts.supervisor.store.shares_keeper import ShareKeeper
from wuts.supervisor.store.sql import SqlStore

from .postgresql_server import PostgresqlServer
from .sessions import end_sessions

LEASE = 1.0
"""So that each looks ten times a second."""


def one_account_a_shard() -> list[str]:
    found: dict[int, str] = {}
    number = 0
    while len(found) < SHARDS:
        number += 1
        found.setdefault(shard_of(f"account-{number}"), f"account-{number}")
    return list(found.values())


ACCOUNTS = one_account_a_shard()


@dataclass
class Process:
    """What a process takes care of, and what it was told."""

    store: SqlStore
    keeper: ShareKeeper | None = None
    accounts: set[str] = field(default_factory=set)
    members: list[int] = field(default_factory=list)
    troubles: list[str | None] = field(default_factory=list)
    most_released: int = 0
    _leaving: int = 0

    def adopt(self, account: str) -> None:
        assert account in self.store.owned, "adopted before it was claimed"
        assert account not in self.accounts
        self.accounts.add(account)

    async def release(self, account: str) -> None:
        self.accounts.remove(account)
        self._leaving += 1
        self.most_released = max(self.most_released, self._leaving)
        await asyncio.sleep(0)
        await self.store.release([account])
        self._leaving -= 1

    def divide(self, members: int) -> None:
        self.members.append(members)

    def report(self, error: StoreError | None) -> None:
        self.troubles.append(error.message if error is not None else None)


@asynccontextmanager
async def keeping(address: str, lease: float = LEASE) -> AsyncIterator[Process]:
    process = Process(SqlStore(address, lease=lease, shares_out=True))
    process.keeper = ShareKeeper(process.store, ACCOUNTS, process, lease=lease)
    try:
        async with process.keeper:
            yield process
    finally:
        await process.store.close()


async def until(condition: Callable[[], object]) -> None:
    async with asyncio.timeout(200):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.02)


def are_shared_out(*processes: Process) -> bool:
    """Tell whether each account has one process, and shares differ by one at most."""
    shares = [len(one.accounts) for one in processes]
    everything = [account for one in processes for account in one.accounts]
    is_even = max(shares) - min(shares) <= 1
    return is_even and sorted(everything) == sorted(ACCOUNTS)


async def test_who_is_alone_takes_care_of_everything(database: str) -> None:
    async with keeping(database) as process:
        await until(lambda: are_shared_out(process))
    assert process.members == [1]
    assert process.accounts == set()


@pytest.mark.slow
async def test_who_joins_gets_its_share_and_who_leaves_gives_it_back(database: str) -> None:
    async with keeping(database) as one:
        await until(lambda: are_shared_out(one))
        async with keeping(database) as two:
            await until(lambda: are_shared_out(one, two))
            assert one.most_released <= MOST_RELEASES
            async with keeping(database) as three:
                await until(lambda: are_shared_out(one, two, three))
            await until(lambda: are_shared_out(one, two))
        await until(lambda: are_shared_out(one))
    assert one.members == [1, 2, 3, 2, 1]
    assert one.troubles == two.troubles == three.troubles == []


async def test_those_that_begin_together_share_evenly(database: str) -> None:
    async with AsyncExitStack() as stack:
        processes = [await stack.enter_async_context(keeping(database)) for _ in range(5)]
        await until(lambda: are_shared_out(*processes))
        assert not any(one.troubles for one in processes)


async def test_lost_sessions_move_nothing_while_all_return(
    database: str, administrator: asyncpg.Connection
) -> None:
    async with keeping(database) as one, keeping(database) as two:
        await until(lambda: are_shared_out(one, two))
        before = set(one.accounts)
        await end_sessions(administrator)
        await until(lambda: one.store.may_tell and two.store.may_tell)
        await asyncio.sleep(5 * LEASE / 10)
        assert are_shared_out(one, two)
        assert one.accounts == before


async def test_a_database_that_restarts_moves_nothing_for_long(
    postgresql: PostgresqlServer,
) -> None:
    database = await postgresql.new_database()
    async with keeping(database) as one, keeping(database) as two:
        await until(lambda: are_shared_out(one, two))
        await asyncio.to_thread(postgresql.stop)
        try:
            await until(lambda: one.troubles and two.troubles)
            assert are_shared_out(one, two), "a look that fails changes nothing"
        finally:
            await asyncio.to_thread(postgresql.start)
        await until(lambda: one.troubles[-1] is None and two.troubles[-1] is None)
        await until(lambda: are_shared_out(one, two))


async def test_accounts_of_a_process_that_takes_no_part_are_told_of_and_left_to_it(
    database: str,
) -> None:
    outsider = SqlStore(database)
    try:
        await outsider.claim(ACCOUNTS[:1])
        async with keeping(database) as process:
            await until(lambda: process.troubles)
            assert process.accounts == set(ACCOUNTS[1:])
            [told] = process.troubles
            assert told is not None
            assert ACCOUNTS[0] in told
            await outsider.release(ACCOUNTS[:1])
            await until(lambda: are_shared_out(process))
        assert process.troubles == [told, None]
    finally:
        await outsider.close()


async def test_a_caretaker_that_fails_is_logged_once_and_the_keeper_goes_on(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with keeping(database) as process:
        adopt, calls = process.adopt, []

        def failing(account: str) -> None:
            calls.append(account)
            if len(calls) <= 2:
                raise RuntimeError(account)
            adopt(account)

        process.adopt = failing  # type: ignore[method-assign]
        await until(lambda: len(process.accounts) == SHARDS)
    assert len([one for one in caplog.records if one.levelname == "ERROR"]) == 1
