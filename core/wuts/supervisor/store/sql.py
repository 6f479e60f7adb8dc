"""Keeps snapshots, alerts and key-value pairs in SQLite or PostgreSQL, through SQLAlchemy."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from itertools import batched

from sqlalchemy import Connection, Table, bindparam, delete, select, tuple_, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from ..events import AlertStatus
from .address import database_at
from .base import Changes, Saved
from .database import WRITES
from .errors import StoreCorruptError
from .migrate import is_current, upgrade
from .rows import alert_row, device_row, entry_row, saved_alert_from, snapshot_from
from .schema import ALERTS, DEVICES, NOTES

_LOGGER = logging.getLogger(__name__)

CLOSE_TIMEOUT = 1.0
"""Seconds to part from a server in good order."""

ROWS_AT_ONCE = 500


class SqlStore:
    """A store in a database; it is opened, and its schema brought up to date, at the first use.

    After a failure the database is opened anew at the next use.

    Args:
        address: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/DATABASE``.

    Raises:
        StoreAddressError: The address is neither.
    """

    def __init__(self, address: str) -> None:
        self._database = database_at(address)
        self._engine: AsyncEngine | None = None
        self._was_open = False
        self._turn = asyncio.Lock()

    def __repr__(self) -> str:
        """Name the database without any secret."""
        return f"{type(self).__name__}({self._database!r})"

    async def load(self) -> Saved:
        """Return all that is kept.

        Raises:
            StoreError: It cannot be read.
        """
        async with self._transaction(writes=False) as connection:
            try:
                devices = (await connection.execute(select(DEVICES))).mappings().all()
                alerts = (await connection.execute(select(ALERTS))).mappings().all()
                return Saved(
                    tuple(snapshot_from(row) for row in devices),
                    tuple(saved_alert_from(row) for row in alerts),
                )
            except (TypeError, ValueError):
                raise StoreCorruptError from None

    async def save(self, changes: Changes) -> None:
        """Write all of ``changes`` or none.

        Raises:
            StoreError: It cannot be written.
        """
        kept = (device_row(one) for one in changes.snapshots.values() if one is not None)
        gone = (key for key, one in changes.snapshots.items() if one is None)
        async with self._transaction(writes=True) as connection:
            await self._put(connection, DEVICES, kept)
            await self._put(connection, ALERTS, map(alert_row, changes.alerts.values()))
            for keys in batched(gone, ROWS_AT_ONCE):
                key = tuple_(DEVICES.c.account, DEVICES.c.device_id)
                await connection.execute(delete(DEVICES).where(key.in_(keys)))
            await _note_delivered(connection, changes.delivered)

    async def entries(self, topic: str) -> dict[str, str]:
        """Return all values of a topic by their keys.

        Raises:
            StoreError: They cannot be read.
        """
        wanted = select(NOTES.c.name, NOTES.c.text).where(NOTES.c.topic == topic)
        async with self._transaction(writes=False) as connection:
            rows = (await connection.execute(wanted)).all()
        return {key: value for key, value in rows}  # noqa: C416 - a row is no tuple

    async def put(self, topic: str, key: str, value: str) -> None:
        """Keep a value, in place of the key's earlier one.

        Raises:
            StoreError: It cannot be written.
        """
        async with self._transaction(writes=True) as connection:
            await self._put(connection, NOTES, [entry_row(topic, key, value)])

    async def delete(self, topic: str, key: str) -> None:
        """Drop a key.

        Raises:
            StoreError: It cannot be written.
        """
        unwanted = delete(NOTES).where(NOTES.c.topic == topic, NOTES.c.name == key)
        async with self._transaction(writes=True) as connection:
            await connection.execute(unwanted)

    async def close(self) -> None:
        """Close the connection."""
        async with self._turn:
            await self._close()

    @asynccontextmanager
    async def _transaction(self, *, writes: bool) -> AsyncIterator[AsyncConnection]:
        async with self._turn:
            try:
                engine = await self._open()
                async with _begin(engine, writes=writes) as connection:
                    yield connection
            except (SQLAlchemyError, OSError) as error:
                await self._close()
                raise self._database.explain(error) from None

    async def _open(self) -> AsyncEngine:
        if self._engine is not None and self._database.has_moved():
            await self._close()
        if self._engine is None:
            # One that was there and vanished must not be replaced by an empty one unnoticed.
            engine = self._database.engine(may_create=not self._was_open)
            try:
                await self._prepare(engine)
            except BaseException:
                await engine.dispose()
                raise
            self._engine = engine
            self._was_open = True
        return self._engine

    async def _prepare(self, engine: AsyncEngine) -> None:
        async with _begin(engine, writes=False) as connection:
            is_ready = await connection.run_sync(self._is_ready)
        if not is_ready:
            async with _begin(engine, writes=True) as connection:
                await connection.run_sync(self._migrate)

    def _is_ready(self, connection: Connection) -> bool:
        self._database.check(connection)
        return is_current(connection, alone=not self._database.shared)

    def _migrate(self, connection: Connection) -> None:
        self._database.lock_schema(connection)
        # Another process may have been faster.
        if not self._is_ready(connection):
            upgrade(connection)

    async def _close(self) -> None:
        engine, self._engine = self._engine, None
        if engine is None:
            return
        try:
            async with asyncio.timeout(CLOSE_TIMEOUT):
                await engine.dispose()
        except TimeoutError:
            _LOGGER.debug("The store's database did not take leave in time")

    async def _put(
        self, connection: AsyncConnection, table: Table, rows: Iterable[dict[str, object]]
    ) -> None:
        for batch in batched(rows, ROWS_AT_ONCE):
            insert = self._database.insert(table)
            keys = [column.name for column in table.primary_key.columns]
            values = {name: insert.excluded[name] for name in batch[0] if name not in keys}
            statement = insert.on_conflict_do_update(index_elements=keys, set_=values)
            await connection.execute(statement, list(batch))


def _begin(engine: AsyncEngine, *, writes: bool) -> AbstractAsyncContextManager[AsyncConnection]:
    return engine.execution_options(**{WRITES: writes}).begin()


async def _note_delivered(
    connection: AsyncConnection, delivered: Mapping[str, AlertStatus]
) -> None:
    rows = [{"alert": alert_id, "told": status} for alert_id, status in delivered.items()]
    if not rows:
        return
    same = ALERTS.c.id == bindparam("alert")
    await connection.execute(
        update(ALERTS).where(same).values(delivered_status=bindparam("told")), rows
    )
    over = [
        {"alert": alert_id}
        for alert_id, status in delivered.items()
        if status is AlertStatus.RESOLVED
    ]
    if over:
        # One that has begun again meanwhile stays.
        is_over = ALERTS.c.status == AlertStatus.RESOLVED.value
        await connection.execute(delete(ALERTS).where(same, is_over), over)
