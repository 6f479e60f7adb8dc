"""What can happen to a SQLite file."""
# ruff: noqa: ASYNC240 - nothing else waits for the event loop of a test

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from wuts.supervisor.store import (
    Saved,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from wuts.supervisor.store.sql import SqlStore

from .sole_writer import names_of_files
from .values import about, alert, alerting, snapshot

type Open = Callable[[], SqlStore]

NOBODY = 65534


@pytest.fixture
def open_store(sqlite_file: Path, open_sql: Callable[[str], SqlStore]) -> Open:
    return lambda: open_sql(f"sqlite:///{sqlite_file}")


@pytest.fixture
async def filled(open_store: Open) -> Open:
    """Opens a store that holds a device and an alert."""
    store = open_store()
    await store.save(about(snapshot()))
    await store.save(alerting(alert()))
    await store.close()
    return open_store


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a file as another process may."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield
        connection.execute("ROLLBACK")


@pytest.fixture
def ordinary_folder() -> Iterator[Path]:
    """A folder of somebody who may not write everywhere, which is us from now on."""
    if os.geteuid() != 0:
        pytest.skip("only root can become somebody else")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.chown(folder, NOBODY)
        os.seteuid(NOBODY)
        try:
            yield folder
        finally:
            os.seteuid(0)


async def test_a_new_file_is_for_its_owner_only(sqlite_file: Path, open_store: Open) -> None:
    await open_store().save(about(snapshot()))
    assert sqlite_file.stat().st_mode & 0o777 == 0o600


async def test_the_mode_of_a_file_that_is_there_is_left_alone(
    sqlite_file: Path, open_store: Open
) -> None:
    sqlite_file.touch(mode=0o640)
    await open_store().save(about(snapshot()))
    assert sqlite_file.stat().st_mode & 0o777 == 0o640


async def test_a_store_at_rest_is_one_file_that_can_be_copied(
    sqlite_file: Path, open_store: Open, open_sql: Callable[[str], SqlStore]
) -> None:
    await open_store().save(about(snapshot()))
    assert names_of_files(sqlite_file.parent) == [sqlite_file.name]
    shutil.copy(sqlite_file, sqlite_file.with_name("copy.db"))
    copy = open_sql(f"sqlite:///{sqlite_file.with_name('copy.db')}")
    assert (await copy.load()).snapshots == (snapshot(),)


@pytest.mark.slow
async def test_a_locked_store_is_reported_and_untouched(sqlite_file: Path, filled: Open) -> None:
    store = filled()
    before = sqlite_file.read_bytes()
    with locked(sqlite_file):
        with pytest.raises(StoreLockedError, match="locked by another process"):
            await store.load()
        with pytest.raises(StoreLockedError):
            await store.save(about(snapshot(paused=True)))
        assert sqlite_file.read_bytes() == before
    await store.save(about(snapshot(paused=True)))
    assert (await filled().load()).snapshots == (snapshot(paused=True),)


@pytest.mark.slow
async def test_a_new_store_that_is_locked_is_reported(sqlite_file: Path, open_store: Open) -> None:
    store = open_store()
    with locked(sqlite_file):
        with pytest.raises(StoreLockedError):
            await store.load()
        assert sqlite_file.read_bytes() == b""
    assert await store.load() == Saved()


async def test_a_full_store_is_reported_and_keeps_what_it_has(
    filled: Open,
) -> None:
    more = about(*(snapshot(f"device-{number}") for number in range(2000)))
    with no_more_pages():
        store = filled()
        with pytest.raises(StoreFullError, match="Free up some space"):
            await store.save(more)
        assert (await store.load()).snapshots == (snapshot(),)
        await store.close()
    await store.save(more)
    assert len((await filled().load()).snapshots) == 2000


@contextmanager
def no_more_pages() -> Iterator[None]:
    """Let SQLite find every file full."""

    def limit(connection: DBAPIConnection, _record: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count=1")

    event.listen(Engine, "connect", limit)
    try:
        yield
    finally:
        event.remove(Engine, "connect", limit)


@pytest.mark.parametrize("content", [b"garbage", b"garbage" * 10_000, b"SQLite format 3\0" * 1000])
async def test_a_file_that_is_no_database_is_refused_and_untouched(
    sqlite_file: Path, open_store: Open, content: bytes
) -> None:
    sqlite_file.write_bytes(content)
    store = open_store()
    for _ in range(2):
        with pytest.raises(StoreCorruptError, match="It was not changed"):
            await store.load()
        with pytest.raises(StoreCorruptError):
            await store.save(about(snapshot()))
    assert sqlite_file.read_bytes() == content


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
async def test_a_file_that_was_cut_is_refused_and_untouched(
    sqlite_file: Path, filled: Open, share: float
) -> None:
    await filled().load()
    content = sqlite_file.read_bytes()
    content = content[: int(len(content) * share)]
    sqlite_file.write_bytes(content)
    with pytest.raises(StoreCorruptError):
        await filled().load()
    with pytest.raises(StoreCorruptError):
        await filled().save(about(snapshot(paused=True)))
    assert sqlite_file.read_bytes() == content


async def test_a_file_with_a_damaged_page_is_refused_and_untouched(
    sqlite_file: Path, filled: Open
) -> None:
    damaged = bytearray(sqlite_file.read_bytes())
    damaged[-4096:-3996] = b"\xff" * 100
    sqlite_file.write_bytes(damaged)
    with pytest.raises(StoreCorruptError):
        await filled().load()
    assert sqlite_file.read_bytes() == damaged


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE wuts_alerts",
        "ALTER TABLE wuts_devices DROP COLUMN name",
        "UPDATE wuts_alerts SET kind = 'party'",
        "UPDATE wuts_alerts SET status = 7",
        "UPDATE wuts_alerts SET since = 'yesterday'",
        "UPDATE wuts_alerts SET since = 5",
        "UPDATE wuts_devices SET name = x'ff00ff'",
        "UPDATE wuts_devices SET name = CAST(x'ff00ff' AS TEXT)",
    ],
)
async def test_content_that_is_not_ours_is_refused_and_untouched(
    sqlite_file: Path, filled: Open, statement: str
) -> None:
    with closing(sqlite3.connect(sqlite_file)) as connection, connection:
        connection.execute(statement)
    before = sqlite_file.read_bytes()
    with pytest.raises(StoreCorruptError):
        await filled().load()
    assert sqlite_file.read_bytes() == before


async def test_a_missing_folder_is_reported_by_name(
    tmp_path: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    store = open_sql(f"sqlite:///{tmp_path}/nowhere/store.db")
    with pytest.raises(StoreUnavailableError, match=f"{tmp_path}/nowhere. Create it"):
        await store.load()
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "nowhere").mkdir()
    assert await store.load() == Saved()


async def test_a_folder_is_no_store(sqlite_file: Path, open_store: Open) -> None:
    sqlite_file.mkdir()
    with pytest.raises(StoreUnavailableError):
        await open_store().load()
    assert list(sqlite_file.iterdir()) == []


async def test_a_path_through_a_file_is_no_store(
    sqlite_file: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    sqlite_file.touch()
    with pytest.raises(StoreUnavailableError):
        await open_sql(f"sqlite:///{sqlite_file}/store.db").load()


async def test_a_file_that_may_not_be_written_can_be_read(
    ordinary_folder: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    path = ordinary_folder / "store.db"
    address = f"sqlite:///{path}"
    store = open_sql(address)
    await store.save(about(snapshot()))
    await store.close()
    path.chmod(0o400)
    before = path.read_bytes()
    assert (await store.load()).snapshots == (snapshot(),)
    with pytest.raises(StoreReadOnlyError, match="permissions"):
        await store.save(about(snapshot(paused=True)))
    assert path.read_bytes() == before
    path.chmod(0o600)
    await store.save(about(snapshot(paused=True)))


@pytest.mark.parametrize("mode", [0o500, 0o000])
async def test_a_folder_that_may_not_be_written_is_reported(
    ordinary_folder: Path, open_sql: Callable[[str], SqlStore], mode: int
) -> None:
    path = ordinary_folder / "store.db"
    store = open_sql(f"sqlite:///{path}")
    await store.save(about(snapshot()))
    await store.close()
    before = path.read_bytes()
    ordinary_folder.chmod(mode)
    for use in (store, open_sql(f"sqlite:///{path}"), open_sql(f"sqlite:///{path}.new")):
        with pytest.raises(StoreReadOnlyError):
            await use.save(about(snapshot(paused=True)))
    ordinary_folder.chmod(0o700)
    assert path.read_bytes() == before
    assert names_of_files(ordinary_folder) == ["store.db"]


async def test_a_file_that_may_not_be_read_is_reported(
    ordinary_folder: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    path = ordinary_folder / "store.db"
    path.touch(mode=0o000)
    with pytest.raises(StoreError):
        await open_sql(f"sqlite:///{path}").load()


async def test_a_file_that_is_moved_away_in_use_is_not_replaced(
    sqlite_file: Path, filled: Open
) -> None:
    store = filled()
    await store.load()
    elsewhere = sqlite_file.with_name("elsewhere.db")
    sqlite_file.rename(elsewhere)
    for _ in range(2):
        with pytest.raises(StoreUnavailableError, match="Put it back"):
            await store.save(about(snapshot(paused=True)))
    assert not sqlite_file.exists()
    elsewhere.rename(sqlite_file)
    await store.save(about(snapshot(paused=True)))
    assert (await filled().load()).snapshots == (snapshot(paused=True),)


async def test_a_copy_that_is_put_in_place_is_used(sqlite_file: Path, filled: Open) -> None:
    copy = sqlite_file.with_name("copy.db")
    shutil.copy(sqlite_file, copy)
    store = filled()
    await store.save(about(snapshot(paused=True)))
    copy.rename(sqlite_file)
    assert (await store.load()).snapshots == (snapshot(),)


async def test_a_relative_path_means_the_folder_where_we_began(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, open_sql: Callable[[str], SqlStore]
) -> None:
    monkeypatch.chdir(tmp_path)
    store = open_sql("sqlite:///store.db")
    (tmp_path / "other").mkdir()
    monkeypatch.chdir(tmp_path / "other")
    await store.load()
    assert (tmp_path / "store.db").exists()


async def test_a_file_may_have_an_odd_name(
    tmp_path: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    store = open_sql(f"sqlite:///{tmp_path}/a store, 100% ours #1.db")
    await store.save(about(snapshot()))
    await store.close()
    assert names_of_files(tmp_path) == ["a store, 100% ours #1.db"]
