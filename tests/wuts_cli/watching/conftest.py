from collections.abc import Iterator

import pytest

from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer, find_programs


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server on this machine (initdb, pg_ctl, postgres)")
    with PostgresqlServer(programs) as server:
        yield server
