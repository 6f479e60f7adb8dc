"""The app is killed and started again, as a crash or a power cut does it."""

import asyncio
import os
import sqlite3
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import pytest

from scripts.lib.parts import free_port
from slack_app.app import EVENTS_PATH
from slack_app.settings import Mode
from tests.slack_app.slack_server import (
    ALLOWED,
    ANA,
    APP_TOKEN,
    BOT_TOKEN,
    OPS,
    PATIENCE,
    ROOT,
    SIGNING_SECRET,
    Message,
    SlackServer,
    buttons,
    picture_id,
    running_slack,
)
from tests.slack_app.telltales import (
    GATEWAY_TOKEN,
    assert_channels_tell_nothing,
    assert_tells_nothing,
)
from wuts_simulator import Simulator

pytestmark = pytest.mark.timeout(600)  # apps as processes, started again and again
PHONE = "5511912344321"
ONE_MODE = pytest.mark.parametrize("mode", [Mode.SOCKET])
"""For what is the same however Slack reaches the app."""


class App:
    """The app as a process of its own."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self._environment = environment
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.log = folder / "app.log"

    async def start(self) -> None:
        """Start it; return when it is in Slack."""
        log = self.log.open("ab")
        begin = log.tell()
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "slack_app"),
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **self._environment},
            stderr=log,
        )
        log.close()
        async with asyncio.timeout(PATIENCE):
            while b"WUTS is running in Slack" not in self.log.read_bytes()[begin:]:
                assert self._process.returncode is None, self.log.read_text()
                await asyncio.sleep(0.05)

    async def kill(self) -> None:
        """End it without a warning."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()


@asynccontextmanager
async def an_app(
    program: str, mode: Mode, sim: Simulator, folder: Path
) -> AsyncIterator[tuple[SlackServer, App]]:
    port = free_port()
    events_url = f"http://127.0.0.1:{port}{EVENTS_PATH}" if mode is Mode.HTTP else None
    async with running_slack(program, folder, events_url=events_url) as slack:
        environment = {
            "WUTS_SLACK_BOT_TOKEN": BOT_TOKEN,
            "WUTS_SLACK_APP_TOKEN": APP_TOKEN,
            "WUTS_SLACK_SIGNING_SECRET": SIGNING_SECRET,
            "WUTS_SLACK_MODE": mode.value,
            "WUTS_SLACK_PORT": str(port),
            "WUTS_SLACK_ACCOUNTS__HOME__TOKEN": GATEWAY_TOKEN,
            "WUTS_SLACK_ACCOUNTS__HOME__URL": sim.url,
            "WUTS_SLACK_ALLOW_CHANNELS": f'["{ALLOWED}"]',
            "WUTS_SLACK_ALERT_CHANNEL": OPS,
            "WUTS_SLACK_STORE": f"sqlite:///{folder / 'store.db'}",
            "WUTS_SLACK_MONITOR_PORT": "0",
            "WUTS_SLACK_SLACK_URL": slack.api,
        }
        app = App(environment, folder)
        try:
            await app.start()
            yield slack, app
            await assert_channels_tell_nothing(slack)
        finally:
            await app.kill()
        assert_tells_nothing(app.log.read_text())


async def test_a_crash_in_the_middle_of_a_pairing_leaves_nothing_open(
    slack_program: str, mode: Mode, sim: Simulator, tmp_path: Path
) -> None:
    sim.world.add_device(name="Front desk")
    async with an_app(slack_program, mode, sim, tmp_path) as (slack, app):
        await slack.command(ANA, "pair Front desk")
        shown = await qr_message(slack)
        await app.kill()
        assert await slack.files() == {picture_id(shown)}
        await app.start()
        over = await slack.says(shown["channel"], "Interrupted. Start again.")
        assert over["ts"] == shown["ts"]
        assert set(buttons(over)) == {"pair"}
        while await slack.files():
            pass
        await slack.click(ANA, over, "pair")
        again = await qr_message(slack)
        assert again["ts"] != shown["ts"]


@ONE_MODE
async def test_a_crash_repeats_no_alert_and_its_message_is_continued(
    slack_program: str, mode: Mode, sim: Simulator, tmp_path: Path
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with an_app(slack_program, mode, sim, tmp_path) as (slack, app):
        await slack.command(ANA, "status")
        await slack.says(OPS, "1 of 1 connected")
        sim.world.unlink(device.id)
        await slack.command(ANA, "reconnect Front desk")
        alert = await slack.says(OPS, "was unlinked by its phone")
        await until_noted(slack, tmp_path / "store.db")
        await app.kill()
        await app.start()
        await slack.command(ANA, "pause Front desk")
        over = await slack.says(OPS, "Resolved <")
        assert over["ts"] == alert["ts"]
        assert len(await of_the_app(slack)) == 1


@ONE_MODE
async def test_who_has_an_alert_and_which_channels_get_it_outlive_crashes(
    slack_program: str, mode: Mode, sim: Simulator, tmp_path: Path
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with an_app(slack_program, mode, sim, tmp_path) as (slack, app):
        await slack.command(ANA, "subscribe Front desk", channel=ALLOWED)
        await slack.says(ALLOWED, "subscribed this channel to the alerts of *Front desk*")
        await app.kill()
        await app.start()
        await slack.command(ANA, "status")
        await slack.says(OPS, "1 of 1 connected")
        sim.world.unlink(device.id)
        await slack.command(ANA, "reconnect Front desk")
        first = [await slack.says(one, "was unlinked by its phone") for one in (OPS, ALLOWED)]
        await slack.click(ANA, first[1], "alert_take")
        await slack.says(OPS, "acknowledged this")
        await slack.says(ALLOWED, "acknowledged this")
        await until_noted(slack, tmp_path / "store.db", 2)
        await app.kill()
        await app.start()
        await slack.command(ANA, "pause Front desk")
        over = [await slack.says(one, "Resolved <") for one in (OPS, ALLOWED)]
        assert [one["ts"] for one in over] == [one["ts"] for one in first]
        assert len(await of_the_app(slack)) == 1
        assert len(await of_the_app(slack, ALLOWED)) == 2


@ONE_MODE
async def test_a_device_is_left_alone_after_a_crash_and_the_homes_show_it(
    slack_program: str, mode: Mode, sim: Simulator, tmp_path: Path
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    async with an_app(slack_program, mode, sim, tmp_path) as (slack, app):
        await slack.command(ANA, "disconnect Front desk")
        question = await slack.says(OPS, "Disconnect *Front desk*")
        await slack.click(ANA, question, "disconnect_anyway")
        await slack.says(OPS, "is disconnected until you resume it")
        await slack.open_home(ANA)
        await slack.home(ANA, "paused")
        await app.kill()
        await app.start()
        await slack.command(ANA, "status")
        await slack.says(OPS, "paused · since")
        assert not sim.world.device(device.id).is_connected
        await slack.command(ANA, "resume Front desk")
        await slack.home(ANA, "1 of 1 connected")


async def qr_message(slack: SlackServer) -> Message:
    channel = await slack.direct_channel(ANA)
    return await slack.message(channel, lambda message: picture_id(message) is not None)


async def until_noted(slack: SlackServer, store: Path, channels: int = 1) -> None:
    """What is sent at the moment of a crash is sent again: wait until that has passed."""
    alerts = "SELECT count(*) FROM wuts_alerts WHERE delivered_status = status"
    told = "SELECT count(*) FROM wuts_notifications WHERE told = sequence"
    with closing(sqlite3.connect(store)) as connection:
        while connection.execute(alerts).fetchone() != (1,):
            await slack.messages(OPS)
        while connection.execute(told).fetchone() != (channels,):
            await slack.messages(OPS)


async def of_the_app(slack: SlackServer, channel: str = OPS) -> list[Message]:
    """What the app said in a channel for all to see."""
    return [one for one in await slack.messages(channel) if "ephemeral_to" not in one]
