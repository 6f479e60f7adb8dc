from io import BytesIO

import pytest
import zxingcpp
from aiohttp import ClientSession
from PIL import Image

from tests.wuts_simulator.gateway import PHONE, Api, Json, Reply
from wuts_simulator import Simulator

GUARD = {"X-WUTS-Phone": "1"}


async def press(nobody: Api, path: str, **body: Json) -> Reply:
    return await nobody.post(f"/phone/api{path}", headers=GUARD, json=body)


async def shown(nobody: Api, **query: str) -> Json:
    return (await nobody.get("/phone/api/devices", **query)).body


@pytest.mark.parametrize("name", ["", "/phone.css", "/phone.js", "/cards.js"])
async def test_the_page_needs_nothing_from_elsewhere(nobody: Api, name: str) -> None:
    reply = await nobody.get(f"/phone{name}")
    assert reply.status == 200
    assert "default-src 'self'" in reply.headers["Content-Security-Policy"]
    assert "://" not in reply.text


async def test_devices_that_wait_for_a_phone_come_first(
    nobody: Api, api: Api, sim: Simulator
) -> None:
    sim.world.add_devices("home", 20, "Fleet")
    waiting = sim.world.add_device("home", "Reception")
    typing = sim.world.add_device("home", "Kitchen")
    await api.get("/qr", device_id=waiting.id)
    code = (await api.post("/paircode", json={"phone": PHONE, "device_id": typing.id})).data["code"]
    page = await shown(nobody)
    assert [device["name"] for device in page["devices"][:3]] == ["Reception", "Kitchen", "Fleet 1"]
    assert page["devices"][0]["qr"]["expires_in"] == 60
    assert page["devices"][1]["code"]["text"] == code
    assert (page["page"], page["pages"], page["found"], page["total"]) == (1, 2, 22, 22)


async def test_devices_are_found_by_name_id_phone_and_tenant(nobody: Api, sim: Simulator) -> None:
    sim.world.add_device("home", "Reception", state="connected", phone=PHONE)
    other = sim.world.add_device("office", "Kitchen")
    for words, name in [
        ("RECEP", "Reception"),
        (PHONE, "Reception"),
        (other.id, "Kitchen"),
        ("office", "Kitchen"),
    ]:
        assert [device["name"] for device in (await shown(nobody, search=words))["devices"]] == [
            name
        ]
    nothing = await shown(nobody, search="nothing")
    assert (nothing["found"], nothing["pages"], nothing["total"]) == (0, 1, 2)


@pytest.mark.parametrize(("asked", "given"), [("2", 2), ("99", 2), ("0", 1), ("x", 1), ("-1", 1)])
async def test_a_page_past_the_end_is_the_last_one(
    nobody: Api, sim: Simulator, asked: str, given: int
) -> None:
    sim.world.add_devices("home", 20)
    assert (await shown(nobody, page=asked))["page"] == given


async def test_the_qr_is_drawn_while_it_lives(
    nobody: Api, api: Api, sim: Simulator, http: ClientSession
) -> None:
    device = sim.world.add_device("home")
    payload = (await api.get("/qr")).data["qr_code"]
    path = f"/phone/api/devices/{device.id}/qr.png"
    async with http.get(sim.url + path) as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        (found,) = zxingcpp.read_barcodes(
            Image.open(BytesIO(await answer.read())),
            formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode),
        )
    assert found.text == payload
    sim.world.advance(60)
    assert (await nobody.get(path)).status == 404


async def test_buttons_do_what_they_say(nobody: Api, api: Api, sim: Simulator) -> None:
    device = sim.world.add_device("home")
    path = f"/devices/{device.id}"
    assert (await press(nobody, f"{path}/scan", phone=PHONE)).status == 409
    await api.get("/qr")
    assert (await press(nobody, f"{path}/scan", phone="+55 11 99999-9999")).status == 200
    assert device.phone == PHONE
    assert (await press(nobody, f"{path}/drop")).status == 200
    assert (await press(nobody, f"{path}/unlink")).status == 200
    assert device.phone is None
    code = (await api.post("/paircode", json={"phone": PHONE})).data["code"]
    assert (await press(nobody, f"{path}/enter-code", code="1111-1111")).status == 400
    assert (await press(nobody, f"{path}/enter-code", code=code)).status == 200
    assert (await press(nobody, "/restart")).status == 200
    assert device.session == "disconnected"
    assert (await press(nobody, "/break", seconds=30)).status == 200
    assert (await shown(nobody))["down_for"] == 30
    assert (await press(nobody, "/break", seconds=0)).status == 200
    assert (await shown(nobody))["down_for"] == 0
    assert (await press(nobody, "/break", seconds=86400)).status == 400


@pytest.mark.parametrize(
    "headers",
    [
        {},
        GUARD | {"Origin": "https://evil.example"},
        GUARD | {"Host": "evil.example:80"},
        GUARD | {"Host": "[bad"},
    ],
)
async def test_another_site_cannot_press_a_button(
    nobody: Api, sim: Simulator, headers: dict[str, str]
) -> None:
    device = sim.world.add_device("home", state="connected")
    path = f"/phone/api/devices/{device.id}/unlink"
    assert (await nobody.post(path, headers=headers)).status == 403
    assert device.is_connected


async def test_the_page_itself_may_press_a_button(nobody: Api, sim: Simulator) -> None:
    headers = GUARD | {"Origin": sim.url}
    assert (await nobody.post("/phone/api/restart", headers=headers)).status == 200
