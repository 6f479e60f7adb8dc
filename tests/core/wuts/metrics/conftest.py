from collections.abc import AsyncIterator

import pytest

from tests.core.wuts.supervisor.home import Home
from wuts.metrics import Metrics
from wuts_simulator import Simulator


@pytest.fixture
async def home(sim: Simulator) -> AsyncIterator[Home]:
    home = Home(sim)
    yield home
    for client in home.clients:
        await client.aclose()


@pytest.fixture
def metrics() -> Metrics:
    return Metrics(program="test", version="1.2.3", accounts=["home"])
