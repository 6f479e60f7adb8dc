"""A PostgreSQL database; other programs may have tables of their own in it."""

from typing import Any

import asyncpg
from sqlalchemy import Connection, Table, event, text
from sqlalchemy.dialects.postgresql import Insert
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from .database import Database
from .errors import (
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreNotOursError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from .ownership import DEFAULT_LEASE
from .session_locks import CHANNEL, POOLED, READ_STAMP, SessionLocks

CONNECT_TIMEOUT = 3.0
"""Seconds to reach the server."""

COMMAND_TIMEOUT = 10.0
"""Seconds for one statement."""

_SCHEMA_LOCK = 0x57555453
"""The number of the schema's advisory lock: ``WUTS``."""

APPLICATION_NAME = "wuts"
"""What the server calls our sessions, unless the address says otherwise."""

_UNREACHABLE = (
    "The supervisor's store cannot be reached. Check that the database server is running, "
    "and check the store's address."
)
_REFUSED = "The database server refused the user or the password in the store's address. Check it."

_BY_STATE: dict[str, tuple[type[StoreError], str | None]] = {
    "28000": (StoreUnavailableError, _REFUSED),
    "28P01": (StoreUnavailableError, _REFUSED),
    "3D000": (
        StoreUnavailableError,
        "The database in the store's address does not exist. Create it, or choose another.",
    ),
    "3F000": (
        StoreUnavailableError,
        "The store's database has no schema to put tables into. Check the user's search path.",
    ),
    "42704": (
        StoreUnavailableError,
        "The store's address has a parameter that the database server does not know. Check it.",
    ),
    "42501": (
        StoreReadOnlyError,
        "The user in the store's address can't create or write tables. Grant it these permissions.",
    ),
    "25006": (StoreReadOnlyError, "The store's database is read-only. Choose one that is not."),
    "53100": (StoreFullError, None),
    "53200": (
        StoreUnavailableError,
        "The database server has no room for so many locks. Raise its max_locks_per_transaction.",
    ),
    "55P03": (StoreLockedError, None),
    "40P01": (StoreLockedError, None),
    "42P07": (StoreNotOursError, None),
    "42P01": (StoreCorruptError, None),
    "42703": (StoreCorruptError, None),
    "XX001": (StoreCorruptError, None),
    "XX002": (StoreCorruptError, None),
}
"""By SQLSTATE: the class of error, and what to say if it is not that class's own advice."""


class PostgresqlDatabase(Database):
    """A database of a PostgreSQL server.

    Args:
        address: ``postgresql://…`` as libpq reads it, with ``sslmode`` and the like.
        lease: Seconds that the server keeps the locks of a process that it does not hear from.
        locks: Which kind of locks this process takes.
    """

    shared = True
    failures = (
        *Database.failures,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        # What asyncpg says when the server ends an idle session at the wrong moment.
        asyncpg.InternalClientError,
    )

    def __init__(
        self,
        address: str,
        lease: float = DEFAULT_LEASE,
        *,
        locks: type[SessionLocks] = SessionLocks,
    ) -> None:
        self._address = address
        self._patience = min(COMMAND_TIMEOUT, lease)
        self.locks = self._locks = locks(lease)

    def __repr__(self) -> str:
        """Say nothing else: any part of the address may hold a misplaced password."""
        return "postgresql"

    def engine(self, *, may_create: bool) -> AsyncEngine:  # noqa: ARG002 - that is for others to do
        """Return an engine with one connection; a server's database is never made."""
        engine = create_async_engine(
            "postgresql+asyncpg://",
            async_creator=self._connect,
            pool_pre_ping=True,
            pool_size=1,
            max_overflow=0,
        )
        event.listen(engine.sync_engine, "begin", self._begin)
        return engine

    def lock_schema(self, connection: Connection) -> None:
        """Let nobody else change the schema until the transaction ends."""
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_SCHEMA_LOCK})")

    async def hint(self, connection: AsyncConnection, hint: str) -> None:
        """Tell other processes to look, when the connection's transaction is over."""
        await connection.execute(_HINT, {"channel": CHANNEL, "hint": hint})

    def insert(self, table: Table) -> Any:  # noqa: ANN401 - the other kind has another class
        """Return PostgreSQL's kind of insert."""
        return Insert(table)

    def explain(self, error: BaseException) -> StoreError:
        """Say what is wrong."""
        cause = error.orig if isinstance(error, DBAPIError) else error
        state = getattr(cause, "sqlstate", None)
        kind, message = _BY_STATE.get(state or "", (StoreUnavailableError, _UNREACHABLE))
        return kind(message or "")

    async def _connect(self) -> Any:  # noqa: ANN401 - asyncpg has no types
        is_named = "application_name=" in self._address
        raw = await asyncpg.connect(
            self._address,
            timeout=CONNECT_TIMEOUT,
            command_timeout=self._patience,
            server_settings=None if is_named else {"application_name": APPLICATION_NAME},
        )
        try:
            await self._locks.begin(raw)
        except BaseException:
            raw.terminate()
            raise
        return raw

    def _begin(self, connection: Connection) -> None:
        """Wait a second for another process's lock, no longer; be sure of the session."""
        stamp = connection.exec_driver_sql(_BEGIN).scalar_one()
        if not self._locks.is_same_session(stamp):
            raise StoreUnavailableError(POOLED)


_HINT = text("SELECT pg_notify(:channel, :hint)")

_BEGIN = f"{READ_STAMP} FROM set_config('lock_timeout', '1s', true)"
