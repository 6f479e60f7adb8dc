"""Slack apps as processes of their own."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from slack_app.settings import Settings
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.manifest import ROOT
from tests.slack_app.standby.hearing import SIGNING_SECRET
from tests.slack_app.strict_slack import APP_TOKEN, BOT_TOKEN

WORKS = "WUTS is running in Slack"
WAITS = "Standby: another process has this app's accounts until it ends"
LOST = "Another process has taken over this app's accounts"

PATIENCE = 180
"""Seconds: on a busy machine a process takes long to start."""

_WUTS_SLACK = Path(sys.executable).with_name("wuts-slack")


class App:
    """The app as a process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[str] = []

    async def says(self, words: str) -> None:
        """Wait until it says something on standard error."""
        assert self.process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            while not self.said or words not in self.said[-1]:
                line = await self.process.stderr.readline()
                assert line, self.said
                self.said.append(line.decode())


@asynccontextmanager
async def running(
    settings: Settings, address: str, folder: Path, **variables: str
) -> AsyncIterator[App]:
    """Run the app as a process; it is killed at the end."""
    own = {
        "WUTS_SLACK_BOT_TOKEN": BOT_TOKEN,
        "WUTS_SLACK_APP_TOKEN": APP_TOKEN,
        "WUTS_SLACK_ACCOUNTS__HOME__TOKEN": GATEWAY_TOKEN,
        "WUTS_SLACK_ACCOUNTS__HOME__URL": settings.accounts["home"].url,
        "WUTS_SLACK_SLACK_URL": settings.slack_url,
        "WUTS_SLACK_MONITOR_PORT": str(settings.monitor_port),
        "WUTS_SLACK_STORE": address,
        "WUTS_SLACK_MODE": settings.mode,
        "WUTS_SLACK_PORT": str(settings.port),
        "WUTS_SLACK_SIGNING_SECRET": SIGNING_SECRET,
        **variables,
    }
    process = await asyncio.create_subprocess_exec(
        _WUTS_SLACK,
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
