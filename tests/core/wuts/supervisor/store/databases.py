"""Looks into a store's database, past the store."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData, inspect, select, text
from sqlalchemy.schema import CreateColumn

from wuts.supervisor.store import migrate
from wuts.supervisor.store.address import database_at
from wuts.supervisor.store.database import WRITES
from wuts.supervisor.store.schema import VERSION

type Work[R] = Callable[[Connection], R]


async def in_database[R](address: str, work: Work[R]) -> R:
    """Do some work in a transaction."""
    engine = database_at(address).engine(may_create=True)
    try:
        async with engine.execution_options(**{WRITES: True}).begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def executing(*statements: str) -> Work[None]:
    def work(connection: Connection) -> None:
        for statement in statements:
            connection.execute(text(statement))

    return work


def migrating(revision: str) -> Work[None]:
    """Move to a revision, or to ``head``."""

    def work(connection: Connection) -> None:
        chosen = alembic_config()
        chosen.attributes["connection"] = connection
        command.upgrade(chosen, revision)

    return work


def going_back_to(revision: str) -> Work[None]:
    """Go back to a revision, or to ``base``."""

    def work(connection: Connection) -> None:
        chosen = alembic_config()
        chosen.attributes["connection"] = connection
        command.downgrade(chosen, revision)

    return work


def described(connection: Connection) -> dict[str, object]:
    """Return what a database says of its tables, their columns, keys and indexes."""
    inspector = inspect(connection)
    return {
        table: (
            [{**one, "type": str(one["type"])} for one in inspector.get_columns(table)],
            # A server names it after what the table was called first.
            inspector.get_pk_constraint(table)["constrained_columns"],
            inspector.get_indexes(table),
            inspector.get_unique_constraints(table),
        )
        for table in inspector.get_table_names()
    } | {"version": connection.scalars(select(VERSION.c.version_num)).all()}


def alembic_config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrate.__file__).parent / "migrations"))
    return config


async def content(address: str) -> object:
    """Return all that is in a database: a file's bytes, a server's tables and rows."""
    file = _file(address)
    return await in_database(address, _tables) if file is None else file.read_bytes()


def _file(address: str) -> Path | None:
    kind, _, path = address.partition(":///")
    return Path(path) if kind == "sqlite" else None


def _tables(connection: Connection) -> dict[str, tuple[list[str], list[tuple[object, ...]]]]:
    metadata = MetaData()
    metadata.reflect(connection)
    return {
        table.name: (
            [str(CreateColumn(one).compile(dialect=connection.dialect)) for one in table.columns],
            [tuple(row) for row in connection.execute(select(table))],
        )
        for table in metadata.sorted_tables
    }
