"""Two apps as processes of their own: one is killed, or frozen, and the other takes over."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from scripts.lib.parts import free_port
from slack_app.settings import Mode, Settings
from slack_app.slack.owners_only import KEPT_BACK
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.core.wuts.supervisor.store.sessions import seconds_until_over, the_owners_pid
from tests.slack_app.conftest import GATEWAY_TOKEN
from tests.slack_app.manifest import ROOT
from tests.slack_app.standby.hearing import (
    AT_ONCE,
    SIGNING_SECRET,
    acknowledged,
    by_http,
    posted,
)
from tests.slack_app.standby.lives import Duo
from tests.slack_app.strict_slack import ANA, APP_TOKEN, BOT_TOKEN
from tests.slack_app.test_app import DIRECT, said, shows_a_picture
from wuts.clock import steady_time
from wuts.supervisor.store.ownership import DEFAULT_LEASE

WORKS = "WUTS is in Slack"
WAITS = "Standby: another process has this app's accounts until it ends"
LOST = "Another process has taken over this app's accounts"

WUTS_SLACK = Path(sys.executable).with_name("wuts-slack")
SHORTEST_DEFAULT = DEFAULT_LEASE * 2 / 3
"""Seconds that a frozen app keeps its session with the default lease, at least."""

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
        WUTS_SLACK,
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


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGKILL])
@pytest.mark.parametrize("mode", Mode)
async def test_a_second_app_disturbs_nothing_and_hears_slack_at_once_when_the_first_has_ended(
    duo: Duo, address: str, tmp_path: Path, mode: Mode, end: signal.Signals
) -> None:
    port = free_port()
    first, second = (
        by_http(one, port) if mode is Mode.HTTP else one for one in (duo.first, duo.second)
    )

    async def hears() -> None:
        if mode is Mode.HTTP:
            assert await posted(port) == 200
        else:
            await acknowledged(duo.slack)

    async with running(first, address, tmp_path) as one:
        await one.says(WORKS)
        async with running(second, address, tmp_path) as two:
            await two.says(WAITS)
            for _ in range(5):
                await hears()
            assert duo.slack.called_by("second") == []
            assert duo.second_gateway.world.requests.total() == 0
            one.process.send_signal(end)
            await one.process.communicate()
            ended_at = steady_time()
            await two.says(WORKS)
            await hears()
            assert steady_time() - ended_at < AT_ONCE
            assert duo.slack.called_by("second") != []


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


async def test_the_lease_is_the_setting_s(
    duo: Duo, postgresql: PostgresqlServer, tmp_path: Path
) -> None:
    address = await postgresql.new_database()
    administrator = await asyncpg.connect(address)
    async with running(duo.first, address, tmp_path, WUTS_SLACK_LEASE="1") as app:
        await app.says(WORKS)
        pid = await the_owners_pid(administrator)
        app.process.send_signal(signal.SIGSTOP)
        assert await seconds_until_over(administrator, pid) < SHORTEST_DEFAULT
    await administrator.close()


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
