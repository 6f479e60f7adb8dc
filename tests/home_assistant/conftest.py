from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from scripts.lib.browser import find_chromium
from scripts.lib.home_assistant import ARCHIVE, HASS
from scripts.lib.home_page import HomePage, home_page
from tests.home_assistant.house import SCREENSHOTS, TENANTS, House, a_house
from wuts_simulator import Settings


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def house(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[House]:
    """A home of our own; all tests live in it, one after the other."""
    if not HASS.exists() or not ARCHIVE.exists():
        pytest.skip("there is no Home Assistant here: run scripts/test_end_to_end")
    if find_chromium() is None:
        pytest.skip("there is no Chromium")
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    settings = Settings(tokens=TENANTS, qr_first_life=15, qr_life=30)
    async with a_house(tmp_path_factory.mktemp("house"), settings) as house:
        yield house


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def window(house: House) -> AsyncIterator[HomePage]:
    """The window in which a person does one thing after the other."""
    async with home_page(house.browser, house.home.url) as window:
        yield window
        # Where a test failed, this is what it saw.
        await window.page.screenshot(path=SCREENSHOTS / "last.png")
