"""Two supervisors with one account and one store: one looks, the other waits."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from random import Random

import asyncpg
import pytest

from tests.core.wuts.supervisor.home import ACCOUNT, QUICK, Home, until
from wuts.errors import InvalidInputError
from wuts.supervisor import (
    AccountState,
    AlertKind,
    AlertStatus,
    DeviceState,
    Event,
    OwnerChanged,
    Ownership,
    StoreTrouble,
    Supervisor,
)
from wuts.supervisor.delivery import outbox
from wuts.supervisor.store import (
    Changes,
    StoreOwnedError,
    Verb,
    give_order,
    order_reader,
    ownership,
    wait_until_owned,
)
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import EndpointName, FaultKind

from .listener import Listener
from .postgresql_server import PostgresqlServer
from .sessions import TAKER, take_over
from .test_orders import NOW
from .values import about, alert, snapshot

type OpenSql = Callable[[str], SqlStore]

RAISED, RESOLVED = AlertStatus.RAISED, AlertStatus.RESOLVED


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ownership, "EVERY", 0.02)
    monkeypatch.setattr(order_reader, "EVERY", 0.02)


class Second:
    """Another supervisor of the same account."""

    def __init__(self, supervisor: Supervisor) -> None:
        self.supervisor = supervisor
        self.listener = Listener()
        supervisor.subscribe(self.listener)

    @property
    def roles(self) -> list[Ownership]:
        return [one.role for one in self.listener.events if isinstance(one, OwnerChanged)]

    def state(self, device_id: str) -> DeviceState | None:
        return self.supervisor.devices(ACCOUNT)[device_id].state


@asynccontextmanager
async def another(home: Home, address: str) -> AsyncIterator[Second]:
    second = Second(Supervisor(QUICK, store=SqlStore(address)))
    async with second.supervisor:
        second.supervisor.add_account(ACCOUNT, home.new_client())
        yield second


async def test_who_waits_knows_nothing_and_takes_over_when_the_owner_stops(
    address: str, home: Home
) -> None:
    unlinked, paused = home.add_devices(2)
    async with home.supervised(store=SqlStore(address), sees=2) as first:
        await first.pause(ACCOUNT, paused)
        home.world.unlink(unlinked)
        await home.listener.until(lambda: home.listener.alerts() == [(unlinked, RAISED)])
        async with another(home, address) as second:
            await second.listener.until(lambda: second.roles == [Ownership.STANDBY])
            waiting = second.supervisor
            assert waiting.ownership(ACCOUNT) is Ownership.STANDBY
            assert dict(waiting.devices(ACCOUNT)) == {}
            assert waiting.account_state(ACCOUNT) is AccountState.HEALTHY
            assert waiting.open_alerts() == ()
            waiting.wake(ACCOUNT)
            for refused in (waiting.pause, waiting.resume, waiting.disconnect):
                with pytest.raises(StoreOwnedError):
                    await refused(ACCOUNT, paused)
            with pytest.raises(StoreOwnedError):
                waiting.forget(ACCOUNT, paused)
            await first.stop()
            await second.listener.until(
                lambda: second.roles == [Ownership.STANDBY, Ownership.OWNER]
            )
            await until(lambda: second.state(unlinked) is DeviceState.NEEDS_PAIRING)
            assert second.state(paused) is DeviceState.PAUSED
            assert [one.device_id for one in waiting.open_alerts()] == [unlinked]
    assert second.listener.alerts() == []


async def test_an_account_that_is_released_is_continued_by_the_next_owner(
    address: str, home: Home
) -> None:
    unlinked, paused = home.add_devices(2)
    async with (
        home.supervised(store=SqlStore(address), sees=2) as first,
        another(home, address) as second,
    ):
        await first.pause(ACCOUNT, paused)
        home.world.unlink(unlinked)
        await home.listener.until(lambda: home.listener.alerts() == [(unlinked, RAISED)])
        told = len(home.listener.events)
        await first.release_account(ACCOUNT)
        await second.supervisor.until_owner(ACCOUNT)
        await until(lambda: second.state(unlinked) is DeviceState.NEEDS_PAIRING)
        assert second.state(paused) is DeviceState.PAUSED
        home.world.sessions.store_credentials(home.world.device(unlinked), "5511999990000")
        home.world.device(unlinked).open_session(home.world.sessions.calendar())
        await second.listener.until(lambda: second.listener.alerts() == [(unlinked, RESOLVED)])
        assert home.listener.events[told:] == []
        with pytest.raises(InvalidInputError):
            first.devices(ACCOUNT)
        first.add_account(ACCOUNT, home.new_client())
        assert await first.until_decided(ACCOUNT) is Ownership.STANDBY
        await second.supervisor.release_account(ACCOUNT)
        await first.until_owner(ACCOUNT)
        await until(lambda: home.state(paused) is DeviceState.PAUSED)


async def test_what_a_slow_subscriber_is_being_told_is_not_told_again_by_the_next_owner(
    address: str, home: Home
) -> None:
    [unlinked] = home.add_devices(1)
    may_end = asyncio.Event()
    heard: list[Event] = []

    async def slow(event: Event) -> None:
        if getattr(event, "status", None) is RAISED:
            heard.append(event)
            await may_end.wait()

    async with (
        home.supervised(store=SqlStore(address), sees=1) as first,
        another(home, address) as second,
    ):
        first.subscribe(slow)
        home.world.unlink(unlinked)
        await until(lambda: heard != [])
        releasing = asyncio.create_task(first.release_account(ACCOUNT))
        await asyncio.sleep(0)
        may_end.set()
        await releasing
        await second.supervisor.until_owner(ACCOUNT)
        await until(lambda: second.state(unlinked) is DeviceState.NEEDS_PAIRING)
    assert second.listener.alerts() == []


async def test_an_account_that_waits_can_be_released_and_removed_accounts_are_free(
    address: str, home: Home
) -> None:
    home.add_devices(1)
    async with (
        home.supervised(store=SqlStore(address), sees=1) as first,
        another(home, address) as second,
    ):
        assert await second.supervisor.until_decided(ACCOUNT) is Ownership.STANDBY
        with pytest.raises(StoreOwnedError):
            await second.supervisor.remove_account(ACCOUNT)
        await second.supervisor.release_account(ACCOUNT)
        with pytest.raises(InvalidInputError):
            second.supervisor.ownership(ACCOUNT)
        second.supervisor.add_account(ACCOUNT, home.new_client())
        await first.remove_account(ACCOUNT)
        await second.supervisor.until_owner(ACCOUNT)


@pytest.mark.slow
async def test_an_owner_that_loses_its_account_forgets_it_and_waits(
    database: str, administrator: asyncpg.Connection, home: Home, open_sql: OpenSql
) -> None:
    unlinked, other_device = home.add_devices(2)
    async with home.supervised(store=SqlStore(database), sees=2) as supervisor:
        await supervisor.resume(ACCOUNT, unlinked)  # returns when what is known is saved
        taker = open_sql(f"{database}&{TAKER}")
        await take_over(administrator, taker, ACCOUNT)
        home.world.unlink(unlinked)
        await home.listener.until(lambda: _roles(home) == [Ownership.STANDBY])
        assert dict(supervisor.devices(ACCOUNT)) == {}
        await asyncio.sleep(0.2)  # what was given up may be on its way to the gateway still
        seen = home.requests(EndpointName.LIST_DEVICES)
        await taker.save(about(snapshot(other_device, account=ACCOUNT, paused=True)))
        await asyncio.sleep(0.3)
        assert home.requests(EndpointName.LIST_DEVICES) == seen
        assert home.listener.alerts() == []
        await taker.close()
        await supervisor.until_owner(ACCOUNT)
        await home.listener.until(lambda: home.listener.alerts() == [(unlinked, RAISED)])
        # What the other one has saved counts, not what this one remembers.
        assert home.state(other_device) is DeviceState.PAUSED
        assert _roles(home) == [Ownership.STANDBY, Ownership.OWNER]


async def test_an_order_is_left_to_the_owner(address: str, home: Home, open_sql: OpenSql) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(store=SqlStore(address), sees=1), another(home, address) as second:
        await second.listener.until(lambda: second.roles == [Ownership.STANDBY])
        assert await give_order(open_sql(address), ACCOUNT, device_id, Verb.PAUSE, at=NOW)
        assert home.state(device_id) is DeviceState.PAUSED


async def test_another_account_under_the_same_name_is_refused_and_nothing_is_touched(
    address: str, home: Home, open_sql: OpenSql
) -> None:
    [device_id] = home.add_devices(1)
    home.world.add_tenant("office", "other-token")
    home.world.add_device("office", state="connected")
    async with home.supervised(store=SqlStore(address), sees=1) as supervisor:
        await supervisor.pause(ACCOUNT, device_id)
    before = await open_sql(address).load()
    client = home.new_client("other-token")
    async with home.supervised(store=SqlStore(address), client=client) as supervisor:
        await home.listener.until(lambda: _roles(home) == [Ownership.OTHER_ACCOUNT])
        assert supervisor.ownership(ACCOUNT) is Ownership.OTHER_ACCOUNT
        assert dict(supervisor.devices(ACCOUNT)) == {}
        # The right token is taken, and its devices are known.
        await supervisor.replace_client(ACCOUNT, home.new_client())
        await until(lambda: home.state(device_id) is DeviceState.PAUSED)
    assert await open_sql(address).load() == before
    assert home.told() == []


async def test_nobody_is_called_about_what_was_left_before_the_account_is_known_to_be_the_same(
    address: str, home: Home, open_sql: OpenSql
) -> None:
    """The ids in the store would be another account's, asked about with this one's token."""
    [paused, refused, known, _] = kept = [f"device-{number}" for number in range(4)]
    devices = [snapshot(one, paused=one == paused, needs_pairing=one == known) for one in kept]
    alerts = [
        replace(alert(device_id=refused), kind=AlertKind.DEVICE_REFUSED),
        alert(alert_id="1" * 32, device_id=known),
    ]
    store = open_sql(address)
    await store.save(about(*devices))
    await store.save(Changes(alerts={one.id: one for one in alerts}, users={ACCOUNT: "ana"}))
    home.add_devices(1)
    # Its first listing does not come until everything else had its time.
    home.fault(EndpointName.LIST_DEVICES, FaultKind.LATENCY, seconds=0.5, times=1)
    async with home.supervised(store=SqlStore(address)) as supervisor:
        await until(lambda: home.requests(EndpointName.LIST_DEVICES) == 1)
        await supervisor.resume(ACCOUNT, paused)
        for device_id in kept:
            supervisor.wake(ACCOUNT, device_id)
        await home.listener.until(lambda: _roles(home) == [Ownership.OTHER_ACCOUNT])
    for endpoint in (EndpointName.STATUS, EndpointName.CONNECT):
        assert home.requests(endpoint) == 0


async def test_a_claim_that_was_made_before_the_start_is_used(address: str, home: Home) -> None:
    [device_id] = home.add_devices(1)
    async with home.supervised(store=SqlStore(address), sees=1) as supervisor:
        await supervisor.pause(ACCOUNT, device_id)
    store = SqlStore(address)
    await wait_until_owned(store, [ACCOUNT], rng=Random(1))
    async with Supervisor(QUICK, store=store) as supervisor:
        supervisor.add_account(ACCOUNT, home.new_client())
        assert supervisor.devices(ACCOUNT)[device_id].state is DeviceState.PAUSED


def _roles(home: Home) -> list[Ownership]:
    return [one.role for one in home.listener.events if isinstance(one, OwnerChanged)]


async def test_who_waits_does_not_say_that_it_supervises_when_the_store_is_away(
    postgresql: PostgresqlServer,
    home: Home,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.WARNING, "wuts.supervisor")
    monkeypatch.setattr(outbox, "RETRY_AFTER", 0.05)
    database = await postgresql.new_database()
    home.add_devices(1)
    async with home.supervised(store=SqlStore(database), sees=1), another(home, database) as second:
        await second.listener.until(lambda: second.roles == [Ownership.STANDBY])
        await asyncio.to_thread(postgresql.stop)
        try:
            await second.listener.until(lambda: second.listener.troubles != [])
            home.world.drop(next(iter(home.settled())).id)
            await home.listener.until(lambda: home.listener.troubles != [])
        finally:
            await asyncio.to_thread(postgresql.start)
        assert [one.is_waiting for one in _troubles(second.listener)] == [True]
        assert [one.is_waiting for one in _troubles(home.listener)] == [False]
    said = [one.getMessage() for one in caplog.records if "cannot be reached" in one.getMessage()]
    assert sorted(text.partition("address. ")[2] for text in said) == [
        "Supervision continues without it.",
        "This process keeps waiting.",
    ]


def _troubles(listener: Listener) -> list[StoreTrouble]:
    return [one for one in listener.events if isinstance(one, StoreTrouble) and one.problem]
