"""The gateway's webhooks: they wake the supervisor, and nothing that they say is believed."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from tests.wuts_cli.command import until
from wuts.operations import webhooks
from wuts.operations.webhooks import HEADER
from wuts.supervisor import Cause, DeviceState
from wuts.webhooks import LONGEST_DELIVERY
from wuts_cli.service.listen import Listen
from wuts_simulator import Simulator

from .conftest import WEBHOOK_SECRET, Run, Running


async def deliver(
    service: Running,
    body: bytes | AsyncIterator[bytes] = b"{}",
    *,
    account: str = "home",
    secret: str = WEBHOOK_SECRET,
) -> int:
    headers = {HEADER: secret}
    path = f"/wuts/webhook/{account}"
    async with service.http.post(path, data=body, headers=headers) as answer:
        return answer.status


async def test_a_webhook_wakes_the_supervisor_and_explains_an_alert(
    service: Running, sim: Simulator
) -> None:
    devices = service.supervisor.devices("home")
    device = sim.world.add_device("home", state="connected")
    while device.id not in devices:
        assert await deliver(service) == 204
    sim.world.unlink(device.id)
    event = f'{{"event":"connection.temporary_ban","device_id":"{device.id}",'
    assert await deliver(service, f'{event}"data":{{"expires_in":3600}}}}'.encode()) == 204
    await until(service.supervisor.open_alerts)
    [alert] = service.supervisor.open_alerts()
    assert alert.cause is Cause.TEMPORARY_BAN
    assert devices[device.id].state is DeviceState.NEEDS_PAIRING


async def test_what_a_body_says_is_not_believed(service: Running, sim: Simulator) -> None:
    device = sim.world.add_device("home", state="connected")
    told = f'{{"event":"device.logged_out","device_id":"{device.id}"}}'.encode()
    while device.id not in service.supervisor.devices("home"):
        assert await deliver(service, told) == 204
    assert service.supervisor.devices("home")[device.id].state is DeviceState.CONNECTED


@pytest.mark.parametrize("body", [b"", b"\xff", b"[" * 60_000, b"null", b'{"event":5}'])
async def test_a_body_that_is_none_is_a_hint_all_the_same(service: Running, body: bytes) -> None:
    assert await deliver(service, body) == 204


@pytest.mark.parametrize("secret", ["", "webhook-secret-0123456780", "ção"])
async def test_without_the_secret_a_webhook_is_refused(service: Running, secret: str) -> None:
    assert await deliver(service, secret=secret) == 401


async def test_an_account_that_there_is_not_is_refused(service: Running) -> None:
    assert await deliver(service, account="other") == 404


@pytest.mark.parametrize("is_chunked", [False, True])
async def test_a_large_body_is_refused(service: Running, *, is_chunked: bool) -> None:
    body: bytes | AsyncIterator[bytes] = b"x" * (LONGEST_DELIVERY + 1)
    if is_chunked:
        body = chunks(LONGEST_DELIVERY, 2)
    assert await deliver(service, body) == 413


async def chunks(size: int, count: int) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield b"x" * size


async def test_a_body_that_never_ends_is_given_up(
    service: Running, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(webhooks, "LONGEST_WAIT", 0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    head = f"POST /wuts/webhook/home HTTP/1.1\r\nHost: a\r\n{HEADER}: {WEBHOOK_SECRET}\r\n"
    writer.write(f"{head}Content-Length: 100\r\n\r\nx".encode())
    assert b" 408 " in await reader.readline()
    writer.close()


async def test_without_a_secret_there_is_no_such_route(run: Run) -> None:
    async with run(Listen(host="127.0.0.1", port=0)) as service:
        assert await deliver(service) == 404


async def test_a_webhook_of_another_processes_share_is_passed_on(run: Run) -> None:
    async with run(shares=True) as service:
        passed: list[tuple[str, str | None]] = []
        service.supervisor._accounts.wakes.pass_on = (  # type: ignore[method-assign]
            lambda account, device_id: passed.append((account, device_id))
        )
        body = b'{"event":"connection.temporary_ban","device_id":"d1"}'
        assert await deliver(service, body) == 204
        assert passed == [("home", None)]
