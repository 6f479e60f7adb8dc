"""The board and the metrics: what the service shows of a supervision to those who may read."""

from pathlib import Path

import pytest

from tests.wuts_cli.command import PHONE, until
from tests.wuts_cli.pairing.test_page import browser, page_of
from wuts.supervisor.store.sql import SqlStore
from wuts_cli.service.listen import Listen
from wuts_simulator import Device, Simulator

from .conftest import BEARER, SERVICE_TOKEN, Run, Running
from .test_pairings import link_to, open_page
from .test_webhooks import deliver

OPEN = Listen(host="127.0.0.1", port=0)


async def figures(service: Running) -> list[str]:
    status, text = await service.get("/metrics", **BEARER)
    assert status == 200
    return text.splitlines()


async def test_metrics_count_calls_webhooks_and_pairings(
    service: Running, sim: Simulator, desk: Device
) -> None:
    url = await link_to(service, desk)
    assert await deliver(service) == 204
    assert await deliver(service, secret="wrong") == 401
    async with browser() as http:
        await open_page(http, url)
        await until(lambda: desk.qr is not None)
        sim.world.scan_device(desk.id, PHONE)
        await page_of(http, url, saying="The phone is linked")
    paired = 'wuts_pairings_total{outcome="paired"} 1.0'
    while paired not in (lines := await figures(service)):
        assert 'wuts_pairings_total{outcome="paired"} 0.0' in lines
    assert 'wuts_webhooks_total{outcome="taken"} 1.0' in lines
    assert 'wuts_webhooks_total{outcome="refused"} 1.0' in lines
    asked = 'wuts_gateway_requests_total{code="ok",endpoint="GET /qr"} '
    assert [line for line in lines if line.startswith(asked)] != [f"{asked}0.0"]
    assert not any(desk.id in line or "Front desk" in line or PHONE in line for line in lines)


async def test_only_readers_see_metrics_and_board(service: Running) -> None:
    for path in ("/metrics", "/", "/board.json", "/uptime.json"):
        assert (await service.get(path))[0] == 401
        async with service.http.head(path) as answer:
            assert answer.status == 401
    async with service.http.get("/") as form:
        assert 'action="sign-in"' in await form.text()
    async with service.http.post("/sign-in", data={"token": SERVICE_TOKEN}) as answer:
        assert answer.status == 200
        assert "<title>" in await answer.text()
    assert (await service.get("/board.json"))[0] == 200


async def test_without_a_token_this_machine_sees_both(run: Run, desk: Device) -> None:
    async with run(OPEN) as service:
        await until(lambda: desk.id in service.supervisor.devices("home"))
        status, board = await service.get("/board.json")
        assert status == 200
        assert desk.name in board
        assert (await service.get("/metrics"))[0] == 200
        assert (await service.get("/metrics", Host="evil.example"))[0] == 401
        assert (await service.get("/board.json", Host="evil.example"))[0] == 401


@pytest.mark.usefixtures("desk")
async def test_the_board_draws_the_history_of_the_store(run: Run, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.db"
    async with run(OPEN, store=SqlStore(address), address=address) as service:
        await service.supervisor.until_owner("home")
        status, _ = await service.get("/uptime.json?period=day")
        assert status in {200, 503}, "there may be no tables yet"
        while status != 200:
            status, _ = await service.get("/uptime.json?period=day")


async def test_metrics_are_there_on_standby(run: Run, tmp_path: Path) -> None:
    address = f"sqlite:///{tmp_path}/store.db"
    async with run(OPEN, store=SqlStore(address)) as first:
        await first.supervisor.until_owner("home")
        async with run(OPEN, store=SqlStore(address)) as second:
            await second.supervisor.until_decided("home")
            status, text = await second.get("/metrics")
    assert status == 200
    assert 'wuts_account_owner{account="home"} 0.0' in text
