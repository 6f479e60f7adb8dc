from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser

from scripts.lib.browser import running_browser
from tests.core.wuts.values import TOKEN
from tests.wuts_cli.board.serving import Served, fill, serving
from wuts_simulator import Device, Settings, Simulator
from wuts_simulator.pytest_plugin import StartGateway


@pytest.fixture
def sim(start_wuts_gateway: StartGateway) -> Simulator:
    return start_wuts_gateway(Settings(tokens=(("home", TOKEN),), qr_image=False, connecting_for=0))


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


@pytest.fixture
async def served(sim: Simulator, tmp_path: Path) -> AsyncIterator[Served]:
    async with serving(sim, store=tmp_path / "store.db") as found:
        yield found


@pytest.fixture
async def devices(served: Served) -> dict[str, Device]:
    devices = await fill(served)
    await served.until_said(lambda said: len(said["alerts"]) >= 3)
    return devices
