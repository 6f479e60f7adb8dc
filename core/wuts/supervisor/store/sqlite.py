"""A SQLite file that is ours alone."""

import errno
import os
import sqlite3
import stat
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import Connection, Table, event
from sqlalchemy.dialects.sqlite import Insert
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from .database import WRITES, Database
from .errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from .file_locks import ACCOUNTS, PAIRINGS, FileLocks

LOCK_TIMEOUT = 1.0
"""Seconds to wait for another process's lock; a supervisor may take so long to stop."""

_PRIVATE = 0o600

_BY_CODE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: StoreLockedError,
    sqlite3.SQLITE_LOCKED: StoreLockedError,
    sqlite3.SQLITE_PROTOCOL: StoreLockedError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_READONLY: StoreReadOnlyError,
    sqlite3.SQLITE_PERM: StoreReadOnlyError,
    sqlite3.SQLITE_CORRUPT: StoreCorruptError,
    sqlite3.SQLITE_NOTADB: StoreCorruptError,
    # Our statements fit our tables: whoever changed these damaged the store.
    sqlite3.SQLITE_ERROR: StoreCorruptError,
}

_BY_ERRNO: dict[int, type[StoreError]] = {
    errno.EACCES: StoreReadOnlyError,
    errno.EPERM: StoreReadOnlyError,
    errno.EROFS: StoreReadOnlyError,
    errno.ENOSPC: StoreFullError,
    errno.EDQUOT: StoreFullError,
}

_PRIMARY_CODE = 0xFF
"""SQLite's extended codes hold the primary one in their lowest byte."""


class SqliteFile(Database):
    """A SQLite database; its file is made, for its owner's eyes only, at the first use.

    Args:
        path: The file.
        for_pairings: Whether its locks stand for devices that are being paired, not for accounts.
    """

    shared = False

    def __init__(self, path: Path, *, for_pairings: bool = False) -> None:
        self._path = path.absolute()
        self.locks = FileLocks(self._path, suffix=PAIRINGS if for_pairings else ACCOUNTS)
        self._identity: tuple[int, int] | None = None

    def __repr__(self) -> str:
        """Name the file."""
        return f"sqlite:///{self._path}"

    def engine(self, *, may_create: bool) -> AsyncEngine:
        """Return an engine with one connection.

        Raises:
            OSError: The file cannot be made, or there is none and none may be made.
        """
        if may_create:
            self._make_file()
        self._check_file()
        self._identity = _identity(self._path.stat())
        address = URL.create(
            "sqlite+aiosqlite",
            database=f"file:{quote(os.fsencode(self._path))}",
            query={"mode": "rw", "uri": "true"},
        )
        # Without an isolation level the driver leaves it to us to begin a transaction. Its own way
        # leaves out statements that alter the schema.
        arguments = {"timeout": LOCK_TIMEOUT, "isolation_level": None}
        engine = create_async_engine(address, connect_args=arguments, pool_size=1, max_overflow=0)
        event.listen(engine.sync_engine, "begin", _begin)
        return engine

    def has_moved(self) -> bool:
        """Return whether the file is another than the one that is open."""
        try:
            return _identity(self._path.stat()) != self._identity
        except OSError:
            return True

    def check(self, connection: Connection) -> None:
        """Refuse a damaged file.

        Raises:
            StoreCorruptError: It is damaged.
        """
        if connection.exec_driver_sql("PRAGMA quick_check(1)").scalar() != "ok":
            raise StoreCorruptError

    def insert(self, table: Table) -> Any:  # noqa: ANN401 - the other kind has another class
        """Return SQLite's kind of insert."""
        return Insert(table)

    def explain(self, error: BaseException) -> StoreError:
        """Say what is wrong."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        if isinstance(cause, FileNotFoundError):
            return self._missing()
        if isinstance(cause, OSError):
            return _BY_ERRNO.get(cause.errno or 0, StoreUnavailableError)()
        code = getattr(cause, "sqlite_errorcode", 0) & _PRIMARY_CODE
        if str(cause).startswith("Could not decode"):
            return StoreCorruptError()
        return _BY_CODE.get(code, StoreUnavailableError)()

    def _missing(self) -> StoreError:
        if not self._path.parent.exists():
            return StoreUnavailableError(
                f"The folder of the supervisor's store does not exist: {self._path.parent}. "
                "Create it, or choose another address."
            )
        if self._identity is None:
            return StoreUnavailableError(
                f"The supervisor's store {self._path} does not exist. Check its address, or start "
                "wuts watch with it to create it."
            )
        return StoreUnavailableError(
            f"The supervisor's store {self._path} was moved away or deleted while it was "
            "in use. Put it back, or restart to begin with an empty one."
        )

    def _check_file(self) -> None:
        """Fail here, since a driver that cannot open a file leaves a thread behind for a while.

        It is not opened, because closing it would undo SQLite's locks in this process.
        """
        if stat.S_ISDIR(self._path.stat().st_mode):
            raise IsADirectoryError(errno.EISDIR, "a folder")
        if not os.access(self._path, os.R_OK, effective_ids=True):
            raise PermissionError(errno.EACCES, "not readable")

    def _make_file(self) -> None:
        with suppress(FileExistsError):
            os.close(os.open(self._path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _PRIVATE))


def _identity(status: os.stat_result) -> tuple[int, int]:
    return status.st_dev, status.st_ino


def _begin(connection: Connection) -> None:
    """A transaction that will write takes the lock at once, as it may not wait for it later."""
    writes = connection.get_execution_options()[WRITES]
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
