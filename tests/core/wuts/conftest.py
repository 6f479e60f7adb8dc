from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path
from typing import Protocol

import httpx
import pytest

from scripts.lib.parts import free_port
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import TOKEN
from wuts import DEFAULT_BASE_URL, WutsClient
from wuts.http.aiohttp_transport import aiohttp_transport
from wuts.http.pool import MakeTransport
from wuts.http.tls import tls_context
from wuts_simulator import DialectName, Settings, Simulator
from wuts_simulator.pytest_plugin import StartGateway

type StartSimulator = Callable[[Settings], Awaitable[Simulator]]

TRANSPORTS: dict[str, MakeTransport | None] = {"httpx": None, "aiohttp": aiohttp_transport}
HERE = Path(__file__).parent


class MakeClient(Protocol):
    """Makes a client of a gateway's address."""

    def __call__(
        self, url: str = ..., *, token: str = ..., ca_file: Path | None = ...
    ) -> WutsClient: ...


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run every test of the client itself on each transport; what is built on it needs one."""
    path = metafunc.definition.path
    is_about_client = path.parent == HERE / "http" or path.name.startswith("test_client_")
    if "http_transport" in metafunc.fixturenames and is_about_client:
        metafunc.parametrize("http_transport", TRANSPORTS, indirect=True)


@pytest.fixture
def http_transport(request: pytest.FixtureRequest) -> MakeTransport | None:
    return TRANSPORTS[getattr(request, "param", "httpx")]


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
async def make_client(http_transport: MakeTransport | None) -> AsyncIterator[MakeClient]:
    """Makes clients of a gateway's address, and closes them afterwards."""
    async with AsyncExitStack() as stack:

        def make(
            url: str = DEFAULT_BASE_URL, *, token: str = TOKEN, ca_file: Path | None = None
        ) -> WutsClient:
            client = WutsClient(token, base_url=url, ca_file=ca_file, http_transport=http_transport)
            stack.push_async_callback(client.aclose)
            return client

        yield make


@pytest.fixture
async def http(http_transport: MakeTransport | None) -> AsyncIterator[httpx.AsyncClient]:
    """An HTTP client of somebody else."""
    transport = http_transport(tls_context()) if http_transport else None
    async with httpx.AsyncClient(transport=transport) as client:
        yield client


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
