"""Accounts that one process gives away and another takes up: nothing is lost or told twice."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, QUICK, Home, until
from tests.core.wuts.supervisor.store.listener import Listener
from wuts.errors import InvalidInputError
from wuts.supervisor import AlertStatus, DeviceState, Supervisor
from wuts.supervisor.account.account import SLICE
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import EndpointName, FaultKind

CONNECT, LIST = EndpointName.CONNECT, EndpointName.LIST_DEVICES


@pytest.fixture
def address(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


@asynccontextmanager
async def another(address: str) -> AsyncIterator[tuple[Supervisor, Listener]]:
    """A second supervisor, as another process would have one."""
    supervisor, listener = Supervisor(QUICK, store=SqlStore(address)), Listener()
    supervisor.subscribe(listener)
    async with supervisor:
        yield supervisor, listener


async def test_an_account_that_goes_and_returns_forgets_and_tells_nothing(
    home: Home, address: str
) -> None:
    paused, unlinked, plain = home.add_devices(3)
    async with (
        home.supervised(store=SqlStore(address), sees=3) as supervisor,
        another(address) as (other, heard),
    ):
        home.world.unlink(unlinked)
        await supervisor.pause(ACCOUNT, paused)
        await home.listener.until(lambda: len(home.told()) == 1)
        await supervisor.release_account(ACCOUNT)
        other.add_account(ACCOUNT, home.new_client())
        await heard.until(lambda: len(other.devices(ACCOUNT)) == 3)
        await heard.until(lambda: other.devices(ACCOUNT)[plain].state is DeviceState.CONNECTED)
        assert other.devices(ACCOUNT)[paused].state is DeviceState.PAUSED
        assert [alert.device_id for alert in other.open_alerts()] == [unlinked]
        await other.resume(ACCOUNT, paused)
        await other.release_account(ACCOUNT)
        supervisor.add_account(ACCOUNT, home.new_client())
        await supervisor.until_owner(ACCOUNT)
        await home.until_state(paused, DeviceState.CONNECTED)
        assert [alert.device_id for alert in supervisor.open_alerts()] == [unlinked]
        assert heard.alerts() == []
    [told] = home.told()
    assert (told.device_id, told.status) == (unlinked, AlertStatus.RAISED)


async def test_a_call_under_way_may_end_before_another_process_makes_the_same(
    home: Home, address: str
) -> None:
    [device_id] = home.add_devices(1)
    async with (
        home.supervised(store=SqlStore(address), sees=1) as supervisor,
        another(address) as (other, heard),
    ):
        home.fault(CONNECT, FaultKind.LATENCY, seconds=0.5)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        await supervisor.release_account(ACCOUNT, patience=30)
        other.add_account(ACCOUNT, home.new_client())
        await heard.until(lambda: bool(other.devices(ACCOUNT)))
        await heard.until(lambda: other.devices(ACCOUNT)[device_id].state is DeviceState.CONNECTED)
    assert home.world.requests.max_in_flight[device_id] == 1
    assert home.requests(CONNECT) == 1


async def test_a_call_that_hangs_holds_a_release_up_only_for_so_long(
    home: Home, address: str
) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(store=SqlStore(address), sees=1) as supervisor:
        home.fault(CONNECT)
        home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 1)
        async with asyncio.timeout(50):
            await supervisor.release_account(ACCOUNT, patience=0.2)
        with pytest.raises(InvalidInputError):
            supervisor.wake(ACCOUNT)


async def test_a_release_in_the_middle_of_a_long_listing_leaves_nothing_behind(
    home: Home, address: str, caplog: pytest.LogCaptureFixture
) -> None:
    home.add_devices(10 * SLICE)
    store = SqlStore(address)
    async with home.supervised(PATIENT, store=store) as supervisor:
        await until(lambda: bool(supervisor.devices(ACCOUNT)))
        assert len(supervisor.devices(ACCOUNT)) < 10 * SLICE
        await supervisor.release_account(ACCOUNT, patience=30)
        supervisor.add_account(ACCOUNT, home.new_client())
        await until(lambda: len(home.settled()) == 10 * SLICE)
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == []


async def test_calls_are_limited_to_what_is_left_for_a_process(home: Home) -> None:
    devices = home.add_devices(12)
    settings = replace(QUICK, account_concurrency=12)
    async with home.supervised(settings, sees=12) as supervisor:
        supervisor.limit_calls(2)
        home.fault(CONNECT)
        for device_id in devices[:5]:
            home.world.drop(device_id)
        await until(lambda: home.requests(CONNECT) == 2)
        await asyncio.sleep(QUICK.interval * 4)
        assert home.requests(CONNECT) == 2
        supervisor.limit_calls(4)
        await until(lambda: home.requests(CONNECT) == 4)
