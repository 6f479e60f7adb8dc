"""A service in this process, around a real supervisor and a simulated gateway."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import ClientSession, CookieJar

from tests.wuts_cli.command import TOKEN
from wuts import WutsClient
from wuts.metrics import Metrics
from wuts.supervisor import Supervisor, SupervisorSettings
from wuts.supervisor.store import MemoryStore, Store
from wuts_cli.service.listen import Listen
from wuts_cli.service.service import serving
from wuts_cli.service.status import Status
from wuts_cli.service.supervision import Supervision
from wuts_simulator import Simulator

SERVICE_TOKEN = "service-token-0123456789"
WEBHOOK_SECRET = "webhook-secret-0123456789"
BEARER = {"Authorization": f"Bearer {SERVICE_TOKEN}"}

SELDOM = SupervisorSettings(interval=300, debounce=0.0, stop_timeout=1.0)
"""Nothing but a wake makes the supervisor look again."""

LISTEN = Listen(host="127.0.0.1", port=0, token=SERVICE_TOKEN, webhook_secret=WEBHOOK_SECRET)


@dataclass
class Running:
    """A service that runs.

    Attributes:
        http: Asks it.
        port: Where it listens.
        supervisor: What it is about.
        status: How it is.
    """

    http: ClientSession
    port: int
    supervisor: Supervisor
    status: Status

    async def get(self, path: str, **headers: str) -> tuple[int, str]:
        async with self.http.get(path, headers=headers) as answer:
            return answer.status, await answer.text()


type Run = Callable[..., AbstractAsyncContextManager[Running]]


@pytest.fixture
def run(sim: Simulator) -> Run:
    """Runs a service of the simulator's account."""

    @asynccontextmanager
    async def running(  # noqa: PLR0913 - all but one are named
        listen: Listen = LISTEN,
        *,
        store: Store | None = None,
        address: str | None = None,
        settings: SupervisorSettings = SELDOM,
        url: str = sim.url,
        shares: bool = False,
        begins: bool = True,
    ) -> AsyncIterator[Running]:
        ports: list[int] = []
        store = store or MemoryStore()

        def note(_host: str, port: int) -> None:
            ports.append(port)

        async with AsyncExitStack() as stack:
            metrics = Metrics(program="test", version="1", accounts=["home"])
            client = await stack.enter_async_context(
                WutsClient(TOKEN, base_url=url, on_call=metrics.on_call)
            )
            supervisor = Supervisor(settings, store=store)
            supervision = Supervision(
                supervisor=supervisor,
                clients={"home": client},
                store=store,
                address=address,
                shares=shares,
            )
            service = await stack.enter_async_context(
                serving(
                    listen,
                    supervision,
                    metrics,
                    on_listening=lambda _host, port: ports.append(port),
                )
            )
            http = await stack.enter_async_context(
                ClientSession(f"http://127.0.0.1:{ports[0]}", cookie_jar=CookieJar(unsafe=True))
            )
            if begins:
                await stack.enter_async_context(supervisor)
                if not shares:
                    supervisor.add_account("home", client)
                await stack.enter_async_context(service.working())
            yield Running(http, ports[0], supervisor, service.status)

    return running


@pytest.fixture
async def service(run: Run) -> AsyncIterator[Running]:
    async with run() as running:
        yield running
