from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from scripts.lib.browser import running_browser
from tests.core.wuts.values import TOKEN
from wuts_simulator import Settings, Simulator
from wuts_simulator.pytest_plugin import StartGateway


@pytest.fixture
def sim(start_wuts_gateway: StartGateway) -> Simulator:
    return start_wuts_gateway(Settings(tokens=(("home", TOKEN),), qr_image=False, connecting_for=0))


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser
