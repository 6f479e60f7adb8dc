"""The lock beside a SQLite file."""
# ruff: noqa: ASYNC240 - nothing else waits for the event loop of a test

import errno
import fcntl
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from wuts.pairing import PairingInProgressError
from wuts.supervisor.store import StoreLostError, StoreOwnedError, StoreUnavailableError
from wuts.supervisor.store.address import database_at
from wuts.supervisor.store.file_locks import FileLocks
from wuts.supervisor.store.pairing_claims import StoreClaims
from wuts.supervisor.store.sql import SqlStore

from .values import URL, about, snapshot

type OpenSql = Callable[[str], SqlStore]

MANY = [f"account {number}" for number in range(1200)]


@pytest.fixture
def lock_file(sqlite_file: Path) -> Path:
    return sqlite_file.with_name("store.db.lock")


@pytest.fixture
def _whole_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """Locks as a system has them that cannot lock single bytes for an open file."""

    def locks(path: Path, *, suffix: str) -> FileLocks:
        return FileLocks(path, suffix=suffix, by_account=False)

    monkeypatch.setattr("wuts.supervisor.store.sqlite.FileLocks", locks)


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


async def test_a_store_that_is_only_read_or_given_orders_has_no_lock_file(
    sqlite_file: Path, lock_file: Path, open_sql: OpenSql
) -> None:
    await open_sql(f"sqlite:///{sqlite_file}").load()
    assert not lock_file.exists()


async def test_the_lock_file_is_empty_and_for_its_owner_only(
    sqlite_file: Path, lock_file: Path, open_sql: OpenSql
) -> None:
    await open_sql(f"sqlite:///{sqlite_file}").claim(["home"])
    assert lock_file.stat().st_mode & 0o777 == 0o600
    assert lock_file.read_bytes() == b""


@pytest.mark.skipif(sys.platform != "linux", reason="others lock the whole file")
async def test_many_accounts_take_one_open_file(sqlite_file: Path, open_sql: OpenSql) -> None:
    store = open_sql(f"sqlite:///{sqlite_file}")
    await store.load()
    before = open_files()
    await store.claim(MANY)
    assert open_files() == before + 1
    await store.close()


async def test_a_file_has_one_lock_however_it_is_reached(
    sqlite_file: Path, tmp_path: Path, open_sql: OpenSql
) -> None:
    await open_sql(f"sqlite:///{sqlite_file}").claim(["home"])
    (tmp_path / "elsewhere").mkdir()
    link = tmp_path / "elsewhere" / "link.db"
    link.symlink_to(sqlite_file)
    with pytest.raises(StoreOwnedError):
        await open_sql(f"sqlite:///{link}").claim(["home"])


async def test_who_opens_and_closes_the_files_takes_no_lock_away(
    sqlite_file: Path, lock_file: Path, open_sql: OpenSql
) -> None:
    """As POSIX's older locks would let them."""
    store = open_sql(f"sqlite:///{sqlite_file}")
    await store.claim(["home"])
    lock_file.read_bytes()
    sqlite_file.read_bytes()
    with pytest.raises(StoreOwnedError):
        await open_sql(f"sqlite:///{sqlite_file}").claim(["home"])


@pytest.mark.parametrize("is_made_again", [False, True])
async def test_who_deletes_the_lock_file_ends_the_ownership(
    sqlite_file: Path, lock_file: Path, open_sql: OpenSql, *, is_made_again: bool
) -> None:
    store, other = (open_sql(f"sqlite:///{sqlite_file}") for _ in range(2))
    await store.claim(["home"])
    await store.save(about(snapshot()))
    lock_file.unlink()
    if is_made_again:
        await other.claim(["home"])
    assert not store.may_tell
    for _ in range(2):
        with pytest.raises(StoreLostError):
            await store.save(about(snapshot(paused=True)))
    assert (await other.load()).snapshots == (snapshot(),)
    assert store.owned == frozenset()
    await store.until_lost()


@pytest.mark.usefixtures("_whole_file")
async def test_where_only_whole_files_are_locked_one_process_owns_all_accounts(
    sqlite_file: Path, open_sql: OpenSql
) -> None:
    store, other = (open_sql(f"sqlite:///{sqlite_file}") for _ in range(2))
    await store.claim(["home"])
    await store.claim(["shop"])
    with pytest.raises(StoreOwnedError):
        await other.claim(["office"])
    await store.release(["home"])
    with pytest.raises(StoreOwnedError):
        await other.claim(["home"])
    await store.release(["shop"])
    await other.claim(["home"])


async def test_a_drive_without_locks_is_reported(
    sqlite_file: Path, open_sql: OpenSql, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "fcntl", refuse)
    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StoreUnavailableError, match="cannot lock files"):
        await open_sql(f"sqlite:///{sqlite_file}").claim(["home"])


async def test_a_missing_folder_is_reported_by_name(tmp_path: Path, open_sql: OpenSql) -> None:
    with pytest.raises(StoreUnavailableError, match=f"{tmp_path}/nowhere. Create it"):
        await open_sql(f"sqlite:///{tmp_path}/nowhere/store.db").claim(["home"])


def test_every_file_has_locks_of_its_own(tmp_path: Path) -> None:
    one, other = (database_at(f"sqlite:///{tmp_path}/{name}.db") for name in ("one", "other"))
    assert one.locks is not other.locks


@pytest.mark.usefixtures("_whole_file")
async def test_who_owns_a_whole_file_does_not_keep_others_from_pairing(
    sqlite_file: Path, open_sql: OpenSql
) -> None:
    address = f"sqlite:///{sqlite_file}"
    await open_sql(address).claim(["home"])
    async with StoreClaims(address).hold(URL, "1", "Ana"):
        with pytest.raises(PairingInProgressError, match="Ana"):
            async with StoreClaims(address).hold(URL, "1", "Bia"):
                pytest.fail("the second claim was granted")
