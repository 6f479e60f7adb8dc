from collections.abc import AsyncIterator

import pytest

from simulator import Simulator
from tests.core.supervisor.home import Home


@pytest.fixture
async def home(sim: Simulator) -> AsyncIterator[Home]:
    home = Home(sim)
    yield home
    for client in home.clients:
        await client.aclose()
