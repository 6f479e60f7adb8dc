"""Takes the pictures of the Slack app: our drawings of its messages, and a local Slack's own page.

A local Slack shows modals as they are, but no pictures in messages and no dates.
"""

import asyncio
import io
import os
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser, ViewportSize

from wuts_simulator import Settings, Simulator

from .browser import running_browser
from .demo.slack import CHANNEL, Workspace
from .parts import PartError, free_port, running
from .slack_page import page as draw
from .small_png import save_small

PATIENCE = 120.0
NAMES = ("Front desk", "Kiosk", "Workshop")
SEED = 7
SCREEN = ViewportSize(width=900, height=640)

_COLOURS = 64


async def take(program: Path, folder: Path) -> None:
    """Take all of them.

    Args:
        program: The local Slack.
        folder: Where they go.

    Raises:
        PartError: A part cannot be started.
        TimeoutError: Something that should have happened did not.
    """
    token = "demo"  # noqa: S105 - it lives as long as the pictures take
    async with AsyncExitStack() as stack:
        own = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        simulator = await stack.enter_async_context(
            Simulator(Settings(tokens=(("home", token),), seed=SEED))
        )
        workspace = Workspace(program, free_port(), own)
        server, app = own / "slack.log", own / "app.log"
        await stack.enter_async_context(running(workspace.server(server)))
        part = workspace.app(app, simulator.url, token, free_port())
        await stack.enter_async_context(running(part))
        browser = await stack.enter_async_context(running_browser())
        await _take(browser, workspace, simulator, folder)


async def _take(browser: Browser, workspace: Workspace, simulator: Simulator, folder: Path) -> None:
    world = simulator.world
    front, *others = [world.add_device("home", name, state="connected") for name in NAMES]
    new = world.add_device("home", "Annex")
    await workspace.order("status")
    await workspace.message(CHANNEL, lambda one: "3 of 4 connected" in str(one), PATIENCE)
    world.unlink(front.id)
    world.drop(others[0].id)
    await workspace.order("status")
    status = await workspace.message(CHANNEL, lambda one: _shows(one, "reconnecting"), PATIENCE)
    await _draw(browser, status, "Only visible to you", folder / "slack-status.png")
    alert = await workspace.message(CHANNEL, lambda one: "someone must pair" in str(one), PATIENCE)
    await _draw(browser, alert, "#ops", folder / "slack-alert.png")
    await workspace.order(f"pair {new.id}")
    direct = await workspace.direct_channel()
    pairing = await workspace.message(direct, _picture_of, PATIENCE)
    file_id = _picture_of(pairing)
    pictures = {file_id: await workspace.picture(file_id)}
    await _draw(browser, pairing, "Direct message", folder / "slack-pair.png", pictures)
    await _show_modal(browser, workspace, folder / "slack-modal.png")


async def _show_modal(browser: Browser, workspace: Workspace, path: Path) -> None:
    """Open the modal that asks what to mute, and take it from the local Slack's own page."""
    page = await browser.new_page(viewport=SCREEN, device_scale_factor=1.5)
    await page.goto(workspace.url)
    await page.get_by_text("connected", exact=True).first.wait_for()
    await workspace.order(f"mute {NAMES[0]}")
    await page.get_by_text("What to mute").first.wait_for()
    _save(await page.locator(".modal").screenshot(), path)
    await page.close()


async def _draw(
    browser: Browser,
    message: dict[str, Any],
    note: str,
    path: Path,
    pictures: dict[str, bytes] | None = None,
) -> None:
    page = await browser.new_page(device_scale_factor=1.5)
    await page.set_content(draw(message["blocks"], note, pictures or {}))
    _save(await page.locator("main").screenshot(), path)
    await page.close()


def _shows(message: dict[str, Any], words: str) -> bool:
    return "WhatsApp devices" in str(message) and words in str(message)


def _picture_of(message: dict[str, Any]) -> str:
    """Return the id of the picture that a message shows, or nothing."""
    blocks = message.get("blocks") or []
    return next((one["slack_file"]["id"] for one in blocks if one["type"] == "image"), "")


def _save(png: bytes, path: Path) -> None:
    with Image.open(io.BytesIO(png)) as picture:
        save_small(picture.convert("RGB"), path, colours=_COLOURS)
    print(path, flush=True)


def main() -> int:
    """Take the pictures into the folder that is named."""
    program = os.environ.get("WUTS_LOCAL_SLACK")
    if program is None:
        print("There is no local Slack here", file=sys.stderr)
        return 1
    try:
        asyncio.run(take(Path(program), Path(sys.argv[1])))
    except (PartError, TimeoutError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
