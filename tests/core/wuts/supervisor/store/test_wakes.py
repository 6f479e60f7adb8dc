"""A wake that comes to the wrong process reaches the one that looks after the account."""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime

import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, PATIENT, Home, until
from wuts.errors import InvalidInputError
from wuts.supervisor import DeviceState, Ownership, Supervisor
from wuts.supervisor.store import StoreUnavailableError, Verb, order_reader, ownership, wakes
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import EndpointName

from .test_standby import another

type OpenSql = Callable[[str], SqlStore]
type Passed = list[tuple[float, str, str]]

LIST = EndpointName.LIST_DEVICES


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "EVERY", 0.02)
    monkeypatch.setattr(order_reader, "EVERY", 0.02)


@pytest.fixture
def passed(monkeypatch: pytest.MonkeyPatch) -> Passed:
    """When each wake was passed on, its account and its device."""
    found: Passed = []
    add = SqlStore.add_order

    async def note(store: SqlStore, account: str, device_id: str, verb: Verb, at: datetime) -> int:
        assert verb is Verb.WAKE
        found.append((time.monotonic(), account, device_id))
        return await add(store, account, device_id, verb, at)

    monkeypatch.setattr(SqlStore, "add_order", note)
    return found


async def test_a_standby_s_wake_of_a_device_reaches_the_owner(address: str, home: Home) -> None:
    device_id, _ = home.add_devices(2)
    async with (
        home.supervised(PATIENT, store=SqlStore(address), sees=2),
        another(home, address) as second,
    ):
        await second.listener.until(lambda: second.roles == [Ownership.STANDBY])
        home.world.drop(device_id)
        second.supervisor.wake(ACCOUNT, device_id)
        await home.until_told(device_id, DeviceState.RECONNECTING)
        await home.until_state(device_id, DeviceState.CONNECTED)


async def test_a_wake_of_an_account_that_was_never_added_reaches_the_owner(
    address: str, home: Home
) -> None:
    home.add_devices(1)
    async with (
        home.supervised(PATIENT, store=SqlStore(address), sees=1),
        Supervisor(PATIENT, store=SqlStore(address)) as other,
    ):
        before = home.requests(LIST)
        other.wake_anywhere(ACCOUNT)
        await until(lambda: home.requests(LIST) > before)
        with pytest.raises(InvalidInputError):
            other.wake(ACCOUNT)


async def test_the_owner_itself_looks_without_the_store(
    address: str, home: Home, passed: Passed
) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, store=SqlStore(address), sees=1) as owner:
        before = home.requests(LIST)
        owner.wake_anywhere(ACCOUNT)
        await until(lambda: home.requests(LIST) > before)
    assert passed == []


@pytest.mark.slow
async def test_wakes_of_a_device_are_passed_on_once_in_a_while_and_none_is_lost(
    address: str, passed: Passed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakes, "EVERY", 2.0)
    async with Supervisor(PATIENT, store=SqlStore(address)) as supervisor:
        for _ in range(50):
            supervisor.wake_anywhere("home", "d")
        supervisor.wake_anywhere("home", "other")
        await until(lambda: len(passed) == 2)
        for _ in range(50):
            supervisor.wake_anywhere("home", "d")
        await until(lambda: len(passed) == 3)
        await asyncio.sleep(2.1)
        supervisor.wake_anywhere("home", "d")
        await until(lambda: len(passed) == 4)
    times = [at for at, _, device_id in passed if device_id == "d"]
    assert len(times) == 3
    assert times[1] - times[0] >= 1.99, "within the while there is one, at its end"


async def test_a_store_that_is_away_gets_the_wake_later(
    address: str, open_sql: OpenSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakes, "EVERY", 0.02)
    tries: list[str] = []

    async def fail(_store: SqlStore, account: str, *_: object) -> int:
        tries.append(account)
        raise StoreUnavailableError

    async with Supervisor(PATIENT, store=SqlStore(address)) as supervisor:
        with monkeypatch.context() as broken:
            broken.setattr(SqlStore, "add_order", fail)
            supervisor.wake_anywhere("home")
            await until(lambda: len(tries) > 2)
        book = open_sql(address)
        async with asyncio.timeout(200):
            while not await book.orders():  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.01)


async def test_too_many_devices_at_once_are_looked_at_by_account(
    address: str, passed: Passed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(wakes, "MOST_WAITING", 3)
    async with Supervisor(PATIENT, store=SqlStore(address)) as supervisor:
        for number in range(100):
            supervisor.wake_anywhere("home", f"d{number}")
        await until(lambda: len(passed) == 4)
    assert sorted(device_id for _, _, device_id in passed) == ["", "d0", "d1", "d2"]


async def test_a_store_of_one_process_passes_nothing_on(home: Home) -> None:
    home.add_devices(1)
    async with home.supervised(PATIENT, sees=1) as supervisor:
        before = asyncio.all_tasks()
        supervisor.wake_anywhere("unknown", "d")
        assert asyncio.all_tasks() == before
