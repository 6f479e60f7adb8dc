"""Reads the address of a store."""

from pathlib import Path

from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from .database import Database
from .errors import StoreAddressError
from .ownership import DEFAULT_LEASE
from .pairing_locks import PairingLocks
from .postgresql import PostgresqlDatabase
from .session_locks import SessionLocks
from .shares_locks import ShareLocks
from .sqlite import SqliteFile


def database_at(
    address: str,
    lease: float = DEFAULT_LEASE,
    *,
    shares_out: bool = False,
    for_pairings: bool = False,
) -> Database:
    """Return the database that an address names; nothing is opened.

    Args:
        address: See `SqlStore`.
        lease: Seconds that a server keeps the locks of a process that it does not hear from.
        shares_out: Whether this process shares accounts out with others.
        for_pairings: Whether its locks stand for devices that are being paired, not for accounts.

    Raises:
        StoreAddressError: It names none, or one whose accounts cannot be shared out.
    """
    url = _parse(address.strip())
    match url.get_backend_name():
        case "sqlite":
            if shares_out:
                raise StoreAddressError(_NOT_A_FILE)
            return _file(url, for_pairings=for_pairings)
        case "postgresql" | "postgres":
            _, _, rest = address.strip().partition(":")
            locks = _server_locks(shares_out=shares_out, for_pairings=for_pairings)
            return PostgresqlDatabase(f"postgresql:{rest}", lease, locks=locks)
    raise StoreAddressError


_NOT_A_FILE = (
    "A SQLite file is on one machine, and its locks cannot be handed over: to share accounts out, "
    "the store's address must be postgresql://USER:PASSWORD@HOST/DATABASE."
)


def _server_locks(*, shares_out: bool, for_pairings: bool) -> type[SessionLocks]:
    if for_pairings:
        return PairingLocks
    return ShareLocks if shares_out else SessionLocks


def _parse(address: str) -> URL:
    try:
        return make_url(address)
    except (ArgumentError, ValueError):
        # Without the cause, which repeats the address and its password.
        raise StoreAddressError from None


def _file(url: URL, *, for_pairings: bool) -> SqliteFile:
    if url.host is not None or url.query:
        raise StoreAddressError(
            "A SQLite store's address is sqlite:///FILE, with three slashes and no parameters, "
            "or four slashes for a path from the root."
        )
    if not url.database or url.database == ":memory:":
        raise StoreAddressError(
            "That store would be lost with the process. Name a file: sqlite:///FILE."
        )
    return SqliteFile(Path(url.database), for_pairings=for_pairings)
