"""A link to a pairing page, made by whoever knows the token."""

import asyncio

import pytest
from aiohttp import ClientSession

from tests.wuts_cli.command import OTHER_PHONE, PHONE, Json, until
from tests.wuts_cli.pairing.test_page import browser, page_of
from wuts.supervisor import AlertKind, DeviceState
from wuts_cli.service.listen import Listen
from wuts_simulator import Device, Simulator

from .conftest import BEARER, SERVICE_TOKEN, WEBHOOK_SECRET, Run, Running
from .test_webhooks import deliver


async def ask(service: Running, body: Json, headers: dict[str, str] = BEARER) -> tuple[int, Json]:
    await service.supervisor.until_owner("home")
    async with service.http.post("/pair", json=body, headers=headers) as answer:
        is_json = answer.content_type == "application/json"
        return answer.status, await answer.json() if is_json else await answer.text()


async def link_to(service: Running, device: Device, **wanted: str) -> str:
    status, answer = await ask(service, {"device": device.name, **wanted})
    assert (status, answer["device_id"]) == (201, device.id)
    url: str = answer["url"]
    return url


async def open_page(http: ClientSession, url: str) -> None:
    async with http.post(url) as answer:
        assert answer.status == 200


async def test_a_phone_is_linked_by_the_page_and_the_supervisor_knows_which(
    service: Running, sim: Simulator, desk: Device
) -> None:
    url = await link_to(service, desk, expect=f"+{PHONE}", note="Hello")
    assert url.startswith(f"http://127.0.0.1:{service.port}/pair/")
    assert desk.qr is None, "nobody has looked yet"
    async with browser() as http:
        await open_page(http, url)
        page = await page_of(http, url, saying='<div class="qr">')
        assert "Hello" in page
        sim.world.scan_device(desk.id, PHONE)
        await page_of(http, url, saying="The phone is linked to Front desk")
    assert service.supervisor.expected_number("home", desk.id) == PHONE
    assert service.supervisor.open_alerts() == ()


async def test_another_phone_than_the_expected_one_is_an_alert(
    service: Running, sim: Simulator, desk: Device
) -> None:
    await service.supervisor.until_owner("home")
    await service.supervisor.expect_number("home", desk.id, PHONE)
    url = await link_to(service, desk)
    async with browser() as http:
        await open_page(http, url)
        await until(lambda: desk.qr is not None)
        sim.world.scan_device(desk.id, OTHER_PHONE)
        await page_of(http, url, saying="Another phone was linked")
    kinds = [alert.kind for alert in service.supervisor.open_alerts()]
    assert kinds == [AlertKind.WRONG_PHONE]


async def test_who_scanned_learns_of_it_even_if_another_process_has_the_account(
    service: Running, sim: Simulator, desk: Device
) -> None:
    url = await link_to(service, desk)
    async with browser() as http:
        await open_page(http, url)
        await until(lambda: desk.qr is not None)
        await service.supervisor.release_account("home")
        sim.world.scan_device(desk.id, PHONE)
        await page_of(http, url, saying="The phone is linked to Front desk")


async def test_a_device_that_was_left_alone_is_taken_care_of_once_it_is_paired(
    service: Running, sim: Simulator, desk: Device
) -> None:
    await service.supervisor.until_owner("home")
    await service.supervisor.pause("home", desk.id)
    url = await link_to(service, desk)
    async with browser() as http:
        await open_page(http, url)
        await until(lambda: desk.qr is not None)
        sim.world.scan_device(desk.id, PHONE)
        await page_of(http, url, saying="The phone is linked")
    devices = service.supervisor.devices
    await until(lambda: devices("home")[desk.id].state is DeviceState.CONNECTED)


async def test_a_code_is_typed_and_a_webhook_makes_the_pairing_look(
    service: Running, sim: Simulator, desk: Device
) -> None:
    url = await link_to(service, desk, phone=f"+{PHONE}")
    async with browser() as http:
        await open_page(http, url)
        page = await page_of(http, url, saying='class="code"')
        code = page.split('class="code"')[1].split(">")[1].split("<")[0]
        sim.world.enter_code(desk.id, code)
        told = f'{{"event":"pair.success","device_id":"{desk.id}"}}'
        assert await deliver(service, told.encode()) == 204
        await page_of(http, url, saying="The phone is linked to Front desk")


async def test_a_new_link_ends_the_older_one(service: Running, desk: Device) -> None:
    older = await link_to(service, desk)
    async with browser() as http:
        await open_page(http, older)
        await until(lambda: desk.qr is not None)
        newer = await link_to(service, desk)
        async with http.get(older) as answer:
            assert answer.status in {200, 410}
            assert '<div class="qr">' not in await answer.text()
    async with browser() as http:
        await open_page(http, newer)
        await page_of(http, newer, saying='<div class="qr">')


@pytest.mark.usefixtures("desk")
async def test_only_the_token_itself_makes_a_link(service: Running) -> None:
    wanted = {"device": "Front desk"}
    assert (await ask(service, wanted, {}))[0] == 401
    async with service.http.post("/sign-in", data={"token": SERVICE_TOKEN}):
        pass
    # A page from elsewhere could make a browser send its cookie.
    assert (await ask(service, wanted, {}))[0] == 401
    assert (await ask(service, wanted))[0] == 201


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(
    ("wanted", "status", "reason", "part"),
    [
        ({}, 400, "usage", "device: Field required."),
        ({"device": ""}, 400, "usage", "device: "),
        ({"device": "x", "more": 1}, 400, "usage", "more: "),
        ([], 400, "usage", "the body: "),
        ({"device": "Nobody"}, 404, "unknown_device", "Nobody"),
        ({"device": "Front desk", "account": "other"}, 400, "usage", "must be one of home"),
        ({"device": "Front desk", "expect": "12"}, 400, "invalid_phone_number", ""),
        ({"device": "Front desk", "minutes": 0}, 400, "usage", "minutes: "),
    ],
)
async def test_why_there_is_no_link_is_told(
    service: Running, wanted: Json, status: int, reason: str, part: str
) -> None:
    refused, answer = await ask(service, wanted)
    assert (refused, answer["reason"]) == (status, reason)
    assert part in answer["message"]


async def test_a_gateway_that_does_not_answer_is_told(run: Run) -> None:
    async with run(url="http://127.0.0.1:1") as service:
        status, answer = await ask(service, {"device": "Front desk"})
    assert (status, answer["reason"]) == (502, "gateway_unreachable")


async def test_without_a_token_nobody_pairs(run: Run) -> None:
    listen = Listen(host="127.0.0.1", port=0, webhook_secret=WEBHOOK_SECRET)
    async with run(listen) as service:
        status, _ = await ask(service, {"device": "Front desk"})
    assert status == 404


async def test_a_browser_must_know_where_to_go(run: Run, desk: Device) -> None:
    listen = Listen(host="0.0.0.0", port=0, token=SERVICE_TOKEN)
    async with run(listen) as service:
        status, answer = await ask(service, {"device": desk.name})
    assert status == 400
    assert "public_url" in answer["message"]


async def test_its_end_ends_the_pairing_and_its_page(run: Run, desk: Device) -> None:
    async with run() as service, browser() as http:
        url = await link_to(service, desk)
        await open_page(http, url)
        await until(lambda: desk.qr is not None)
    left = [task.get_name() for task in asyncio.all_tasks() if "pairing" in task.get_name()]
    assert left == []
