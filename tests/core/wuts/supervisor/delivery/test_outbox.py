"""What is saved, what is sent, and in which order, whatever the store does."""

import asyncio
import logging
import sqlite3
from collections.abc import Collection, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.core.wuts.supervisor.delivery.line import Line, line_on
from tests.core.wuts.supervisor.home import until
from wuts.supervisor import Alert, AlertKind, AlertStatus, Event, StoreTrouble
from wuts.supervisor.delivery import outbox as relay
from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import Changes, MemoryStore, Saved, StoreError, sqlite
from wuts.supervisor.store.sql import SqlStore

AT = datetime(2026, 5, 4, tzinfo=UTC)
SNAPSHOT = DeviceSnapshot(
    account="home",
    device_id="d0",
    name="One",
    was_paired=True,
    paused=True,
    needs_pairing=False,
    stale_link=False,
)
ALERT = Alert(
    id="a1",
    kind=AlertKind.NEEDS_PAIRING,
    status=AlertStatus.RAISED,
    account="home",
    device_id="d0",
    device_name="One",
    since=AT,
    at=AT,
)
RESOLVED = replace(ALERT, status=AlertStatus.RESOLVED)


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(relay, "RETRY_AFTER", 0.02)
    monkeypatch.setattr(sqlite, "LOCK_TIMEOUT", 0.02)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


async def saved_in(file: Path) -> Saved:
    store = SqlStore(f"sqlite:///{file}")
    try:
        return await store.load()
    finally:
        await store.close()


@contextmanager
def locked(file: Path) -> Iterator[None]:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_an_alert_is_on_disk_before_anybody_hears_of_it(file: Path) -> None:
    seen: list[Saved] = []

    async def looks(_event: Event) -> None:
        seen.append(await saved_in(file))

    async with line_on(SqlStore(f"sqlite:///{file}")) as line:
        line.bus.subscribe(looks)
        line.put(ALERT, snapshot=SNAPSHOT)
        await until(lambda: seen != [])
    assert [one.alert for one in seen[0].alerts] == [ALERT]
    assert not seen[0].alerts[0].delivered
    assert seen[0].snapshots == (SNAPSHOT,)
    assert [one.delivered for one in (await saved_in(file)).alerts] == [True]


class SlowStore(MemoryStore):
    """A store whose saves begin, and end when they are let."""

    def __init__(self) -> None:
        super().__init__()
        self.begun, self.let = asyncio.Event(), asyncio.Event()

    async def save(self, changes: Changes) -> None:
        self.begun.set()
        await self.let.wait()
        await super().save(changes)


async def test_nobody_hears_of_an_alert_while_it_is_being_saved() -> None:
    store = SlowStore()
    async with line_on(store) as line:
        line.put(ALERT, snapshot=SNAPSHOT)
        await store.begun.wait()
        for _ in range(20):
            await asyncio.sleep(0)
        assert line.listener.events == []
        store.let.set()
        await until(lambda: line.listener.events == [ALERT])


class InterruptedStore(MemoryStore):
    """A store whose first write is cancelled under it."""

    interrupted = False

    async def save(self, changes: Changes) -> None:
        if not self.interrupted:
            self.interrupted = True
            write = asyncio.get_running_loop().create_future()
            write.cancel()
            await write
        await super().save(changes)


async def test_a_write_that_is_cancelled_under_the_store_is_made_again() -> None:
    store = InterruptedStore()
    async with line_on(store) as line:
        line.put(ALERT, snapshot=SNAPSHOT)
        await line.listener.until(lambda: line.listener.troubles[-1:] == [None])
    assert ALERT in line.listener.events
    saved = await store.load()
    assert saved.snapshots == (SNAPSHOT,)
    assert [one.delivered for one in saved.alerts] == [True]


async def test_a_resolved_alert_is_dropped_once_it_was_told(file: Path) -> None:
    async with line_on(SqlStore(f"sqlite:///{file}")) as line:
        line.put(ALERT)
        line.put(RESOLVED)
    assert line.listener.events == [ALERT, RESOLVED]
    assert (await saved_in(file)).alerts == ()


async def test_settling_means_that_it_is_saved(file: Path) -> None:
    async with line_on(SqlStore(f"sqlite:///{file}")) as line:
        line.put(snapshot=SNAPSHOT)
        await line.relay.settle()
        assert (await saved_in(file)).snapshots == (SNAPSHOT,)


async def test_a_locked_store_delays_no_event_and_is_caught_up_with(
    file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "wuts")
    async with line_on(SqlStore(f"sqlite:///{file}")) as line:
        with locked(file):
            line.put(ALERT, snapshot=SNAPSHOT)
            await line.relay.settle()
            await line.listener.until(lambda: ALERT in line.listener.events)
            line.put(snapshot=replace(SNAPSHOT, device_id="d1"))
            await line.relay.settle()
        await line.listener.until(lambda: line.listener.troubles[-1] is None)
    saved = await saved_in(file)
    assert {snapshot.device_id for snapshot in saved.snapshots} == {"d0", "d1"}
    assert [one.delivered for one in saved.alerts] == [True]
    assert len(line.listener.troubles) == 2
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]


async def test_what_is_newer_wins_when_a_failed_save_is_made_again(file: Path) -> None:
    async with line_on(SqlStore(f"sqlite:///{file}")) as line:
        with locked(file):
            line.put(snapshot=SNAPSHOT)
            await line.relay.settle()
            line.put(snapshot=replace(SNAPSHOT, name="Two"))
            await line.relay.settle()
        await line.listener.until(lambda: line.listener.troubles[-1:] == [None])
    assert [snapshot.name for snapshot in (await saved_in(file)).snapshots] == ["Two"]


async def test_nothing_is_written_before_what_is_there_was_read(file: Path) -> None:
    async with line_on(SqlStore(f"sqlite:///{file}")) as line:
        line.put(snapshot=SNAPSHOT)
    with locked(file):
        late = Line(SqlStore(f"sqlite:///{file}"))
        late.bus.subscribe(late.listener)
        await late.start()
        late.put(snapshot=replace(SNAPSHOT, paused=False))
        await late.relay.settle()
        assert late.loaded == []
    await late.listener.until(lambda: late.listener.troubles[-1] is None)
    assert [saved.snapshots for saved in late.loaded] == [(SNAPSHOT,)]
    assert [snapshot.paused for snapshot in (await saved_in(file)).snapshots] == [False]
    await late.relay.close()
    await late.bus.close()


async def test_at_the_end_one_more_save_is_tried(
    file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(relay, "RETRY_AFTER", 600.0)
    async with line_on(SqlStore(f"sqlite:///{file}")) as line:
        with locked(file):
            line.put(snapshot=SNAPSHOT)
            await line.relay.settle()
    assert line.listener.troubles[-1] is None
    assert (await saved_in(file)).snapshots == (SNAPSHOT,)


async def test_alerts_are_told_again_but_for_those_that_were_told_anew() -> None:
    store = MemoryStore()
    other = replace(ALERT, id="a2")
    told = replace(ALERT, id="a3")
    alerts = {alert.id: alert for alert in (ALERT, other, told)}
    await store.save(Changes({}, alerts, {told.id: told.status}))
    async with line_on(store) as line:
        line.outbox.events.append(ALERT)
        line.outbox.drop(other)
        line.relay.wake()
    assert line.listener.events == [ALERT]
    assert {one.alert.id for one in (await store.load()).alerts} == {"a1", "a3"}


class SomebodysStore(MemoryStore):
    """A store that breaks its protocol: it raises what it likes."""

    broken = True
    tries = 0

    def _break(self) -> None:
        self.tries += 1
        if self.broken:
            raise ZeroDivisionError

    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        self._break()
        return await super().load(accounts)

    async def save(self, changes: Changes) -> None:
        self._break()
        await super().save(changes)

    async def close(self) -> None:
        self._break()


async def test_a_store_that_breaks_its_protocol_is_told_and_ends_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    store = SomebodysStore()
    async with line_on(store) as line:
        line.put(ALERT, snapshot=SNAPSHOT)
        await line.listener.until(lambda: ALERT in line.listener.events)
        await until(lambda: store.tries > 3)
        assert line.listener.troubles == [StoreError.advice]
        store.broken = False
        await line.listener.until(lambda: line.listener.troubles[-1] is None)
        assert len(line.loaded) == 1
        store.broken = True
        line.put(RESOLVED)
        await line.listener.until(lambda: len(line.listener.troubles) == 3)
    assert "ZeroDivisionError" in caplog.text


async def test_another_problem_of_a_store_is_told_too() -> None:
    class Worse(MemoryStore):
        problem = "It is bad."

        async def save(self, changes: Changes) -> None:
            del changes
            raise StoreError(self.problem)

    store = Worse()
    async with line_on(store) as line:
        line.put(snapshot=SNAPSHOT)
        await line.listener.until(lambda: line.listener.troubles == ["It is bad."])
        store.problem = "It is worse."
        await line.listener.until(lambda: line.listener.troubles[-1] == "It is worse.")
    assert all(isinstance(event, StoreTrouble) for event in line.listener.events)


async def test_who_waits_for_a_save_is_let_go_at_the_end() -> None:
    class Stuck(MemoryStore):
        async def save(self, changes: Changes) -> None:
            await asyncio.Event().wait()
            await super().save(changes)

    line = Line(Stuck())
    await line.start()
    line.put(snapshot=SNAPSHOT)
    waiting = [asyncio.create_task(line.relay.settle()) for _ in range(3)]
    await asyncio.sleep(0)
    waiting[0].cancel()
    await asyncio.sleep(0)
    waiting.append(asyncio.create_task(line.relay.settle()))
    await asyncio.sleep(0)
    await line.relay.close()
    async with asyncio.timeout(50):
        await asyncio.gather(*waiting[1:])
        await line.relay.settle()
    assert waiting[0].cancelled()
