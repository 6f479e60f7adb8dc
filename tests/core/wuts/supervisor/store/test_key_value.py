"""What a store keeps for a frontend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from wuts.supervisor.store import KeyValueStore, MemoryStore, StoreLockedError
from wuts.supervisor.store.sql import SqlStore

from .postgresql_server import PostgresqlServer
from .test_sqlite import locked
from .values import about, snapshot

type Open = Callable[[], KeyValueStore]


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
async def open_store(
    request: pytest.FixtureRequest, sqlite_file: Path, open_sql: Callable[[str], SqlStore]
) -> Open:
    """Opens the same store again and again, as one process after another does."""
    match request.param:
        case "memory":
            memory = MemoryStore()
            return lambda: memory
        case "sqlite":
            return lambda: open_sql(f"sqlite:///{sqlite_file}")
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    address = await server.new_database()
    return lambda: open_sql(address)


async def test_a_note_is_there_in_the_next_process_in_its_newest_form(open_store: Open) -> None:
    store = open_store()
    await store.put("pictures", "F1", "old")
    await store.put("pictures", "F1", "new")
    await store.put("pictures", "F2", "")
    assert dict(await open_store().entries("pictures")) == {"F1": "new", "F2": ""}


async def test_topics_know_nothing_of_each_other(open_store: Open) -> None:
    store = open_store()
    await store.put("pictures", "F1", "a")
    await store.put("messages", "F1", "b")
    await store.delete("pictures", "F1")
    assert dict(await store.entries("pictures")) == {}
    assert dict(await store.entries("messages")) == {"F1": "b"}


async def test_accounts_know_nothing_of_each_others_notes(open_store: Open) -> None:
    store = open_store()
    for account in ("", "home", "office"):
        await store.put("messages", "1", f"of {account}", account)
    await store.put("messages", "2", "more", "home")
    await store.delete("messages", "1", "office")
    await store.put("messages", "1", "newer", "home")
    kept = open_store()
    assert dict(await kept.entries("messages")) == {"1": "of "}
    assert dict(await kept.entries("messages", "home")) == {"1": "newer", "2": "more"}
    assert await kept.entries_of("messages", ["home", "office", "shop"]) == {
        "home": {"1": "newer", "2": "more"}
    }


async def test_erasing_what_is_not_there_is_no_error(open_store: Open) -> None:
    await open_store().delete("pictures", "F1")


async def test_a_text_that_a_database_refuses_is_kept_without_the_odd_character(
    sqlite_file: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    store = open_sql(f"sqlite:///{sqlite_file}")
    await store.put("messages", "1", "a\0b\ud800")
    assert dict(await store.entries("messages")) == {"1": "a\N{REPLACEMENT CHARACTER}b?"}


async def test_notes_and_snapshots_are_kept_beside_each_other(
    sqlite_file: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    store = open_sql(f"sqlite:///{sqlite_file}")
    await store.put("messages", "1", "a")
    await store.save(about(snapshot()))
    assert (await store.load()).snapshots == (snapshot(),)
    assert dict(await store.entries("messages")) == {"1": "a"}


@pytest.mark.slow
async def test_a_locked_store_is_reported(
    sqlite_file: Path, open_sql: Callable[[str], SqlStore]
) -> None:
    store = open_sql(f"sqlite:///{sqlite_file}")
    await store.put("messages", "1", "a")
    with locked(sqlite_file), pytest.raises(StoreLockedError):
        await store.put("messages", "2", "b")
    assert dict(await store.entries("messages")) == {"1": "a"}
