"""Looks into the supervisor's store without changing anything: no file is made, nothing migrated.

It needs the extras ``supervisor`` and ``store``, and is imported only where a store is checked.
"""

from dataclasses import dataclass

from sqlalchemy import Connection, func, inspect, select, table, text
from sqlalchemy.exc import SQLAlchemyError

from ..supervisor.store.address import database_at
from ..supervisor.store.database import WRITES, Database
from ..supervisor.store.errors import StoreError
from ..supervisor.store.migrate import is_current
from ..supervisor.store.schema import ALERTS, DEVICES, NOTES, ORDERS, VERSION_TABLE
from .findings import Finding
from .vocabulary import FindingCode

_TABLES = {
    "devices": DEVICES.name,
    "alerts": ALERTS.name,
    "notes": NOTES.name,
    "orders": ORDERS.name,
}


@dataclass(frozen=True, slots=True)
class _Contents:
    """What is in a store: which version wrote it, and how many rows of each kind."""

    version: str | None
    is_current: bool
    rows: dict[str, int]


async def inspect_store(address: str) -> Finding:
    """Tell whether a store can be read, which version wrote it, and how much is in it."""
    try:
        database = database_at(address)
        contents = await _read(database)
    except StoreError as error:
        return Finding(FindingCode.STORE_FAILED, {"problem": error.advice})
    about = {"database": "PostgreSQL" if database.shared else "SQLite"}
    if contents.version is None:
        return Finding(FindingCode.STORE_EMPTY, about)
    code = FindingCode.STORE_READY if contents.is_current else FindingCode.STORE_OUTDATED
    return Finding(code, {**about, "version": contents.version, **contents.rows})


async def _read(database: Database) -> _Contents:
    try:
        engine = database.engine(may_create=False)
        try:
            async with engine.execution_options(**{WRITES: False}).connect() as connection:
                return await connection.run_sync(_contents, database)
        finally:
            await engine.dispose()
    except (SQLAlchemyError, OSError) as error:
        raise database.explain(error) from None


def _contents(connection: Connection, database: Database) -> _Contents:
    database.check(connection)
    current = is_current(connection, alone=not database.shared)
    tables = set(inspect(connection).get_table_names())
    if VERSION_TABLE not in tables:
        return _Contents(None, is_current=False, rows={})
    version = connection.scalar(text(f"SELECT version_num FROM {VERSION_TABLE}"))  # noqa: S608 - a name of ours
    rows = {
        kind: connection.scalar(select(func.count()).select_from(table(name))) or 0
        for kind, name in _TABLES.items()
        if name in tables
    }
    return _Contents(str(version), is_current=current, rows=rows)
