from collections.abc import Iterator
from pathlib import Path

import pytest

from scripts.lib.parts import free_port
from slack_app.settings import Settings
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer, find_programs
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.standby.lives import Duo
from tests.slack_app.strict_slack import StrictSlack
from wuts_simulator import Settings as GatewaySettings
from wuts_simulator import Simulator
from wuts_simulator.pytest_plugin import StartGateway


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresqlServer]:
    programs = find_programs()
    if programs is None:
        pytest.skip("there is no PostgreSQL server on this machine (initdb, pg_ctl, postgres)")
    with PostgresqlServer(programs) as server:
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
async def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty store, of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    server: PostgresqlServer = request.getfixturevalue("postgresql")
    return await server.new_database()


@pytest.fixture
def duo(
    strict: StrictSlack, gateway: Simulator, settings: Settings, start_wuts_gateway: StartGateway
) -> Duo:
    """Two apps with the same account."""
    second_gateway = start_wuts_gateway(
        GatewaySettings(tokens=(("home", GATEWAY_TOKEN),), connecting_for=0.0)
    )
    home = settings.accounts["home"].model_copy(update={"url": second_gateway.url})
    ports = free_port(2)
    first = {"slack_url": strict.api_of("first"), "monitor_port": ports}
    second = {"slack_url": strict.api_of("second"), "monitor_port": ports + 1}
    return Duo(
        slack=strict,
        gateway=gateway,
        second_gateway=second_gateway,
        first=settings.model_copy(update=first),
        second=settings.model_copy(update={**second, "accounts": {"home": home}}),
    )
