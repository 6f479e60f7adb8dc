"""What an earlier process left of many accounts is taken in bit by bit."""

import asyncio
from collections.abc import Callable, Collection
from itertools import count
from typing import override

import asyncpg
import pytest

from tests.core.wuts.supervisor.home import PATIENT, until
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts.supervisor import DeviceState, Ownership, Supervisor
from wuts.supervisor.store import Changes, Saved, adoption, ownership
from wuts.supervisor.store.accounts import Accounts
from wuts.supervisor.store.sql import SqlStore

from .sessions import TAKER, take_over
from .values import alert, snapshot

type OpenSql = Callable[[str], SqlStore]

NAMES = [f"account-{number}" for number in range(12)]


async def fill(store: SqlStore, names: Collection[str]) -> None:
    """Keep a paused device of each account, and an alert about it."""
    snapshots = {
        (name, f"{name}-d"): snapshot(account=name, device_id=f"{name}-d", paused=True)
        for name in names
    }
    alerts = (
        alert(alert_id=f"{number:032}", account=name, device_id=f"{name}-d")
        for number, name in enumerate(names)
    )
    await store.save(Changes(snapshots=snapshots, alerts={one.id: one for one in alerts}))


@pytest.mark.slow
async def test_each_account_begins_in_a_turn_of_its_own_with_what_was_left_of_it(
    address: str, open_sql: OpenSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(open_sql(address), NAMES)
    monkeypatch.setattr(adoption, "AT_ONCE", 5)
    turn = 0
    turns: list[int] = []
    begin = Accounts.begin

    def note(accounts: Accounts, name: str) -> None:
        turns.append(turn)
        begin(accounts, name)

    async def watch() -> None:
        nonlocal turn
        while True:
            turn += 1
            await asyncio.sleep(0)

    monkeypatch.setattr(Accounts, "begin", note)
    counting = asyncio.create_task(watch())
    async with (
        Supervisor(PATIENT, store=SqlStore(address)) as supervisor,
        WutsClient(TOKEN) as client,
    ):
        for name in NAMES:
            supervisor.add_account(name, client)
        await until(lambda: len(turns) == len(NAMES))
        assert len(set(turns)) == len(turns)
        assert all(len(supervisor.devices(name)) == 1 for name in NAMES)
        assert {one.account for one in supervisor.open_alerts()} == set(NAMES)
    counting.cancel()


async def test_what_is_lost_while_it_is_taken_in_is_taken_in_again_if_it_is_free(
    database: str,
    open_sql: OpenSql,
    administrator: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    names = NAMES[:6]
    await fill(open_sql(database), names)
    monkeypatch.setattr(adoption, "AT_ONCE", 2)
    taker = SqlStore(f"{database}&{TAKER}")
    begun: list[str] = []
    begun_when_lost: list[str] = []
    reads = count(1)
    begin = Accounts.begin

    def note(accounts: Accounts, name: str) -> None:
        begun.append(name)
        begin(accounts, name)

    class TakenStore(SqlStore):
        @override
        async def load(self, accounts: Collection[str] | None = None) -> Saved:
            if next(reads) == 2:
                begun_when_lost.extend(begun)
                await take_over(administrator, taker, begun[0])
            return await super().load(accounts)

    monkeypatch.setattr(Accounts, "begin", note)
    monkeypatch.setattr(ownership, "EVERY", 0.02)
    async with (
        Supervisor(PATIENT, store=TakenStore(database)) as supervisor,
        WutsClient(TOKEN) as client,
    ):
        for name in names:
            supervisor.add_account(name, client)
        await until(lambda: begun_when_lost != [])
        taken, *others = begun_when_lost + [one for one in names if one not in begun_when_lost]
        assert len(begun_when_lost) == 2
        await until(lambda: supervisor.ownership(taken) is Ownership.STANDBY)
        for name in others:
            await supervisor.until_owner(name)
            states = [one.state for one in supervisor.devices(name).values()]
            assert states == [DeviceState.PAUSED]
        assert supervisor.ownership(taken) is Ownership.STANDBY
        assert supervisor.devices(taken) == {}
    await taker.close()
