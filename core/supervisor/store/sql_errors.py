"""Says what is wrong with a database, in the store's own errors."""

import sqlite3

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from .base import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreUnavailableError,
)

_BY_SQLITE_CODE: dict[int, type[StoreError]] = {
    sqlite3.SQLITE_BUSY: StoreLockedError,
    sqlite3.SQLITE_LOCKED: StoreLockedError,
    sqlite3.SQLITE_FULL: StoreFullError,
    sqlite3.SQLITE_CORRUPT: StoreCorruptError,
    sqlite3.SQLITE_NOTADB: StoreCorruptError,
}

_BY_POSTGRES_CODE: dict[str, type[StoreError]] = {
    "53100": StoreFullError,
    "55P03": StoreLockedError,
    "XX001": StoreCorruptError,
    "XX002": StoreCorruptError,
}

_PRIMARY_CODE = 0xFF
"""SQLite's extended codes hold the primary one in their lowest byte."""


def store_error(error: SQLAlchemyError | OSError) -> StoreError:
    """Return the error that a caller of the store gets for one of the database's."""
    original: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    while original is not None:
        kind = _kind(original)
        if kind is not None:
            return kind()
        original = original.__cause__
    return StoreUnavailableError()


def _kind(error: BaseException) -> type[StoreError] | None:
    code = getattr(error, "sqlite_errorcode", None)
    if isinstance(code, int):
        return _BY_SQLITE_CODE.get(code & _PRIMARY_CODE)
    state = getattr(error, "sqlstate", None)
    return _BY_POSTGRES_CODE.get(state) if isinstance(state, str) else None
