"""What happens to a running supervisor whose store does not work."""
# ruff: noqa: ASYNC240 - nothing else waits for the event loop of a test

import logging
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager
from pathlib import Path

import pytest

from wuts import WutsClient
from wuts.supervisor import AlertStatus, DeviceState, Supervisor, SupervisorSettings
from wuts.supervisor.delivery import outbox as relay
from wuts.supervisor.store.sql import SqlStore
from wuts_simulator import Simulator

from .listener import Listener
from .postgresql_server import PostgresqlServer

type OpenSql = Callable[[str], SqlStore]

QUICK = SupervisorSettings(interval=0.05, base=0.02, cap=0.05, debounce=0.0)
RAISED, RESOLVED = AlertStatus.RAISED, AlertStatus.RESOLVED


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "RETRY_AFTER", 0.05)


class Scene:
    """A gateway, a client of it, and somebody who hears what a supervisor tells."""

    def __init__(self, sim: Simulator, client: WutsClient) -> None:
        self.world = sim.world
        self.client = client
        self.listener = Listener()

    @asynccontextmanager
    async def supervised(self, address: str) -> AsyncIterator[Supervisor]:
        supervisor = Supervisor(QUICK, store=SqlStore(address))
        supervisor.subscribe(self.listener)
        async with supervisor:
            supervisor.add_account("home", self.client)
            yield supervisor

    def add_devices(self, count: int) -> list[str]:
        return [self.world.add_device(state="connected").id for _ in range(count)]

    def pair_again(self, device_id: str) -> None:
        device = self.world.device(device_id)
        self.world.sessions.store_credentials(device, "5511999990000")
        device.open_session(self.world.sessions.calendar())


@pytest.fixture
def scene(sim: Simulator, client: WutsClient) -> Scene:
    return Scene(sim, client)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


@pytest.mark.slow
async def test_a_store_that_gets_locked_is_told_once_and_caught_up_with_later(
    sqlite_file: Path, scene: Scene, open_sql: OpenSql, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "wuts")
    listener = scene.listener
    *unlinked, dropped = scene.add_devices(4)
    address = f"sqlite:///{sqlite_file}"
    async with scene.supervised(address) as supervisor:
        devices = supervisor.devices("home")
        await listener.until(lambda: len(devices) == 4)
        with locked(sqlite_file):
            for device_id in unlinked:
                scene.world.unlink(device_id)
            await listener.until(lambda: len(listener.alerts()) == 3)
            scene.world.drop(dropped)
            healed = [DeviceState.RECONNECTING, DeviceState.CONNECTED]
            await listener.until(lambda: listener.states(dropped)[-2:] == healed)
            await listener.until(lambda: bool(listener.troubles))
        await listener.until(lambda: listener.troubles[-1] is None)
    assert len(listener.troubles) == 2
    assert "locked by another process" in (listener.troubles[0] or "")
    levels = [record.levelname for record in caplog.records if record.name.endswith("store_health")]
    assert levels == ["WARNING", "INFO"]
    saved = await open_sql(address).load()
    assert {one.alert.device_id for one in saved.alerts} == {*unlinked}
    assert all(one.delivered for one in saved.alerts)
    assert {one.device_id for one in saved.snapshots if one.needs_pairing} == {*unlinked}


async def test_a_damaged_store_is_left_alone_and_an_empty_one_begun_when_it_is_moved_away(
    sqlite_file: Path, scene: Scene, open_sql: OpenSql
) -> None:
    listener = scene.listener
    (unlinked,) = scene.add_devices(1)
    sqlite_file.write_bytes(b"garbage" * 1000)
    address = f"sqlite:///{sqlite_file}"
    async with scene.supervised(address) as supervisor:
        await listener.until(lambda: bool(supervisor.devices("home")))
        scene.world.unlink(unlinked)
        await listener.until(lambda: listener.alerts() == [(unlinked, RAISED)])
        assert sqlite_file.read_bytes() == b"garbage" * 1000
        sqlite_file.rename(sqlite_file.with_suffix(".damaged"))
        await listener.until(lambda: listener.troubles[-1] is None)
    assert len(listener.troubles) == 2
    assert [one.delivered for one in (await open_sql(address).load()).alerts] == [True]


@pytest.mark.slow
async def test_what_was_saved_counts_though_it_could_not_be_read_at_the_start(
    sqlite_file: Path, scene: Scene
) -> None:
    listener = scene.listener
    unlinked, resting = scene.add_devices(2)
    address = f"sqlite:///{sqlite_file}"
    async with scene.supervised(address) as supervisor:
        await supervisor.disconnect("home", resting)
        scene.world.unlink(unlinked)
        await listener.until(lambda: listener.alerts() == [(unlinked, RAISED)])
    with locked(sqlite_file):
        stack = AsyncExitStack()
        supervisor = await stack.enter_async_context(scene.supervised(address))
        await listener.until(lambda: bool(listener.troubles))
    async with stack:
        await listener.until(lambda: listener.troubles[-1] is None)
        devices = supervisor.devices("home")
        await listener.until(lambda: devices[resting].state is DeviceState.PAUSED)
        assert len(supervisor.open_alerts()) == 1


async def test_a_server_that_stops_and_starts_loses_nothing(
    postgresql: PostgresqlServer, scene: Scene, open_sql: OpenSql
) -> None:
    listener = scene.listener
    (unlinked,) = scene.add_devices(1)
    address = await postgresql.new_database()
    async with scene.supervised(address) as supervisor:
        await listener.until(lambda: bool(supervisor.devices("home")))
        postgresql.stop()
        try:
            scene.world.unlink(unlinked)
            await listener.until(lambda: bool(listener.troubles))
            # Supervision continues, but another process may have become the owner.
            await listener.until(
                lambda: listener.states(unlinked)[-1:] == [DeviceState.NEEDS_PAIRING]
            )
            assert listener.alerts() == []
        finally:
            postgresql.start()
        await listener.until(lambda: listener.alerts() == [(unlinked, RAISED)])
    assert listener.alerts() == [(unlinked, RAISED)]
    assert listener.troubles[-1] is None
    assert len(listener.troubles) == 2
    assert [one.delivered for one in (await open_sql(address).load()).alerts] == [True]


async def test_the_next_supervisor_on_the_same_store_goes_on(address: str, scene: Scene) -> None:
    listener = scene.listener
    unlinked, resting = scene.add_devices(2)
    async with scene.supervised(address) as supervisor:
        await supervisor.disconnect("home", resting)
        scene.world.unlink(unlinked)
        await listener.until(lambda: listener.alerts() == [(unlinked, RAISED)])
    connects = scene.world.requests.connects[resting]
    async with scene.supervised(address) as supervisor:
        scene.pair_again(unlinked)
        await listener.until(lambda: len(listener.alerts()) > 1)
        assert supervisor.devices("home")[resting].state is DeviceState.PAUSED
    assert listener.alerts() == [(unlinked, RAISED), (unlinked, RESOLVED)]
    assert scene.world.requests.connects[resting] == connects
