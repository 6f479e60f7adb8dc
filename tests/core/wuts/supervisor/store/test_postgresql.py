"""What can happen to a PostgreSQL server."""

import asyncio
import os
import signal
from collections.abc import Callable

import asyncpg
import pytest

from wuts.supervisor.store import (
    Saved,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreReadOnlyError,
    StoreUnavailableError,
)
from wuts.supervisor.store import postgresql as postgresql_module
from wuts.supervisor.store import sql_session as sql_session_module
from wuts.supervisor.store.postgresql import PostgresqlDatabase
from wuts.supervisor.store.sql import SqlStore

from .databases import content, executing, in_database
from .postgresql_server import PostgresqlServer
from .values import about, snapshot

type OpenSql = Callable[[str], SqlStore]


async def failure(store: SqlStore) -> StoreError:
    with pytest.raises(StoreError) as caught:
        await store.load()
    return caught.value


async def test_a_wrong_password_is_reported(
    postgresql: PostgresqlServer, open_sql: OpenSql
) -> None:
    error = await failure(open_sql(postgresql.url("postgres", password="wrong-one")))
    assert isinstance(error, StoreUnavailableError)
    assert "refused the user or the password" in error.message


async def test_an_unknown_user_is_reported(postgresql: PostgresqlServer, open_sql: OpenSql) -> None:
    error = await failure(open_sql(postgresql.url("postgres", user="nobody")))
    assert "refused the user or the password" in error.message


async def test_an_unknown_database_is_reported(
    postgresql: PostgresqlServer, open_sql: OpenSql
) -> None:
    error = await failure(open_sql(postgresql.url("nowhere")))
    assert isinstance(error, StoreUnavailableError)
    assert "does not exist. Create it" in error.message


async def test_a_parameter_that_the_server_does_not_know_is_reported(
    database: str, open_sql: OpenSql
) -> None:
    error = await failure(open_sql(f"{database}&colour=red"))
    assert "has a parameter" in error.message


async def test_parameters_mean_what_they_mean_to_libpq(database: str, open_sql: OpenSql) -> None:
    assert await open_sql(f"{database}&sslmode=disable").load() == Saved()


async def test_a_server_that_is_not_there_is_reported(
    tmp_path_factory: pytest.TempPathFactory, open_sql: OpenSql
) -> None:
    nowhere = tmp_path_factory.mktemp("empty")
    error = await failure(open_sql(f"postgresql://wuts@/wuts?host={nowhere}"))
    assert isinstance(error, StoreUnavailableError)
    assert "cannot be reached" in error.message


async def test_a_server_that_restarts_is_found_again(
    postgresql: PostgresqlServer, database: str, open_sql: OpenSql
) -> None:
    store = open_sql(database)
    await store.save(about(snapshot()))
    postgresql.stop()
    try:
        for _ in range(2):
            with pytest.raises(StoreUnavailableError):
                await store.save(about(snapshot(paused=True)))
    finally:
        postgresql.start()
    await store.save(about(snapshot(paused=True)))
    assert (await store.load()).snapshots == (snapshot(paused=True),)


async def test_a_connection_that_was_cut_is_replaced(
    database: str, administrator: asyncpg.Connection, open_sql: OpenSql
) -> None:
    store = open_sql(database)
    await store.save(about(snapshot()))
    await administrator.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    assert (await store.load()).snapshots == (snapshot(),)


async def test_a_server_that_does_not_answer_holds_nobody_up(
    database: str,
    administrator: asyncpg.Connection,
    open_sql: OpenSql,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(postgresql_module, "COMMAND_TIMEOUT", 2.0)
    monkeypatch.setattr(sql_session_module, "CLOSE_TIMEOUT", 0.2)
    store = open_sql(database)
    await store.save(about(snapshot()))
    backend = await administrator.fetchval(
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    os.kill(backend, signal.SIGSTOP)
    try:
        with pytest.raises(StoreUnavailableError, match="cannot be reached"):
            await store.save(about(snapshot(paused=True)))
    finally:
        os.kill(backend, signal.SIGCONT)
    await store.save(about(snapshot(paused=True)))
    assert (await store.load()).snapshots == (snapshot(paused=True),)


async def test_a_server_that_does_not_answer_is_left_without_a_farewell(
    database: str,
    administrator: asyncpg.Connection,
    open_sql: OpenSql,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sql_session_module, "CLOSE_TIMEOUT", 0.2)
    store = open_sql(database)
    await store.save(about(snapshot()))
    backend = await administrator.fetchval(
        "SELECT pid FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    os.kill(backend, signal.SIGSTOP)
    try:
        async with asyncio.timeout(200):
            await store.close()
    finally:
        os.kill(backend, signal.SIGCONT)


async def test_a_locked_table_is_reported_and_untouched(
    database: str, administrator: asyncpg.Connection, open_sql: OpenSql
) -> None:
    store = open_sql(database)
    await store.save(about(snapshot()))
    async with administrator.transaction():
        await administrator.execute("LOCK TABLE wuts_devices IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(StoreLockedError, match="locked by another process"):
            await store.save(about(snapshot(paused=True)))
        with pytest.raises(StoreLockedError):
            await store.load()
    assert (await store.load()).snapshots == (snapshot(),)
    await store.save(about(snapshot(paused=True)))
    assert (await store.load()).snapshots == (snapshot(paused=True),)


async def test_a_schema_that_another_process_is_making_is_waited_for_in_vain(
    database: str, administrator: asyncpg.Connection, open_sql: OpenSql
) -> None:
    async with administrator.transaction():
        await administrator.execute("SELECT pg_advisory_xact_lock(1465209939)")
        assert isinstance(await failure(open_sql(database)), StoreLockedError)
    assert await open_sql(database).load() == Saved()


async def test_a_user_without_rights_is_reported(
    postgresql: PostgresqlServer, database: str, open_sql: OpenSql
) -> None:
    name = database.rpartition("/")[2].partition("?")[0]
    await in_database(
        database,
        executing(
            f"CREATE ROLE {name} LOGIN PASSWORD 'guest-word'",
            "REVOKE CREATE ON SCHEMA public FROM PUBLIC",  # as it is from PostgreSQL 15 on
        ),
    )
    guest = postgresql.url(name, user=name, password="guest-word")
    error = await failure(open_sql(guest))
    assert isinstance(error, StoreReadOnlyError)
    assert "Grant it these permissions" in error.message
    assert await content(database) == {}


async def test_a_read_only_database_is_reported(
    database: str, administrator: asyncpg.Connection, open_sql: OpenSql
) -> None:
    await open_sql(database).save(about(snapshot()))
    name = await administrator.fetchval("SELECT current_database()")
    await administrator.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    store = open_sql(database)
    assert (await store.load()).snapshots == (snapshot(),)
    with pytest.raises(StoreReadOnlyError, match="read-only"):
        await store.save(about(snapshot(paused=True)))


async def test_a_missing_table_is_reported(database: str, open_sql: OpenSql) -> None:
    await open_sql(database).load()
    await in_database(database, executing("DROP TABLE wuts_alerts"))
    assert isinstance(await failure(open_sql(database)), StoreCorruptError)


async def test_a_search_path_without_a_schema_is_reported(database: str, open_sql: OpenSql) -> None:
    error = await failure(open_sql(f"{database}&search_path=nowhere"))
    assert "search path" in error.message


@pytest.mark.parametrize(
    ("cause", "kind"),
    [
        (asyncpg.DiskFullError("could not extend file"), StoreFullError),
        (asyncpg.DataCorruptedError("invalid page"), StoreCorruptError),
        (asyncpg.DeadlockDetectedError("deadlock detected"), StoreLockedError),
        (asyncpg.TooManyConnectionsError("sorry"), StoreUnavailableError),
        (TimeoutError(), StoreUnavailableError),
    ],
)
def test_what_a_test_cannot_make_a_server_do_is_told_apart_by_its_code(
    cause: Exception, kind: type[StoreError]
) -> None:
    assert type(PostgresqlDatabase("postgresql://db.example").explain(cause)) is kind
