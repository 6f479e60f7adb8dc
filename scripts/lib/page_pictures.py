"""Take the pictures of the pairing page: a real pairing against a simulator, in Chromium."""

import asyncio
import io
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Literal

from aiohttp import web
from PIL import Image
from playwright.async_api import Browser, ViewportSize

from wuts import PairingSession, PairingSettings, WutsClient
from wuts.page import PairingLink, PairingPages
from wuts_simulator import Settings, Simulator

from .browser import running_browser
from .parts import PartError
from .small_png import save_small

NAME = "Front desk"
SCREEN = ViewportSize(width=390, height=700)
SEED = 7

_PHONE = "5511999999999"
_COLOURS = 32

type Scheme = Literal["light", "dark"]


@asynccontextmanager
async def pairing(phone: str | None) -> AsyncIterator[str]:
    """Pair a device by a page for as long as the context lasts; yields the link."""
    token = "demo"  # noqa: S105 - it lives as long as the picture takes
    pages = PairingPages()
    app = web.Application()
    app.add_routes(pages.routes())
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    base_url = f"http://127.0.0.1:{runner.addresses[0][1]}/pair"
    async with Simulator(Settings(tokens=(("home", token),), seed=SEED)) as simulator:
        device = simulator.world.add_device("home", NAME)
        url, link = pages.offer(device.id, name=NAME, base_url=base_url)
        async with WutsClient(token, base_url=simulator.url) as client:
            task = asyncio.create_task(_pair(client, device.id, phone, link))
            try:
                yield url
            finally:
                task.cancel()
                pages.close()
                await runner.cleanup()


async def _pair(client: WutsClient, device_id: str, phone: str | None, link: PairingLink) -> None:
    if await link.opened():
        settings = PairingSettings(phone=phone)
        async with PairingSession(client, device_id, owner="A", settings=settings) as session:
            async for view in session.views():
                link.show(view)


async def take_picture(
    browser: Browser, *, phone: str | None, scheme: Scheme, until: str
) -> Image.Image:
    """Return a picture of the page once it shows what the selector ``until`` names."""
    async with pairing(phone) as url:
        page = await browser.new_page(viewport=SCREEN, color_scheme=scheme, locale="en-US")
        await page.goto(url)
        await page.get_by_role("button").click()
        await page.wait_for_selector(until)
        shot = await page.screenshot()
        await page.close()
    return Image.open(io.BytesIO(shot)).convert("RGB")


async def take_pictures(folder: Path) -> None:
    """Write the pictures.

    Raises:
        PartError: There is no browser.
    """
    async with running_browser() as browser:
        qr = await take_picture(browser, phone=None, scheme="light", until=".qr img")
        code = await take_picture(browser, phone=_PHONE, scheme="dark", until=".code")
    for name, picture in {"page-qr": qr, "page-code": code}.items():
        path = folder / f"{name}.png"
        save_small(picture, path, colours=_COLOURS)
        print(f"{path}: {path.stat().st_size} bytes")


def main() -> None:
    """Write the pictures into the folder on the command line."""
    try:
        asyncio.run(take_pictures(Path(sys.argv[1])))
    except PartError as error:
        sys.exit(f"error: {error}.")


if __name__ == "__main__":
    main()
