"""Looks into a store without changing anything: no file is made, nothing is migrated."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from ..device.device import DeviceSnapshot
from .address import database_at
from .database import WRITES, Database
from .errors import StoreCorruptError
from .migrate import is_current
from .rows import snapshot_from
from .schema import ALERTS, DEVICES, NOTES, ORDERS, VERSION_TABLE

_TABLES = {
    "devices": DEVICES.name,
    "alerts": ALERTS.name,
    "orders": ORDERS.name,
    "notes": NOTES.name,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreContents:
    """What is in a store.

    Attributes:
        database: The kind of database, as people call it.
        version: Which version of the schema it has, or None if it has no tables yet.
        is_current: Whether that is the newest version.
        rows: How many rows there are of each kind.
    """

    database: str
    version: str | None
    is_current: bool
    rows: dict[str, int]


async def inspect_store(address: str) -> StoreContents:
    """Return what is in a store; another process may have it open.

    Raises:
        StoreError: There is none, or it does not work.
    """
    return await _read(address, _contents)


async def snapshots_in(address: str, account: str) -> tuple[DeviceSnapshot, ...]:
    """Return what a store keeps of an account's devices, and of those that are gone.

    Nothing where the store has no tables yet, or those of another version.

    Raises:
        StoreError: There is none, or it does not work.
    """

    def read(connection: Connection, database: Database) -> tuple[DeviceSnapshot, ...]:
        if not is_current(connection, alone=not database.shared):
            return ()
        theirs = select(DEVICES).where(DEVICES.c.account == account)
        return tuple(snapshot_from(row) for row in connection.execute(theirs).mappings())

    try:
        return await _read(address, read)
    except (TypeError, ValueError):
        raise StoreCorruptError from None


async def _read[T](address: str, read: Callable[[Connection, Database], T]) -> T:
    database = database_at(address)
    try:
        engine = database.engine(may_create=False)
        try:
            async with engine.execution_options(**{WRITES: False}).connect() as connection:
                return await connection.run_sync(read, database)
        finally:
            await engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        raise database.explain(error) from None


def _contents(connection: Connection, database: Database) -> StoreContents:
    database.check(connection)
    kind = "PostgreSQL" if database.shared else "SQLite"
    current = is_current(connection, alone=not database.shared)
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        return StoreContents(database=kind, version=None, is_current=False, rows={})
    version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a name of ours
    rows = {
        kind_of_row: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for kind_of_row, name in _TABLES.items()
        if name in tables
    }
    return StoreContents(database=kind, version=str(version), is_current=current, rows=rows)
