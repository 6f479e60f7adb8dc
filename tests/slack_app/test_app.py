"""The whole app against a Slack that is as strict as the real one."""

import asyncio
import logging
from dataclasses import replace

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError

from slack_app.app import RunningApp, Tempo, running_app
from slack_app.settings import Settings
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from wuts.pairing import PairingSettings
from wuts.supervisor import SupervisorSettings
from wuts_simulator import Simulator

TEMPO = Tempo(
    supervision=SupervisorSettings(interval=0.3, base=0.2, cap=0.5, debounce=0.0, gone_after=0.6),
    pairing=PairingSettings(poll_interval=0.1, settle=0.3),
    interval=0.0,
    group_wait=0.0,
    group_interval=0.1,
    ping=1.0,
)
DIRECT = f"D{ANA}"


async def test_a_picture_is_shown_once_slack_knows_its_type(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.files.looks = 2
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: shows_a_picture(strict))
        assert strict.count("files.info") == 3
    assert strict.refusals == []
    assert strict.files.names == {}


async def test_a_message_that_slack_refuses_ends_the_pairing_and_says_so(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.scopes.remove("files:read")
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO):
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: "missing_scope" in said(strict, DIRECT))
        assert "Start again" in said(strict, DIRECT)
    assert strict.files.names == {}


async def test_a_rate_limit_is_waited_out_and_counted(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.limited["chat.postMessage"] = 2
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO) as app:
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: shows_a_picture(strict))
        figures = await figures_of(app)
    assert 'wuts_slack_rate_limited_total{method="chat.postMessage"} 2.0' in figures
    assert 'wuts_slack_calls_total{method="chat.postMessage",outcome="ok"} 1.0' in figures


async def test_a_pairing_and_the_requests_of_it_are_counted(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    device = gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO) as app:
        before = await figures_of(app)
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: shows_a_picture(strict))
        gateway.world.scan_device(device.id, "5511912344321")
        async with asyncio.timeout(200):
            while 'wuts_pairings_total{outcome="paired"} 1.0' not in await figures_of(app):
                pass
        figures = await figures_of(app)
    assert 'wuts_pairings_total{outcome="paired"} 0.0' in before
    assert 'wuts_pairing_duration_seconds_count{outcome="paired"} 0.0' in before
    assert 'wuts_pairing_duration_seconds_count{outcome="paired"} 1.0' in figures
    assert 'wuts_gateway_requests_total{code="ok",endpoint="GET /qr"} 0.0' in before
    assert 'wuts_gateway_requests_total{code="ok",endpoint="GET /qr"} 0.0' not in figures
    assert 'wuts_build_info{program="wuts-slack"' in before
    assert "5511912344321" not in figures


async def test_a_connection_that_drops_is_tried_again(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_device(name="Front desk")
    async with running_app(settings, tempo=TEMPO) as app:
        strict.cut["conversations.open"] = 1
        await strict.command(ANA, "pair Front desk")
        await strict.until(lambda: shows_a_picture(strict))
        figures = await figures_of(app)
    assert 'wuts_slack_calls_total{method="conversations.open",outcome="no_answer"} 1.0' in figures
    assert 'wuts_slack_calls_total{method="conversations.open",outcome="ok"} 1.0' in figures


@pytest.mark.usefixtures("gateway")
@pytest.mark.slow
async def test_a_lost_socket_is_opened_again_and_the_next_command_is_heard(
    strict: StrictSlack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "slack_bolt")
    async with running_app(settings, tempo=TEMPO) as app:
        first = await strict.command(ANA, "help")
        await strict.until(lambda: first in strict.acks)
        await strict.drop_sockets()
        second = await strict.command(ANA, "help")
        await strict.until(lambda: second in strict.acks)
        assert await health_of(app) == (200, '{"status": "ok"}')
    assert strict.acks == [first, second]


@pytest.mark.usefixtures("gateway")
async def test_without_a_socket_the_app_is_not_well(
    strict: StrictSlack, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.CRITICAL, "slack_bolt")
    async with running_app(settings, tempo=replace(TEMPO, ping=0.1)) as app:
        strict.limited["apps.connections.open"] = 10**6
        await strict.drop_sockets()
        while (await health_of(app))[0] != 503:
            pass
        strict.limited.clear()
        while (await health_of(app))[0] != 200:
            pass


async def test_a_member_of_an_allowed_user_group_may_and_others_are_refused(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    strict.user_groups["S1"] = [BOB]
    gateway.world.add_device(name="Front desk")
    lists = settings.model_copy(update={"allow_user_groups": frozenset({"S1"})})
    async with running_app(lists, tempo=TEMPO):
        await strict.command(ANA, "help")
        await strict.until(lambda: bool(strict.private))
        assert "You don't have permission to do that" in strict.private[0]["text"]
        await strict.command(BOB, "pair Front desk")
        await strict.until(lambda: f"D{BOB}" in {channel for channel, _ in strict.messages})


@pytest.mark.usefixtures("gateway")
async def test_a_group_that_slack_does_not_tell_lets_nobody_in(
    strict: StrictSlack, settings: Settings
) -> None:
    strict.scopes.remove("usergroups:read")
    lists = settings.model_copy(update={"allow_user_groups": frozenset({"S1"})})
    async with running_app(lists, tempo=TEMPO):
        await strict.command(ANA, "help")
        await strict.until(lambda: bool(strict.private))
    assert "I couldn't check" in strict.private[0]["text"]


@pytest.mark.usefixtures("gateway")
@pytest.mark.parametrize("wrong", ["bot_token", "app_token"])
async def test_a_token_that_slack_refuses_ends_the_start(
    wrong: str, strict: StrictSlack, settings: Settings
) -> None:
    token = SecretStr({"bot_token": "xoxb-other", "app_token": "xapp-other"}[wrong])
    with pytest.raises(SlackApiError, match="invalid_auth"):
        async with running_app(settings.model_copy(update={wrong: token})):
            pass
    assert strict.refusals[0][1] == "invalid_auth"


async def test_a_thousand_devices_of_a_dead_gateway_are_one_message(
    strict: StrictSlack, gateway: Simulator, settings: Settings
) -> None:
    gateway.world.add_devices("home", 1_000, state="connected")
    async with running_app(settings, tempo=TEMPO) as app:
        devices = app.services.supervisor.devices("home")
        while len(devices) < 1_000:
            await health_of(app)
        gateway.world.break_for(3_600)
        await strict.until(lambda: "is down" in said(strict, OPS))
        figures = await figures_of(app)
    assert strict.count("chat.postMessage") == 1
    assert 'wuts_alerts_open{account="home",kind="gateway_down"} 1.0' in figures
    assert 'wuts_devices{account="home",state="connected"} 1000.0' in figures


def said(strict: StrictSlack, channel: str) -> str:
    texts = [sent for (place, _), sent in strict.messages.items() if place == channel]
    return str(texts)


def shows_a_picture(strict: StrictSlack) -> bool:
    return "slack_file" in said(strict, DIRECT)


async def figures_of(app: RunningApp) -> str:
    return (await fetch(app, "metrics"))[1]


async def health_of(app: RunningApp) -> tuple[int, str]:
    return await fetch(app, "healthz")


async def fetch(app: RunningApp, path: str) -> tuple[int, str]:
    async with (
        ClientSession() as http,
        http.get(f"http://127.0.0.1:{app.monitor_port}/{path}") as answer,
    ):
        return answer.status, await answer.text()
