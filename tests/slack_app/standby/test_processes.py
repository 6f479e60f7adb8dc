"""Two apps as processes of their own: one is killed, or frozen, and the other takes over."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from slack_app.settings import Settings
from slack_app.slack.owners_only import KEPT_BACK
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.manifest import ROOT
from tests.slack_app.standby.lives import Duo
from tests.slack_app.strict_slack import ANA, APP_TOKEN, BOT_TOKEN
from tests.slack_app.test_app import DIRECT, said, shows_a_picture

WORKS = "WUTS is in Slack"
WAITS = "Standby: another process has this app's accounts until it ends"
LOST = "Another process has taken over this app's accounts"

pytestmark = pytest.mark.slow


class App:
    """The app as a process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[str] = []

    async def says(self, words: str) -> None:
        """Wait until it says something on standard error."""
        assert self.process.stderr is not None
        async with asyncio.timeout(60):
            while not self.said or words not in self.said[-1]:
                line = await self.process.stderr.readline()
                assert line, self.said
                self.said.append(line.decode())


@asynccontextmanager
async def running(settings: Settings, address: str, folder: Path) -> AsyncIterator[App]:
    """Run the app as a process; it is killed at the end."""
    own = {
        "WUTS_SLACK_BOT_TOKEN": BOT_TOKEN,
        "WUTS_SLACK_APP_TOKEN": APP_TOKEN,
        "WUTS_SLACK_ACCOUNTS__HOME__TOKEN": GATEWAY_TOKEN,
        "WUTS_SLACK_ACCOUNTS__HOME__URL": settings.accounts["home"].url,
        "WUTS_SLACK_SLACK_URL": settings.slack_url,
        "WUTS_SLACK_MONITOR_PORT": str(settings.monitor_port),
        "WUTS_SLACK_STORE": address,
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "slack_app"),
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT), **own},
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield App(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_what_a_killed_app_left_is_ended_by_the_one_that_waited(
    duo: Duo, address: str, tmp_path: Path
) -> None:
    duo.gateway.world.add_device(name="Front desk")
    async with running(duo.first, address, tmp_path) as one:
        await one.says(WORKS)
        await duo.slack.command(ANA, "pair Front desk")
        await duo.slack.until(lambda: shows_a_picture(duo.slack))
        async with running(duo.second, address, tmp_path) as two:
            await two.says(WAITS)
            assert duo.slack.called_by("second") == []
            assert shows_a_picture(duo.slack)
            one.process.kill()
            await two.says(WORKS)
            await duo.slack.until(lambda: "Interrupted" in said(duo.slack, DIRECT))
            await duo.slack.until(lambda: duo.slack.files.names == {})
            envelope = await duo.slack.command(ANA, "help")
            await duo.slack.until(lambda: envelope in duo.slack.acks)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_a_signal_ends_a_standby_at_once_and_nobody_was_called(
    duo: Duo, number: signal.Signals, tmp_path: Path
) -> None:
    address = f"sqlite:///{tmp_path / 'store.db'}"
    async with running(duo.first, address, tmp_path) as one:
        await one.says(WORKS)
        async with running(duo.second, address, tmp_path) as two:
            await two.says(WAITS)
            two.process.send_signal(number)
            async with asyncio.timeout(60):
                _, rest = await two.process.communicate()
            assert (two.process.returncode, rest, len(two.said)) == (0, b"", 1)
    assert duo.slack.called_by("second") == []
    assert duo.second_gateway.world.requests.total() == 0


async def test_an_app_that_was_frozen_leaves_slack_to_the_one_that_took_over(
    duo: Duo, postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    address = await postgresql.new_database()
    duo.gateway.world.add_device(name="Front desk")
    async with running(duo.first, address, tmp_path) as one:
        await one.says(WORKS)
        await duo.slack.command(ANA, "pair Front desk")
        await duo.slack.until(lambda: shows_a_picture(duo.slack))
        async with running(duo.second, address, tmp_path) as two:
            await two.says(WAITS)
            one.process.send_signal(signal.SIGSTOP)
            await two.says(WORKS)
            await duo.slack.until(lambda: duo.slack.files.names == {})
            before = len(duo.slack.called_by("first"))
            one.process.send_signal(signal.SIGCONT)
            await one.says(LOST)
            await one.says(WAITS)
            assert not KEPT_BACK & set(duo.slack.called_by("first")[before:])
            assert "Interrupted" in said(duo.slack, DIRECT)
