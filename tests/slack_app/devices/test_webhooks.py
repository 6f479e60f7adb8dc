import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession
from pydantic import SecretStr

from slack_app.app import RunningApp, Tempo, running_app
from slack_app.devices.webhooks import HEADER
from slack_app.settings import Mode, Settings
from wuts.supervisor import Cause, DeviceState, SupervisorSettings
from wuts.webhooks import LONGEST_DELIVERY
from wuts_simulator import Simulator

SECRET = "webhook-secret-8888"
# Nothing but a webhook makes the supervisor look again so soon.
SELDOM = Tempo(supervision=SupervisorSettings(interval=30, debounce=0.0))


@pytest.fixture
async def app(settings: Settings) -> AsyncIterator[RunningApp]:
    update = {
        "mode": Mode.HTTP,
        "signing_secret": SecretStr("signing"),
        "webhook_secret": SecretStr(SECRET),
        "port": 0,
    }
    async with running_app(settings.model_copy(update=update), tempo=SELDOM) as running:
        yield running


@pytest.mark.slow
async def test_a_webhook_wakes_the_supervisor(app: RunningApp, gateway: Simulator) -> None:
    devices = app.services.supervisor.devices("home")
    first = gateway.world.add_device(state="connected")
    while first.id not in devices:
        assert await deliver(app) == 204
    gateway.world.unlink(first.id)
    assert await deliver(app) == 204
    while devices[first.id].state is not DeviceState.NEEDS_PAIRING:
        await fetch_figures(app)


@pytest.mark.parametrize("secret", ["", "webhook-secret-8889", "ção"])
async def test_without_the_secret_a_webhook_is_refused(secret: str, app: RunningApp) -> None:
    assert await deliver(app, secret=secret) == 401


async def test_a_header_that_is_no_text_is_refused(app: RunningApp) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", app.port)
    writer.write(
        b"POST /wuts/webhook/home HTTP/1.1\r\nHost: a\r\nX-WUTS-Secret: \xff\xfe\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()
    await writer.wait_closed()


async def test_an_account_that_there_is_not_is_refused(app: RunningApp) -> None:
    assert await deliver(app, account="other") == 404


@pytest.mark.parametrize(
    "body", [b"x" * (LONGEST_DELIVERY + 1), "chunked"], ids=["told", "chunked"]
)
async def test_a_large_body_is_refused(body: bytes | str, app: RunningApp) -> None:
    data = chunks() if body == "chunked" else body
    assert await deliver(app, body=data) == 413


async def test_what_a_body_says_is_not_believed(app: RunningApp, gateway: Simulator) -> None:
    device = gateway.world.add_device(state="connected")
    devices = app.services.supervisor.devices("home")
    told = f'{{"event":"device.logged_out","device_id":"{device.id}"}}'
    while device.id not in devices:
        assert await deliver(app, body=told.encode()) == 204
    assert devices[device.id].state is DeviceState.CONNECTED


@pytest.mark.slow
async def test_a_webhook_explains_an_alert(app: RunningApp, gateway: Simulator) -> None:
    supervisor = app.services.supervisor
    device = gateway.world.add_device(state="connected")
    while device.id not in supervisor.devices("home"):
        assert await deliver(app) == 204
    gateway.world.unlink(device.id)
    event = '"event":"connection.temporary_ban","data":{"expires_in":3600}'
    told = f'{{{event},"device_id":"{device.id}"}}'
    assert await deliver(app, body=told.encode()) == 204
    while not supervisor.open_alerts():
        await fetch_figures(app)
    [alert] = supervisor.open_alerts()
    assert alert.cause is Cause.TEMPORARY_BAN
    assert alert.cause_until is not None


async def test_deliveries_are_counted(app: RunningApp) -> None:
    await deliver(app)
    await deliver(app, secret="wrong")
    figures = await fetch_figures(app)
    assert 'wuts_webhooks_total{outcome="taken"} 1.0' in figures
    assert 'wuts_webhooks_total{outcome="refused"} 1.0' in figures


async def fetch_figures(app: RunningApp) -> str:
    async with (
        ClientSession() as http,
        http.get(f"http://127.0.0.1:{app.monitor_port}/metrics") as answer,
    ):
        return await answer.text()


async def chunks() -> AsyncIterator[bytes]:
    for _ in range(2):
        yield b"x" * LONGEST_DELIVERY


async def deliver(
    app: RunningApp,
    *,
    account: str = "home",
    secret: str = SECRET,
    body: bytes | str | AsyncIterator[bytes] = b"{}",
) -> int:
    url = f"http://127.0.0.1:{app.port}/wuts/webhook/{account}"
    async with (
        ClientSession() as http,
        http.post(url, data=body, headers={HEADER: secret}) as answer,
    ):
        return answer.status
