"""Reads the address of a store."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .database import Database
from .errors import StoreAddressError
from .locks import DEFAULT_LEASE
from .postgresql import PostgresqlDatabase
from .sqlite import SqliteFile


def database_at(address: str, lease: float = DEFAULT_LEASE) -> Database:
    """Return the database that an address names; nothing is opened.

    Args:
        address: See `SqlStore`.
        lease: Seconds that a server keeps the locks of a process that it does not hear from.

    Raises:
        StoreAddressError: It names none.
    """
    url = _parse(address.strip())
    match url.get_backend_name():
        case "sqlite":
            return _file(url)
        case "postgresql" | "postgres":
            _, _, rest = address.strip().partition(":")
            return PostgresqlDatabase(f"postgresql:{rest}", lease)
    raise StoreAddressError


def _parse(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        # Without the cause, which repeats the address and its password.
        raise StoreAddressError from None


def _file(url: URL) -> SqliteFile:
    if url.host is not None or url.query:
        raise StoreAddressError(
            "A SQLite store's address is sqlite:///FILE, with three slashes and no parameters, "
            "or four slashes for a path from the root."
        )
    if not url.database or url.database == ":memory:":
        raise StoreAddressError(
            "That store would be lost with the process. Name a file: sqlite:///FILE."
        )
    return SqliteFile(Path(url.database))
