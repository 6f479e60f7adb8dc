"""The history is read beside a store that is in use, and as the store itself would tell it."""

import asyncio
import random
import sqlite3
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from wuts.supervisor import DeviceState, HistoryKind, HistoryLine, Strip, uptimes
from wuts.supervisor.alerts.history import Frame, Span, StateChange, strip
from wuts.supervisor.alerts.records import AlertRecords
from wuts.supervisor.store import (
    Changes,
    DeviceSnapshot,
    StoreAddressError,
    StoreCorruptError,
    StoreUnavailableError,
    history_reader,
)
from wuts.supervisor.store.history_reader import HistoryReader
from wuts.supervisor.store.sql import SqlStore

type OpenSql = Callable[[str], SqlStore]

END = datetime(2026, 11, 20, tzinfo=UTC)
START = END - timedelta(days=2)
DEVICES = tuple(f"device-{number}" for number in range(7))


def snapshot(device_id: str, account: str = "home") -> DeviceSnapshot:
    return DeviceSnapshot(
        account=account,
        device_id=device_id,
        name="",
        was_paired=True,
        paused=False,
        needs_pairing=False,
        stale_link=False,
    )


def lines(account: str = "home", seed: int = 1, each: int = 40) -> list[HistoryLine]:
    """Changes over four days, of which the last two are asked for, and an alert among them."""
    rng = random.Random(seed)
    found = [
        HistoryLine(
            account=account,
            device_id=device_id,
            kind=HistoryKind.STATE if rng.random() < 0.9 else HistoryKind.RAISED,
            detail=rng.choice(list(DeviceState)),
            at=END - timedelta(minutes=rng.randrange(4 * 24 * 60)),
        )
        for device_id in DEVICES
        for _ in range(each)
    ]
    return sorted(found, key=lambda one: one.at)


async def fill(store: SqlStore, account: str = "home", **how: int) -> None:
    watched = {
        (account, END - timedelta(days=4)): END - timedelta(days=1, hours=5),
        (account, END - timedelta(hours=26)): END - timedelta(minutes=3),
    }
    records = AlertRecords(history=lines(account, **how), watched=watched)
    snapshots = {(account, id_): snapshot(id_, account) for id_ in DEVICES}
    await store.save(Changes(snapshots=snapshots, records=records))


async def test_it_tells_what_the_store_tells(address: str, open_sql: OpenSql) -> None:
    store = open_sql(address)
    await fill(store)
    await fill(store, "work", seed=2)
    told = await HistoryReader(address).strips(["work", "nobody", "home"], START, END, parts=48)
    assert told.pop("nobody") == []
    for account, found in told.items():
        expected = uptimes(await store.history(account, START, END), START, END)
        assert [one.uptime for one in found] == expected
        assert {len(one.cells) for one in found} == {48}
        assert len(found) == len(DEVICES)
    assert told.keys() == {"home", "work"}


async def test_it_reads_on_where_it_stopped(
    address: str, open_sql: OpenSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(open_sql(address), each=100)
    whole = await HistoryReader(address).strips(["home"], START, END, parts=9)
    monkeypatch.setattr(history_reader, "LINES_AT_ONCE", 7)
    monkeypatch.setattr(history_reader, "DEVICES_AT_ONCE", 3)
    assert await HistoryReader(address).strips(["home"], START, END, parts=9) == whole


async def test_others_can_write_while_it_counts(
    sqlite_file: Path, open_sql: OpenSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = f"sqlite:///{sqlite_file}"
    await fill(open_sql(address))
    written: list[str] = []

    def count(id_: str, changes: Sequence[StateChange], spans: Sequence[Span], f: Frame) -> Strip:
        other = sqlite3.connect(sqlite_file, timeout=0, isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        other.execute("COMMIT")
        other.close()
        written.append(id_)
        return strip(id_, changes, spans, f)

    monkeypatch.setattr(history_reader, "strip", count)
    await HistoryReader(address).strips(["home"], START, END)
    assert written == list(DEVICES)


async def test_who_is_cancelled_leaves_no_thread_at_work(
    address: str, open_sql: OpenSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    await fill(open_sql(address))
    begun, released, counted = threading.Event(), threading.Event(), list[str]()

    def count(id_: str, changes: Sequence[StateChange], spans: Sequence[Span], f: Frame) -> Strip:
        counted.append(id_)
        begun.set()
        assert released.wait(60)
        return strip(id_, changes, spans, f)

    monkeypatch.setattr(history_reader, "strip", count)
    monkeypatch.setattr(history_reader, "DEVICES_AT_ONCE", 1)
    with ThreadPoolExecutor(2) as threads:
        asyncio.get_running_loop().set_default_executor(threads)
        reading = asyncio.create_task(HistoryReader(address).strips(["home"], START, END))
        assert await asyncio.to_thread(begun.wait, 60)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        released.set()
    assert counted == [DEVICES[0]]


def test_a_store_without_tables_has_no_history(sqlite_file: Path) -> None:
    sqlite_file.touch()
    reader = HistoryReader(f"sqlite:///{sqlite_file}")
    assert asyncio.run(reader.strips(["home"], START, END)) == {"home": []}


def test_a_store_that_is_not_there_is_not_made(tmp_path: Path) -> None:
    reader = HistoryReader(f"sqlite:///{tmp_path}/none.db")
    with pytest.raises(StoreUnavailableError):
        asyncio.run(reader.strips(["home"], START, END))
    assert list(tmp_path.iterdir()) == []


async def test_what_was_not_written_by_us_is_damage(sqlite_file: Path, open_sql: OpenSql) -> None:
    address = f"sqlite:///{sqlite_file}"
    await fill(open_sql(address))
    other = sqlite3.connect(sqlite_file, isolation_level=None)
    other.execute("UPDATE wuts_watched SET until = 'soon'")
    other.close()
    with pytest.raises(StoreCorruptError):
        await HistoryReader(address).strips(["home"], START, END)


def test_an_address_is_refused_at_once() -> None:
    with pytest.raises(StoreAddressError):
        HistoryReader("mysql://somewhere")
