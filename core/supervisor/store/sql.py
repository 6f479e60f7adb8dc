"""Keeps the supervisor's facts and alerts in SQLite or PostgreSQL, through SQLAlchemy."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Table, delete, event, select, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from ..events import Alert, AlertKind, AlertStatus
from ..facts import DeviceFacts
from .base import Changes, Saved, SavedAlert, StoreCorruptError, StoreUnavailableError
from .migrate import upgrade
from .schema import ALERTS, DEVICES
from .sql_errors import store_error

LOCK_TIMEOUT = 2.0
"""Seconds to wait for another process's lock, or for a server to answer."""

ROWS_AT_ONCE = 500

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}


class SqlStore:
    """A store in a database; it is opened, and its schema brought up to date, at the first use.

    Args:
        url: ``sqlite:///FILE`` or ``postgresql://USER:PASSWORD@HOST/DATABASE``.

    Raises:
        StoreUnavailableError: The URL is neither.
    """

    def __init__(self, url: str) -> None:
        self._url = _check_url(url)
        self._engine: AsyncEngine | None = None

    def __repr__(self) -> str:
        """Show the URL without its password."""
        return f"{type(self).__name__}({self._url.render_as_string(hide_password=True)!r})"

    async def load(self) -> Saved:
        """Return all that is kept.

        Raises:
            StoreError: It cannot be read.
        """
        async with self._transaction() as connection:
            devices = (await connection.execute(select(DEVICES))).mappings().all()
            alerts = (await connection.execute(select(ALERTS))).mappings().all()
        try:
            return Saved(
                tuple(DeviceFacts(**row) for row in devices),
                tuple(map(_saved_alert, alerts)),
            )
        except ValueError:
            raise StoreCorruptError from None

    async def save(self, changes: Changes) -> None:
        """Write all of ``changes`` or none.

        Raises:
            StoreError: It cannot be written.
        """
        kept = [_device_row(facts) for facts in changes.facts.values() if facts is not None]
        gone = [key for key, facts in changes.facts.items() if facts is None]
        async with self._transaction() as connection:
            await self._upsert(connection, DEVICES, kept)
            await self._upsert(connection, ALERTS, [_alert_row(a) for a in changes.alerts.values()])
            for rows in _chunks(gone):
                key = tuple_(DEVICES.c.tenant, DEVICES.c.device_id)
                await connection.execute(delete(DEVICES).where(key.in_(rows)))
            for alert_id, status in changes.delivered.items():
                await _note_delivered(connection, alert_id, status)

    async def close(self) -> None:
        """Close all connections."""
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    @asynccontextmanager
    async def _transaction(self) -> AsyncIterator[AsyncConnection]:
        try:
            engine = await self._open()
            async with engine.begin() as connection:
                yield connection
        except (SQLAlchemyError, OSError) as error:
            raise store_error(error) from None

    async def _open(self) -> AsyncEngine:
        if self._engine is not None:
            return self._engine
        engine = _create_engine(self._url)
        try:
            async with engine.begin() as connection:
                await connection.run_sync(upgrade)
        except BaseException:
            await engine.dispose()
            raise
        self._engine = engine
        return engine

    async def _upsert(
        self, connection: AsyncConnection, table: Table, rows: list[dict[str, object]]
    ) -> None:
        module: Any = sqlite if self._url.get_backend_name() == "sqlite" else postgresql
        for chunk in _chunks(rows):
            insert = module.insert(table)
            values = {
                column.name: insert.excluded[column.name]
                for column in table.columns
                if not column.primary_key and column.name in chunk[0]
            }
            keys = list(table.primary_key.columns)
            statement = insert.on_conflict_do_update(index_elements=keys, set_=values)
            await connection.execute(statement, list(chunk))


def _check_url(text: str) -> URL:
    try:
        url = make_url(text)
        url = url.set(drivername=_DRIVERS[url.get_backend_name()])
    except ArgumentError, KeyError, NoSuchModuleError:
        raise StoreUnavailableError(
            "The store's address must be sqlite:///FILE or postgresql://USER:PASSWORD@HOST/DATABASE."
        ) from None
    return url


def _create_engine(url: URL) -> AsyncEngine:
    if url.get_backend_name() == "postgresql":
        arguments = {"timeout": LOCK_TIMEOUT, "command_timeout": LOCK_TIMEOUT * 5}
        return create_async_engine(url, connect_args=arguments, pool_pre_ping=True)
    engine = create_async_engine(url, connect_args={"timeout": LOCK_TIMEOUT})
    event.listen(engine.sync_engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:  # noqa: ANN401 - a DBAPI's own
    """Write ahead, so that a reader and a killed writer do no harm."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.close()


async def _note_delivered(connection: AsyncConnection, alert_id: str, status: AlertStatus) -> None:
    same = ALERTS.c.id == alert_id
    await connection.execute(update(ALERTS).where(same).values(delivered_status=status))
    if status is AlertStatus.RESOLVED:
        await connection.execute(delete(ALERTS).where(same))


def _device_row(facts: DeviceFacts) -> dict[str, object]:
    return {column.name: getattr(facts, column.name) for column in DEVICES.columns}


def _alert_row(alert: Alert) -> dict[str, object]:
    names = (column.name for column in ALERTS.columns if column.name != "delivered_status")
    return {name: getattr(alert, name) for name in names}


def _saved_alert(row: Any) -> SavedAlert:  # noqa: ANN401 - a row's values have the types of its columns
    alert = Alert(
        id=row["id"],
        kind=AlertKind(row["kind"]),
        status=AlertStatus(row["status"]),
        tenant=row["tenant"],
        device_id=row["device_id"],
        device_name=row["device_name"],
        since=_utc(row["since"]),
        at=_utc(row["at"]),
    )
    return SavedAlert(alert, row["delivered_status"] == alert.status)


def _utc(moment: datetime) -> datetime:
    """SQLite keeps no zone; what was written is UTC."""
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def _chunks[T](rows: Sequence[T]) -> list[Sequence[T]]:
    return [rows[at : at + ROWS_AT_ONCE] for at in range(0, len(rows), ROWS_AT_ONCE)]
