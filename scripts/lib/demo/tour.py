"""Tries, without a person, what a person is invited to try, and keeps pictures of it."""

import asyncio
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.async_api import Browser

from scripts.lib.browser import read_qr
from scripts.lib.home_page import PHONE, HomePage, Look, home_page
from scripts.lib.parts import PartError
from scripts.lib.slack_page import page as draw_slack
from scripts.lib.small_png import save_small
from wuts_simulator import Device, Simulator

from .slack import CHANNEL, Workspace
from .stage import DEVICES, Stage, say

NUMBERS = ("5511999999999", "5511888888888")
IN_HOME, IN_SLACK = DEVICES

PATIENCE = 120.0
"""Seconds for something to happen: Home Assistant and Slack look every 30."""

_COLOURS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Tour:
    """One walk through all of it.

    Attributes:
        gateway: The gateway whose phones are ours.
        workspace: The local Slack.
        stage: All else that runs.
        home_token: A token of a person's in Home Assistant.
        browser: Where pages are seen.
        folder: Where the pictures go.
    """

    gateway: Simulator
    workspace: Workspace
    stage: Stage
    home_token: str
    browser: Browser
    folder: Path

    async def play(self) -> None:
        """Play all of it.

        Raises:
            TimeoutError: Something that should have happened did not.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        last_seen = self.folder / "last-seen.png"
        async with home_page(self.browser, self.stage.home.url, last_seen=last_seen) as window:
            await self._pair_in_home_assistant(window)
            await self._pair_in_slack()
            await self._unlink(window)
            await self._repair(window)
        await self._look_at_a_qr("Annex", Look(theme="dark"), "ha-qr-dark")
        await self._look_at_a_qr("Kiosk", Look(size=PHONE), "ha-qr-phone")
        await self._restart()

    async def _pair_in_home_assistant(self, window: HomePage) -> None:
        say("Pairing in Home Assistant")
        await window.begin_account()
        await window.fill_account(self.stage.token, self.stage.url)
        await self._keep(window, "ha-account", dialog=True)
        await window.click("Submit")
        await window.choose_device(IN_HOME)
        await window.choose_qr()
        payload = await window.qr()
        await self._keep(window, "ha-qr", dialog=True)
        self.gateway.world.scan(payload, NUMBERS[0])
        await window.click("Finish")
        await self._until_home_says("connected")
        await window.show_device(IN_HOME)
        await window.says("Keep connected")
        await self._keep(window, "ha-device")

    async def _pair_in_slack(self) -> None:
        say("Pairing in Slack")
        await self.workspace.order(f"pair {IN_SLACK}")
        direct = await self.workspace.direct_channel()
        message = await self.workspace.message(direct, _picture_of, PATIENCE)
        file_id = _picture_of(message)
        png = await self.workspace.picture(file_id)
        await self._draw(message, "Direct message", "slack-pair", {file_id: png})
        payload = read_qr(png)
        if payload is None:
            raise PartError("The picture in Slack cannot be read as a QR")
        self.gateway.world.scan(payload, NUMBERS[1])
        await self.workspace.message(direct, _says("Paired with"), PATIENCE)

    async def _unlink(self, window: HomePage) -> None:
        say("Unlinking on the phone, and waiting for Home Assistant and Slack to raise an alert")
        self.gateway.world.unlink(self._device(IN_HOME).id)
        await window.show("/config/repairs")
        await window.says(f"{IN_HOME} must be paired again")
        await self._keep(window, "ha-repairs")
        alert = await self.workspace.message(CHANNEL, _says(IN_HOME), PATIENCE)
        await self._draw(alert, "#ops", "slack-alert", {})
        await self.workspace.order("status")
        status = await self.workspace.message(CHANNEL, _says(IN_SLACK), PATIENCE)
        await self._draw(status, "Only visible to you", "slack-status", {})

    async def _repair(self, window: HomePage) -> None:
        say("Pairing again from Home Assistant's repair")
        await window.click_text(f"{IN_HOME} must be paired again")
        await window.choose_qr()
        payload = await window.qr()
        await self._keep(window, "ha-repair", dialog=True)
        self.gateway.world.scan(payload, NUMBERS[0])
        await window.says("The issue is repaired")
        await self._until_home_says("connected")

    async def _look_at_a_qr(self, device: str, look: Look, name: str) -> None:
        async with home_page(self.browser, self.stage.home.url, look) as window:
            await window.add_device()
            await window.choose_device("A new device")
            await window.fill(device)
            await window.click("Submit")
            await window.choose_qr()
            await window.qr()
            await self._keep(window, name, dialog=True)
            await window.close()

    async def _restart(self) -> None:
        say("Restarting the gateway, and waiting for the devices to reconnect")
        self.gateway.world.restart()
        async with asyncio.timeout(PATIENCE):
            while not all(self._device(name).is_connected for name in DEVICES):  # noqa: ASYNC110
                await asyncio.sleep(0.1)
        await self._until_home_says("connected")

    # Inside

    def _device(self, name: str) -> Device:
        devices = self.gateway.world.registry.devices.values()
        return next(device for device in devices if device.name == name)

    async def _until_home_says(self, state: str) -> None:
        entity_id = f"sensor.{IN_HOME.lower().replace(' ', '_')}_state"
        async with asyncio.timeout(PATIENCE):
            while (await self.stage.home.states(self.home_token)).get(entity_id) != state:  # noqa: ASYNC110
                await asyncio.sleep(0.1)

    async def _keep(self, window: HomePage, name: str, *, dialog: bool = False) -> None:
        await window.page.wait_for_load_state("networkidle")
        seen = window.dialog.first if dialog else window.page
        self._save(await seen.screenshot(), name)

    async def _draw(
        self, message: dict[str, Any], note: str, name: str, pictures: dict[str, bytes]
    ) -> None:
        page = await self.browser.new_page(device_scale_factor=1.5)
        await page.set_content(draw_slack(message["blocks"], note, pictures))
        self._save(await page.locator("main").screenshot(), name)
        await page.close()

    def _save(self, png: bytes, name: str) -> None:
        path = self.folder / f"{name}.png"
        with Image.open(io.BytesIO(png)) as picture:
            save_small(picture.convert("RGB"), path, colours=_COLOURS)
        print(path, flush=True)


def _picture_of(message: dict[str, Any]) -> str:
    """Return the id of the picture that a message shows, or nothing."""
    for block in message.get("blocks") or []:
        if block["type"] == "image":
            return str(block["slack_file"]["id"])
    return ""


def _says(words: str) -> Any:  # noqa: ANN401 - a test of a message
    return lambda message: words in str(message.get("blocks"))
