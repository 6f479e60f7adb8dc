import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest
from aiohttp import ClientSession, DummyCookieJar

from tests.wuts_simulator.gateway import Api
from wuts_simulator import ManualClock, Settings, Simulator

TOKENS = (("home", "token-home"), ("home/eve", "token-eve"), ("office", "token-office"))

type Start = Callable[[Settings], Awaitable[Simulator]]


@pytest.fixture
def clock() -> ManualClock:
    return ManualClock()


@pytest.fixture
async def start(clock: ManualClock) -> AsyncIterator[Start]:
    """Starts simulators on the manual clock, with three tokens, and stops them afterwards."""
    async with AsyncExitStack() as stack:

        async def run(settings: Settings) -> Simulator:
            known = replace(settings, tokens=settings.tokens or TOKENS)
            return await stack.enter_async_context(Simulator(known, clock))

        yield run


@pytest.fixture
async def sim(start: Start) -> Simulator:
    return await start(Settings(connecting_for=2.0, control=True, allow_http_webhooks=True))


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession(cookie_jar=DummyCookieJar()) as session:
        yield session


@pytest.fixture
def api(sim: Simulator, http: ClientSession) -> Api:
    return Api(sim.url, http, "token-home")


@pytest.fixture
def eve(sim: Simulator, http: ClientSession) -> Api:
    """Another user of the same tenant."""
    return Api(sim.url, http, "token-eve")


@pytest.fixture
def office(sim: Simulator, http: ClientSession) -> Api:
    """A user of another tenant."""
    return Api(sim.url, http, "token-office")


@pytest.fixture
def nobody(sim: Simulator, http: ClientSession) -> Api:
    """A caller without a token."""
    return Api(sim.url, http, None)


@pytest.fixture
def chromium() -> str:
    path = os.environ.get("WUTS_CHROMIUM") or shutil.which("chromium")
    if path is None:
        pytest.skip("there is no chromium on this machine")
    return path
