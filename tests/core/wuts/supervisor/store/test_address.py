"""Which addresses name a store, and that none is repeated with its password."""

import logging
from pathlib import Path

import pytest

from wuts.supervisor.store import StoreAddressError, StoreUnavailableError
from wuts.supervisor.store.sql import SqlStore

SECRET = "correct-horse"


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("sqlite:////srv/wuts.db", "SqlStore(sqlite:////srv/wuts.db)"),
        (" sqlite:////srv/wuts.db\n", "SqlStore(sqlite:////srv/wuts.db)"),
        ("sqlite:///wuts.db", f"SqlStore(sqlite:///{Path.cwd()}/wuts.db)"),
        ("sqlite+aiosqlite:////srv/wuts.db", "SqlStore(sqlite:////srv/wuts.db)"),
        (f"postgresql://wuts:{SECRET}@db.example/wuts", "SqlStore(postgresql)"),
        (f"postgresql://wuts@db.example/wuts?password={SECRET}", "SqlStore(postgresql)"),
        (f"postgresql+asyncpg://wuts:{SECRET}@db.example/wuts", "SqlStore(postgresql)"),
        (f"postgres://wuts:{SECRET}@db.example:5432/wuts", "SqlStore(postgresql)"),
        (f"postgresql://wuts:{SECRET}@{SECRET}@db.example/wuts", "SqlStore(postgresql)"),
    ],
)
def test_a_store_is_named_without_its_password(address: str, shown: str) -> None:
    assert repr(SqlStore(address)) == shown


@pytest.mark.parametrize(
    "address",
    [
        "",
        "store.db",
        "/srv/store.db",
        "sqlite:store.db",
        f"mysql://wuts:{SECRET}@db.example/wuts",
        f"redis://:{SECRET}@db.example",
        f"https://wuts:{SECRET}@db.example/wuts",
        f"postgresql://wuts:{SECRET}@db.example:port/wuts",
    ],
)
def test_any_other_address_is_refused_without_repeating_it(address: str) -> None:
    with pytest.raises(
        StoreAddressError, match="must be sqlite:///FILE or postgresql://"
    ) as caught:
        SqlStore(address)
    assert SECRET not in repr(caught.getrepr(style="long", chain=True))


@pytest.mark.parametrize(
    ("address", "advice"),
    [
        ("sqlite://store.db", "three slashes"),
        ("sqlite://srv/store.db", "three slashes"),
        ("sqlite:///store.db?mode=ro", "no parameters"),
        ("sqlite://", "Name a file"),
        ("sqlite:///", "Name a file"),
        ("sqlite:///:memory:", "Name a file"),
    ],
)
def test_a_sqlite_address_that_names_no_file_says_what_to_write(address: str, advice: str) -> None:
    with pytest.raises(StoreAddressError, match=advice):
        SqlStore(address)


async def test_a_password_is_in_no_error_and_no_log(
    caplog: pytest.LogCaptureFixture, closed_port: int
) -> None:
    caplog.set_level(logging.DEBUG)
    store = SqlStore(f"postgresql://wuts:{SECRET}@127.0.0.1:{closed_port}/wuts")
    with pytest.raises(StoreUnavailableError) as caught:
        await store.load()
    assert SECRET not in repr(caught.getrepr(style="long", chain=True))
    assert SECRET not in caplog.text
    await store.close()
