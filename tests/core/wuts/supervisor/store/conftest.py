from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest

from wuts.supervisor.store import Store
from wuts.supervisor.store.sql import SqlStore

from .postgresql_server import PostgresqlServer, find_programs
from .sessions import OpenOwner
from .sole_writer import SoleWriter

type OpenStore = Callable[[], Store]


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server on this machine (initdb, pg_ctl, postgres)")
    with PostgresqlServer(programs) as server:
        yield server


@pytest.fixture
def sqlite_file(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture(params=["sqlite", "postgresql"])
async def address(request: pytest.FixtureRequest, sqlite_file: Path) -> str:
    """The address of a database without tables, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{sqlite_file}"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return await server.new_database()


@pytest.fixture
async def open_sql() -> AsyncIterator[Callable[[str], SqlStore]]:
    """Opens stores and closes them afterwards."""
    stores: list[SqlStore] = []

    def run(address: str) -> SqlStore:
        stores.append(SoleWriter(address))
        return stores[-1]

    yield run
    for store in stores:
        await store.close()


@pytest.fixture
async def open_plain() -> AsyncIterator[Callable[[str], SqlStore]]:
    """Opens stores that save what they have claimed only, and closes them afterwards."""
    stores: list[SqlStore] = []

    def run(address: str) -> SqlStore:
        stores.append(SqlStore(address))
        return stores[-1]

    yield run
    for store in stores:
        await store.close()


@pytest.fixture
async def database(postgresql: PostgresqlServer) -> str:
    """The address of a server's database without tables."""
    return await postgresql.new_database()


@pytest.fixture
async def administrator(database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection of somebody else to that database."""
    connection = await asyncpg.connect(database)
    yield connection
    await connection.close()


@pytest.fixture
async def open_owner(database: str) -> AsyncIterator[OpenOwner]:
    """Opens stores in that database, with a lease that no test outlasts, and closes them."""
    stores: list[SqlStore] = []

    def run(lease: float = 60.0, address: str = database, *, shares_out: bool = False) -> SqlStore:
        stores.append(SqlStore(address, lease=lease, shares_out=shares_out))
        return stores[-1]

    yield run
    for store in stores:
        await store.close()
