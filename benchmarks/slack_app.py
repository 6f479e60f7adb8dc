"""The Slack app in a process of its own, and people who use it, for its measurements."""

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from aiohttp import ClientConnectorError, ClientSession

from scripts.lib.parts import free_port
from tests.slack_app.strict_slack import ANA, APP_TOKEN, BOT_TOKEN, OPS, StrictSlack

from .gateway import Gateway

PATIENCE = 300.0


@dataclass(frozen=True, slots=True)
class App:
    """The app's process, and where it shows its figures."""

    monitor_port: int

    async def has(self, figure: str) -> None:
        """Wait until a line is among its figures."""
        async with asyncio.timeout(PATIENCE):
            while figure not in await self._figures():  # noqa: ASYNC110 - another process
                await asyncio.sleep(1.0)

    async def _figures(self) -> str:
        address = f"http://127.0.0.1:{self.monitor_port}/metrics"
        try:
            async with ClientSession() as http, http.get(address) as answer:
                return await answer.text()
        except ClientConnectorError:
            # It has not begun to listen yet.
            return ""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from a command, one entry a command."""

    ack: list[float]
    qr: list[float]


@asynccontextmanager
async def running_app(slack: StrictSlack, gateway: Gateway) -> AsyncIterator[App]:
    """Run the app as anybody would, for as long as the context lasts."""
    port = free_port()
    with TemporaryDirectory() as folder:
        environment = {
            "WUTS_SLACK_BOT_TOKEN": BOT_TOKEN,
            "WUTS_SLACK_APP_TOKEN": APP_TOKEN,
            "WUTS_SLACK_ACCOUNTS__HOME__TOKEN": gateway.token,
            "WUTS_SLACK_ACCOUNTS__HOME__URL": gateway.url,
            "WUTS_SLACK_ALERT_CHANNEL": OPS,
            "WUTS_SLACK_MONITOR_PORT": str(port),
            "WUTS_SLACK_SLACK_URL": slack.api,
            "WUTS_SLACK_STORE": f"sqlite:///{folder}/store.db",
        }
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "slack_app"),
            env={**os.environ, **environment},
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await slack.until(lambda: slack.count("apps.connections.open") > 1)
            yield App(port)
        finally:
            process.terminate()
            await process.wait()


async def pair(slack: StrictSlack, names: list[str], *, are_known: bool = True) -> Times:
    """Have as many people as there are names pair a device each, all at once.

    Args:
        slack: Where they do.
        names: The devices.
        are_known: Whether the app has seen them before, and so does not have to look them up.
    """
    users = [f"U{number}" for number in range(len(names))]
    slack.admins |= dict.fromkeys(users, True)
    seen = users if are_known else [ANA]
    for user in seen:
        await slack.command(user, "help")
    await slack.until(lambda: len(slack.private) >= len(seen))
    begun = time.perf_counter()
    waiting = {
        await slack.command(user, f"pair {name}"): "ack"
        for user, name in zip(users, names, strict=True)
    }
    waiting |= {f"D{user}": "qr" for user in users}
    times = Times([], [])

    def note() -> bool:
        """Record who is no longer waiting."""
        now = time.perf_counter() - begun
        for one in [one for one in waiting if one in slack.acks or one in slack.pictured]:
            getattr(times, waiting.pop(one)).append(now)
        return not waiting

    await slack.until(note)
    return times
