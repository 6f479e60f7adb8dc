"""Two apps with the same account on one store: one works, the other waits and touches nothing."""

import asyncio
import logging
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError

from scripts.lib.parts import free_port
from slack_app.messages import EN
from slack_app.slack.owners_only import KEPT_BACK
from tests.slack_app.standby.hearing import acknowledged, by_http, posted
from tests.slack_app.standby.lives import Duo, Life, both, living
from tests.slack_app.strict_slack import ANA
from tests.slack_app.test_app import DIRECT, said, shows_a_picture
from wuts.supervisor import Ownership
from wuts_simulator import Simulator


@pytest.mark.slow
async def test_a_standby_calls_nobody_and_hears_slack_once_the_first_has_ended(
    duo: Duo, address: str
) -> None:
    duo.gateway.world.add_device(name="Front desk")
    async with both(duo.first, duo.second, address) as (one, two):
        assert await one.readiness() == (200, '{"status": "ok"}')
        await duo.slack.command(ANA, "pair Front desk")
        await duo.slack.until(lambda: shows_a_picture(duo.slack))
        assert await two.readiness() == (503, '{"status": "standby"}')
        await two.tries_again(5)
        assert duo.slack.called_by("second") == []
        assert duo.second_gateway.world.requests.total() == 0
        assert shows_a_picture(duo.slack)
        assert len(duo.slack.files.names) == 1

        await one.end()
        assert "Interrupted" in said(duo.slack, DIRECT)
        assert duo.slack.files.names == {}
        await two.at_work()
        await acknowledged(duo.slack)
        assert await two.readiness() == await two.health() == (200, '{"status": "ok"}')
        assert not KEPT_BACK & set(duo.slack.called_by("second"))


async def test_in_http_mode_the_second_takes_the_address_over(duo: Duo, address: str) -> None:
    port = free_port()
    async with both(by_http(duo.first, port), by_http(duo.second, port), address) as (one, two):
        assert await posted(port) == 200
        assert duo.slack.called_by("second") == []
        await one.end()
        with pytest.raises(ClientConnectionError):
            await posted(port)
        await two.at_work()
        assert await posted(port) == 200


async def test_the_figures_say_which_of_two_looks_after_the_account(duo: Duo, address: str) -> None:
    owner = 'wuts_account_owner{account="home"} '
    devices = 'wuts_devices{account="home",state="connected"} 1.0'
    duo.gateway.world.add_device(name="Front desk", state="connected", phone="5511912344321")
    async with both(duo.first, duo.second, address) as (one, two):
        async with asyncio.timeout(200):
            while devices not in await one.figures():
                pass
        assert f"{owner}1.0" in await one.figures()
        waiting = await two.figures()
        assert f"{owner}0.0" in waiting
        # Nobody takes what it does not know for zeros.
        assert [line for line in waiting.splitlines() if 'account="home"' in line] == [
            f"{owner}0.0"
        ]
        assert "wuts_store_up" not in waiting
        await one.end()
        await two.at_work()
        assert f"{owner}1.0" in await two.figures()


async def test_a_standby_ends_when_it_is_told_to(duo: Duo, address: str) -> None:
    async with both(duo.first, duo.second, address) as (one, two):
        await two.end()
        assert await one.health() == (200, '{"status": "ok"}')


async def test_an_app_that_waits_for_slack_ends_when_it_is_told_to(duo: Duo, address: str) -> None:
    duo.slack.limited["apps.connections.open"] = 10**6
    async with living(duo.first, address) as one:
        await duo.slack.until(lambda: duo.slack.count("apps.connections.open") > 1)
        assert (await one.health())[0] == 503
        await one.end()


@pytest.mark.slow
async def test_apps_with_other_accounts_share_a_store(duo: Duo, address: str) -> None:
    duo.gateway.world.add_device(name="Front desk")
    office = duo.second.model_copy(update={"accounts": {"office": duo.second.accounts["home"]}})
    async with living(duo.first, address) as one:
        await one.at_work()
        await duo.slack.command(ANA, "pair Front desk")
        await duo.slack.until(lambda: shows_a_picture(duo.slack))
        async with living(office, address) as two:
            await two.at_work()
            await looks(two, duo.second_gateway, 3)
        assert shows_a_picture(duo.slack)
        assert len(duo.slack.files.names) == 1
        assert not KEPT_BACK & set(duo.slack.called_by("second"))


@pytest.mark.slow
async def test_who_loses_the_accounts_leaves_slack_to_the_next_and_waits_again(
    duo: Duo, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    device = duo.gateway.world.add_device(name="Front desk")
    address = f"sqlite:///{tmp_path / 'store.db'}"
    async with both(duo.first, duo.second, address) as (one, two):
        await duo.slack.command(ANA, "pair Front desk")
        await duo.slack.until(lambda: shows_a_picture(duo.slack))
        before = len(duo.slack.called_by("first"))
        (tmp_path / "store.db.lock").unlink()
        await two.at_work()
        duo.gateway.world.add_device(name="Back office", state="connected")
        await one.on_standby()
        await duo.slack.until(lambda: duo.slack.files.names == {})
        assert "Interrupted" in said(duo.slack, DIRECT)
        assert not KEPT_BACK & set(duo.slack.called_by("first")[before:])
        assert caplog.text.count("Another process has taken over this app's accounts") == 1
        assert caplog.text.count("pair: interrupted") == 1
        assert "Traceback" not in caplog.text

        await two.end()
        app = await one.at_work()
        await acknowledged(duo.slack)
        while not app.services.supervisor.devices("home"):
            await one.health()
        assert app.services.pairings.owner(app.services.accounts.find(device.id).ref) is None


async def test_a_token_of_another_account_is_told_to_people(duo: Duo, address: str) -> None:
    duo.gateway.world.add_device(name="Front desk", state="connected")
    duo.second_gateway.world.add_device(name="Kiosk", state="connected")
    async with living(duo.first, address) as one:
        app = await one.at_work()
        while not app.services.supervisor.devices("home"):
            await one.health()
    async with living(duo.second, address) as two:
        app = await two.at_work()
        while app.services.supervisor.ownership("home") is not Ownership.OTHER_ACCOUNT:
            await two.health()
        await duo.slack.command(ANA, "status")
        await duo.slack.says(EN.problem_store_other_account)


async def looks(life: Life, gateway: Simulator, count: int) -> None:
    """Wait until an app has looked at its gateway so many times more."""
    wanted = gateway.world.requests.total() + count
    while gateway.world.requests.total() < wanted:
        await life.health()
