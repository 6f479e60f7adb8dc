"""From any older schema to the newest, and not a byte of what is not ours."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from wuts.supervisor.events import Cause
from wuts.supervisor.store import (
    Saved,
    SavedAlert,
    StoreCorruptError,
    StoreNotOursError,
    StoreTooNewError,
)
from wuts.supervisor.store.schema import METADATA, REVISION, VERSION_TABLE
from wuts.supervisor.store.sql import SqlStore

from .databases import (
    alembic_config,
    content,
    described,
    executing,
    going_back_to,
    in_database,
    migrating,
)
from .postgresql_server import PostgresqlServer
from .sole_writer import names_of_files
from .values import about, alert, alerting, snapshot

type OpenSql = Callable[[str], SqlStore]

OLD_ROWS = (
    "INSERT INTO wuts_devices VALUES ('home', 'device-1', 'Reception', true, true, false, false)",
    """
    INSERT INTO wuts_alerts VALUES (
        '00000000000000000000000000000000', 'needs_pairing', 'raised', 'raised',
        'home', 'device-1', 'Reception',
        '2026-11-01 12:30:15.123456+00', '2026-11-01 12:30:15.123456+00'
    )
    """,
)
FOREIGN = ("CREATE TABLE contacts (name TEXT)", "INSERT INTO contacts VALUES ('Ana')")


def test_the_code_knows_the_newest_revision() -> None:
    assert ScriptDirectory.from_config(alembic_config()).get_current_head() == REVISION


async def test_the_migrations_lead_to_the_schema(address: str) -> None:
    await in_database(address, migrating("head"))

    def compare(connection: Connection) -> list[object]:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, METADATA))

    assert await in_database(address, compare) == []


async def test_a_new_store_is_made_as_all_migrations_would_make_it(
    address: str, open_sql: OpenSql
) -> None:
    await in_database(address, migrating("head"))
    migrated = await in_database(address, described)
    await in_database(address, going_back_to("base"))
    await in_database(address, executing(f"DROP TABLE {VERSION_TABLE}"))
    await open_sql(address).load()
    assert await in_database(address, described) == migrated
    assert len(migrated) > 5


def test_a_new_store_is_made_without_alembic(sqlite_file: Path) -> None:
    """It takes long to load, and the event loop would stand still."""
    program = (
        "import asyncio, sys\n"
        "from wuts.supervisor.store.sql import SqlStore\n"
        f"store = SqlStore('sqlite:///{sqlite_file}')\n"
        "asyncio.run(store.load())\n"
        "assert 'alembic' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


async def test_stores_that_are_opened_together_make_one_schema(
    address: str, open_sql: OpenSql
) -> None:
    stores = [open_sql(address) for _ in range(4)]
    assert await asyncio.gather(*(store.load() for store in stores)) == [Saved()] * 4


@pytest.mark.parametrize("revision", ["0001", "0002", "0003", "0004", "0005", "0006", "0007"])
async def test_what_an_older_version_kept_is_kept(
    address: str, open_sql: OpenSql, revision: str
) -> None:
    await in_database(address, migrating(revision))
    await in_database(address, executing(*OLD_ROWS))
    saved = Saved((snapshot(paused=True),), (SavedAlert(alert(), delivered=True),))
    assert await open_sql(address).load() == saved
    long_name = snapshot(name="x" * 300)
    await open_sql(address).save(about(long_name))
    assert (await open_sql(address).load()).snapshots == (long_name,)


async def test_each_migration_can_be_taken_back(address: str, open_sql: OpenSql) -> None:
    await in_database(address, migrating("0007"))
    await in_database(address, executing(*OLD_ROWS))
    await in_database(address, migrating("head"))
    await in_database(address, going_back_to("base"))
    await in_database(address, migrating("head"))
    assert await open_sql(address).load() == Saved()


async def test_what_is_new_of_alerts_goes_with_its_migration(
    address: str, open_sql: OpenSql
) -> None:
    """And nothing else does: an older version finds what it knew."""
    taken = replace(alert(), cause=Cause.UNLINKED, acknowledged_by="Ana", note="on my way")
    await open_sql(address).save(alerting(taken))
    assert (await open_sql(address).load()).alerts == (SavedAlert(taken, delivered=False),)
    await in_database(address, going_back_to("0006"))
    await in_database(address, migrating("head"))
    assert (await open_sql(address).load()).alerts == (SavedAlert(alert(), delivered=False),)


async def test_notes_of_an_older_version_are_of_no_account(address: str, open_sql: OpenSql) -> None:
    await in_database(address, migrating("0005"))
    await in_database(address, executing("INSERT INTO wuts_notes VALUES ('messages', '1', 'a')"))
    store = open_sql(address)
    assert await store.entries("messages") == {"1": "a"}
    await store.put("messages", "1", "b")
    await store.put("messages", "1", "c", "home")
    assert await store.entries("messages") == {"1": "b"}
    await in_database(address, going_back_to("0005"))
    await in_database(address, migrating("head"))
    assert await open_sql(address).entries("messages") == {"1": "c"}


async def test_a_store_of_a_newer_version_is_refused_and_untouched(
    address: str, open_sql: OpenSql
) -> None:
    await open_sql(address).save(about(snapshot()))
    await in_database(address, executing("UPDATE wuts_schema SET version_num = '9999'"))
    before = await content(address)
    for _ in range(2):
        with pytest.raises(StoreTooNewError, match="newer version of WUTS"):
            await open_sql(address).load()
        with pytest.raises(StoreTooNewError):
            await open_sql(address).save(about(snapshot()))
    assert await content(address) == before


@pytest.mark.parametrize(
    "statement", ["DELETE FROM wuts_schema", "INSERT INTO wuts_schema VALUES ('0001')"]
)
async def test_a_store_that_does_not_say_its_version_is_refused_and_untouched(
    address: str, open_sql: OpenSql, statement: str
) -> None:
    await open_sql(address).load()
    await in_database(address, executing(statement))
    before = await content(address)
    with pytest.raises(StoreCorruptError):
        await open_sql(address).save(about(snapshot()))
    assert await content(address) == before


async def test_another_programs_file_is_refused_and_untouched(
    sqlite_file: Path, open_sql: OpenSql
) -> None:
    address = f"sqlite:///{sqlite_file}"
    await in_database(address, executing(*FOREIGN))
    before = await content(address)
    with pytest.raises(StoreNotOursError, match="another program's"):
        await open_sql(address).load()
    with pytest.raises(StoreNotOursError):
        await open_sql(address).save(about(snapshot()))
    assert await content(address) == before
    assert names_of_files(sqlite_file.parent) == [sqlite_file.name]


async def test_another_programs_tables_on_the_same_server_are_left_alone(
    postgresql: PostgresqlServer, open_sql: OpenSql
) -> None:
    address = await postgresql.new_database()
    await in_database(address, executing(*FOREIGN))
    await open_sql(address).save(about(snapshot()))
    tables = await content(address)
    assert isinstance(tables, dict)
    assert tables["contacts"][1] == [("Ana",)]
    assert (await open_sql(address).load()).snapshots == (snapshot(),)


async def test_another_programs_tables_of_our_names_are_refused_and_untouched(
    address: str, open_sql: OpenSql
) -> None:
    await in_database(address, executing("CREATE TABLE wuts_alerts (level TEXT)"))
    before = await content(address)
    with pytest.raises(StoreNotOursError):
        await open_sql(address).load()
    assert await content(address) == before


async def test_a_migration_that_fails_leaves_the_database_as_it_was(
    sqlite_file: Path, open_sql: OpenSql
) -> None:
    """The name of the copy that the second migration makes is taken."""
    address = f"sqlite:///{sqlite_file}"
    await in_database(address, migrating("0001"))
    await in_database(
        address,
        executing(*OLD_ROWS, "CREATE TABLE _alembic_tmp_wuts_alerts (taken TEXT)"),
    )
    before = await content(address)
    with pytest.raises(StoreCorruptError):
        await open_sql(address).load()
    assert await content(address) == before


async def test_migrations_say_nothing_and_leave_logging_alone(
    address: str,
    open_sql: OpenSql,
    capfd: pytest.CaptureFixture[str],
) -> None:
    root = logging.getLogger()
    before = (root.level, list(root.handlers), logging.getLogger("alembic").level)
    await open_sql(address).save(about(snapshot()))
    assert (root.level, list(root.handlers), logging.getLogger("alembic").level) == before
    assert not logging.getLogger("wuts").disabled
    assert capfd.readouterr() == ("", "")
