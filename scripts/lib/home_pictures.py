"""Take the pictures of Home Assistant: real pages in a real browser, against a simulator.

usage: python -m scripts.lib.home_pictures FOLDER   (after scripts/build and scripts/setup hass)
"""

import asyncio
import io
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from PIL import Image
from playwright.async_api import Browser, Locator, Page, async_playwright

from .demo.gateway import DEVICES, Gateway
from .home_assistant import HomeAssistant
from .parts import free_port, running
from .try_archive import HASS, HEADERS, ROOT

FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)
PHONE = "5511999999999"
CARD = "/config/integrations/integration/wuts"
WIDTH, HEIGHT = 1100, 850
COLOURS = 64
PATIENCE = 60_000
"""Milliseconds for something to be seen."""


class Photographer:
    """Clicks through Home Assistant, and keeps what is seen."""

    def __init__(self, home: HomeAssistant, gateway: Gateway, device_id: str, folder: Path) -> None:
        self._home = home
        self._gateway = gateway
        self._device_id = device_id
        self._folder = folder

    async def take_all(self, browser: Browser) -> None:
        """Take every picture, in the order in which a person would see them."""
        page = await self._open(browser, "/config/integrations/dashboard/add?domain=wuts")
        await page.get_by_role("button", name="OK").click()
        await self._add_account(page)
        await self._choose_qr(page)
        await self._keep("ha-qr", page.get_by_role("dialog"))
        await self._gateway.do(f"devices/{self._device_id}/scan", {"phone": PHONE})
        await page.get_by_role("button", name="Finish").click()
        page = await self._open(browser, CARD, dark=True)
        await page.get_by_role("button", name="Add device").first.click()
        await self._choose_qr(page)
        await self._keep("ha-qr-dark", page.get_by_role("dialog"))

    async def _open(self, browser: Browser, path: str, *, dark: bool = False) -> Page:
        page = await browser.new_page(
            viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="dark" if dark else "light"
        )
        page.set_default_timeout(PATIENCE)
        await page.goto(self._home.url + path)
        return page

    async def _add_account(self, page: Page) -> None:
        fields = page.locator("ha-selector-text input")
        await fields.first.fill(self._gateway.token)
        await page.locator("ha-expansion-panel").first.click()
        await fields.last.fill(self._gateway.url)
        await self._keep("ha-account", page.get_by_role("dialog"))
        await page.get_by_role("button", name="Submit").click()

    async def _choose_qr(self, page: Page) -> None:
        await page.get_by_text("A new device").wait_for()
        await page.get_by_role("button", name="Submit").click()
        await page.get_by_text("QR code").first.click()
        await page.locator("ha-markdown img").wait_for()

    async def _keep(self, name: str, seen: Locator) -> None:
        png = await seen.screenshot()
        with Image.open(io.BytesIO(png)) as image:
            small = image.convert("RGB").quantize(COLOURS)
            small.save(self._folder / f"{name}.png", optimize=True)


@asynccontextmanager
async def running_browser() -> AsyncIterator[Browser]:
    """Run a browser for as long as the context lasts."""
    path = shutil.which("chromium") or shutil.which("google-chrome")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        await browser.close()


async def take_pictures(folder: Path) -> None:
    """Take every picture into a folder."""
    with TemporaryDirectory() as scratch:
        logs = Path(scratch)
        home = HomeAssistant(HASS, logs / "config", free_port())
        home.install(ROOT / "dist/wuts.zip")
        gateway = Gateway(free_port(), "demo-token")
        headers = HEADERS if HEADERS.is_dir() else None
        async with (
            running(gateway.part(logs / "gateway.txt")),
            running(home.part(logs / "home-assistant.txt", headers)),
        ):
            ids = await gateway.add_devices()
            await home.onboard()
            async with running_browser() as browser:
                photographer = Photographer(home, gateway, ids[DEVICES[0]], folder)
                await photographer.take_all(browser)


if __name__ == "__main__":
    asyncio.run(take_pictures(Path(sys.argv[1])))
