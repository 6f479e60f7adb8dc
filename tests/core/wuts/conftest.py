from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from scripts.lib.parts import free_port
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import TOKEN
from wuts import WutsClient
from wuts_simulator import DialectName, Settings, Simulator
from wuts_simulator.pytest_plugin import StartGateway

type StartSimulator = Callable[[Settings], Awaitable[Simulator]]
type MakeClient = Callable[[str], WutsClient]


@pytest.fixture
def start_simulator(start_wuts_gateway: StartGateway) -> StartSimulator:
    """Starts simulators that know the token."""

    async def start(settings: Settings) -> Simulator:
        return start_wuts_gateway(replace(settings, tokens=settings.tokens or (("home", TOKEN),)))

    return start


@pytest.fixture
async def sim(start_simulator: StartSimulator) -> Simulator:
    return await start_simulator(Settings(qr_image=False, connecting_for=0))


@pytest.fixture
async def make_client() -> AsyncIterator[MakeClient]:
    """Makes clients of a gateway's address, and closes them afterwards."""
    async with AsyncExitStack() as stack:

        def make(url: str) -> WutsClient:
            client = WutsClient(TOKEN, base_url=url)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
def client(make_client: MakeClient, sim: Simulator) -> WutsClient:
    return make_client(sim.url)


@pytest.fixture
async def raw() -> AsyncIterator[RawGateway]:
    async with RawGateway() as gateway:
        yield gateway


@pytest.fixture
def raw_client(make_client: MakeClient, raw: RawGateway) -> WutsClient:
    return make_client(raw.url)


@pytest.fixture
def closed_port() -> int:
    """Return a port of this machine where nobody listens."""
    return free_port()


@pytest.fixture(params=list(DialectName))
def dialect(request: pytest.FixtureRequest) -> DialectName:
    name: DialectName = request.param
    return name


@pytest.fixture
async def dialect_sim(start_simulator: StartSimulator, dialect: DialectName) -> Simulator:
    """One simulator after the other, in every documented spelling of the contract."""
    return await start_simulator(Settings(dialect=dialect, connecting_for=0))


@pytest.fixture
def dialect_client(make_client: MakeClient, dialect_sim: Simulator) -> WutsClient:
    return make_client(dialect_sim.url)
