"""Take the pictures of docs/slack.md: real messages of the app, drawn as Slack draws them.

``.venv/bin/python -m scripts.lib.slack_pictures docs/images``. The app runs against a simulator and
the tests' own Slack, whose messages a browser then draws.
"""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Page, async_playwright
from pydantic import SecretStr

from simulator import Settings as GatewaySettings
from simulator import Simulator
from slack_app.app import RunningApp, running_app
from slack_app.settings import AccountSettings, Settings
from tests.slack_app.strict_slack import (
    ANA,
    APP_TOKEN,
    BOT_TOKEN,
    OPS,
    StrictSlack,
    strict_slack,
)

from .slack_page import page as draw

TOKEN = "demo"  # noqa: S105 - it lives as long as the pictures take
SEED = 7
DIRECT = f"D{ANA}"
_COLOURS = 64


async def take_pictures(folder: Path) -> None:
    """Write all pictures into a folder.

    Raises:
        RuntimeError: There is no Chromium.
    """
    async with (
        strict_slack() as slack,
        a_gateway() as gateway,
        a_page() as page,
        an_app(slack, gateway) as app,
    ):
        await seen(app, 5)
        await slack.command(ANA, "status")
        await slack.until(lambda: bool(slack.private))
        shown = slack.private[-1]["blocks"]
        await save(page, draw(shown, "Only visible to you", {}), folder / "slack-status.png")

        await slack.command(ANA, "pair Front desk")
        await slack.until(lambda: DIRECT in slack.pictured)
        contents = slack.files.contents
        shown = newest(slack, DIRECT)
        await save(page, draw(shown, "Direct message", contents), folder / "slack-pair.png")

        devices = gateway.world.registry.user("home").tenant.devices
        support = next(one for one in devices.values() if one.name == "Support")
        gateway.world.unlink(support.id)
        app.services.supervisor.wake("home")
        await slack.until(lambda: any(place == OPS for place, _ in slack.messages))
        await save(page, draw(newest(slack, OPS), "#ops", {}), folder / "slack-alert.png")


def newest(slack: StrictSlack, channel: str) -> list[dict[str, Any]]:
    """Return the blocks of the newest message of a channel."""
    (*_, message) = [sent for (place, _), sent in slack.messages.items() if place == channel]
    return list(message["blocks"])


async def seen(app: RunningApp, count: int) -> None:
    """Wait until the app knows so many devices."""
    devices = app.services.supervisor.devices("home")
    while len(devices) < count:  # noqa: ASYNC110 - the supervisor tells by events, which is more
        await asyncio.sleep(0.05)


async def save(page: Page, content: str, path: Path) -> None:
    """Draw a page, and write what is on it."""
    await page.set_content(content)
    await page.locator("main").screenshot(path=path)
    with Image.open(path) as picture:
        small = picture.convert("RGB").quantize(_COLOURS, dither=Image.Dither.NONE)
    small.save(path, optimize=True)
    print(path)


@asynccontextmanager
async def a_gateway() -> AsyncIterator[Simulator]:
    """Run a gateway with some devices."""
    async with Simulator(GatewaySettings(tokens=(("home", TOKEN),), seed=SEED)) as gateway:
        world = gateway.world
        world.add_device(name="Front desk")
        for name in ("Support", "Sales", "Deliveries"):
            world.add_device(name=name, state="connected")
        world.unlink(world.add_device(name="Back office", state="connected").id)
        yield gateway


@asynccontextmanager
async def an_app(slack: StrictSlack, gateway: Simulator) -> AsyncIterator[RunningApp]:
    """Run the app."""
    settings = Settings(
        bot_token=SecretStr(BOT_TOKEN),
        app_token=SecretStr(APP_TOKEN),
        accounts={"home": AccountSettings(token=SecretStr(TOKEN), url=gateway.url)},
        alert_channel=OPS,
        monitor_port=0,
        slack_url=slack.api,
    )
    async with running_app(settings) as app:
        yield app


@asynccontextmanager
async def a_page() -> AsyncIterator[Page]:
    """Open a page in Chromium."""
    program = os.environ.get("WUTS_CHROMIUM") or shutil.which("chromium")
    if program is None:
        raise RuntimeError("There is no Chromium. Name one in WUTS_CHROMIUM.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield await browser.new_page(device_scale_factor=1.5)
        await browser.close()


if __name__ == "__main__":
    asyncio.run(take_pictures(Path(sys.argv[1])))
