"""Orders that one process leaves in a store, and a supervisor in another carries out."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, QUICK, Home, until
from wuts.supervisor import DeviceState
from wuts.supervisor.store import Changes, Order, Verb, give_order, order_reader
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import EndpointName

from .databases import executing, in_database

type OpenSql = Callable[[str], SqlStore]

NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order_reader, "EVERY", 0.02)


async def test_orders_are_kept_in_their_order_until_they_are_carried_out(
    address: str, open_sql: OpenSql
) -> None:
    one, other = open_sql(address), open_sql(address)
    first = await one.add_order("home", "device-1", Verb.PAUSE, NOW)
    second = await other.add_order("home", "device-1", Verb.RESUME, NOW)
    kept = await open_sql(address).orders()
    assert [order.id for order in kept] == [first, second]
    assert kept[0] == Order(id=first, account="home", device_id="device-1", verb=Verb.PAUSE, at=NOW)
    await one.save(Changes(orders=frozenset({first})))
    assert [order.id for order in await other.orders()] == [second]


async def test_no_id_is_ever_given_twice(address: str, open_sql: OpenSql) -> None:
    store = open_sql(address)
    first = await store.add_order("home", "device-1", Verb.PAUSE, NOW)
    await store.save(Changes(orders=frozenset({first})))
    assert await store.add_order("home", "device-1", Verb.PAUSE, NOW) > first


async def test_an_order_of_a_newer_version_is_left_alone(address: str, open_sql: OpenSql) -> None:
    store = open_sql(address)
    await store.add_order("home", "device-1", Verb.PAUSE, NOW)
    await in_database(address, executing("UPDATE wuts_orders SET verb = 'sing'"))
    assert await store.orders() == ()


async def test_a_running_supervisor_takes_an_order_and_deletes_it(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(store=SqlStore(address), sees=1):
        giver = open_sql(address)
        assert await give_order(giver, ACCOUNT, device_id, Verb.PAUSE, at=NOW)
        assert home.state(device_id) is DeviceState.PAUSED
        saved = await giver.load()
        assert [one.paused for one in saved.snapshots] == [True]
        assert await give_order(giver, ACCOUNT, device_id, Verb.RESUME, at=NOW)
        await home.until_state(device_id, DeviceState.CONNECTED)


async def test_what_was_ordered_while_nobody_watched_counts_before_the_first_call(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(store=SqlStore(address), sees=1):
        pass
    assert not await give_order(
        open_sql(address), ACCOUNT, device_id, Verb.PAUSE, at=NOW, patience=0.05
    )
    home.world.drop(device_id)
    async with home.supervised(QUICK, store=SqlStore(address), sees=1):
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) > 5)
        assert home.state(device_id) is DeviceState.PAUSED
    assert home.requests(EndpointName.CONNECT) == 0
    assert await open_sql(address).orders() == ()


async def test_an_order_for_another_account_waits_for_its_supervisor(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    [device_id] = home.add_devices(1)
    giver = open_sql(address)
    async with home.supervised(store=SqlStore(address), sees=1) as supervisor:
        assert not await give_order(giver, "office", device_id, Verb.PAUSE, at=NOW, patience=0.1)
        assert home.state(device_id) is DeviceState.CONNECTED
        supervisor.add_account("office", home.new_client())
        devices = supervisor.devices("office")
        await until(lambda: device_id in devices)
        assert devices[device_id].state is DeviceState.PAUSED
        assert home.state(device_id) is DeviceState.CONNECTED


async def test_a_pause_is_done_only_when_no_reconnect_is_under_way(
    address: str, open_sql: OpenSql, home: Home
) -> None:
    """Or whoever waits for it, and disconnects then, would be undone by it."""
    [device_id] = home.add_devices(1)
    giver = open_sql(address)
    async with home.supervised(store=SqlStore(address), sees=1):
        home.fault(EndpointName.CONNECT, times=1)
        home.world.drop(device_id)
        await until(lambda: home.requests(EndpointName.CONNECT) == 1)
        assert not await give_order(giver, ACCOUNT, device_id, Verb.PAUSE, at=NOW, patience=0.2)
        assert home.state(device_id) is DeviceState.PAUSED


async def test_a_store_that_is_locked_for_a_while_loses_no_order(
    address: str, open_sql: OpenSql, home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    [device_id] = home.add_devices(1)
    failures = count()

    async def fail(_store: SqlStore, _changes: Changes) -> None:
        next(failures)
        raise OSError

    store = SqlStore(address)
    monkeypatch.setattr("wuts.supervisor.delivery.outbox.RETRY_AFTER", 0.02)
    async with home.supervised(store=store, sees=1):
        with monkeypatch.context() as patched:
            patched.setattr(SqlStore, "save", fail)
            giver = open_sql(address)
            order = asyncio.create_task(
                give_order(giver, ACCOUNT, device_id, Verb.PAUSE, at=NOW, patience=30)
            )
            await home.until_state(device_id, DeviceState.PAUSED)
            await until(lambda: next(failures) > 2)
        assert await order
    assert [one.paused for one in (await open_sql(address).load()).snapshots] == [True]
