"""Two apps as processes of their own: one is killed, or frozen, and the other takes over."""

import asyncio
import signal
from pathlib import Path

import asyncpg
import pytest

from scripts.lib.parts import free_port
from slack_app.settings import Mode
from slack_app.slack.owners_only import KEPT_BACK
from tests.core.wuts.supervisor.store.postgresql_server import PostgresqlServer
from tests.core.wuts.supervisor.store.sessions import seconds_until_over, the_owners_pid
from tests.slack_app.standby.apps import LOST, WAITS, WORKS, running
from tests.slack_app.standby.hearing import acknowledged, by_http, posted
from tests.slack_app.standby.lives import Duo
from tests.slack_app.strict_slack import ANA
from tests.slack_app.test_app import DIRECT, said, shows_a_picture
from wuts.supervisor.store.ownership import DEFAULT_LEASE

SHORTEST_DEFAULT = DEFAULT_LEASE * 2 / 3
"""Seconds that a frozen app keeps its session with the default lease, at least."""

LONG = "300"
"""Seconds of a lease that no test waits for: an end is noticed without it."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


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
async def test_a_second_app_disturbs_nothing_and_hears_slack_when_the_first_has_ended(
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

    async with running(first, address, tmp_path, WUTS_SLACK_LEASE=LONG) as one:
        await one.says(WORKS)
        async with running(second, address, tmp_path, WUTS_SLACK_LEASE=LONG) as two:
            await two.says(WAITS)
            for _ in range(5):
                await hears()
            assert duo.slack.called_by("second") == []
            assert duo.second_gateway.world.requests.total() == 0
            one.process.send_signal(end)
            await one.process.communicate()
            await two.says(WORKS)
            await hears()
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
            async with asyncio.timeout(200):
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
