import base64
from datetime import datetime
from email.utils import parsedate_to_datetime
from io import BytesIO

import pytest
import zxingcpp
from PIL import Image

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api
from wuts_simulator import DialectName, ExpiredError, ManualClock, Settings, Simulator


@pytest.fixture
def device_id(sim: Simulator) -> str:
    return sim.world.add_device("home").id


async def test_the_image_shows_the_payload(api: Api, device_id: str) -> None:
    data = (await api.get("/qr", device_id=device_id)).data
    png = base64.b64decode(data["image"].removeprefix("data:image/png;base64,"))
    (found,) = zxingcpp.read_barcodes(
        Image.open(BytesIO(png)), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    assert found.text == data["qr_code"]
    assert found.ec_level == "L"


async def test_the_image_is_empty_when_it_is_not_wanted(start: Start, api: Api) -> None:
    plain = await start(Settings(qr_image=False))
    plain.world.add_device("home")
    api.url = plain.url
    assert (await api.get("/qr")).data["image"] == ""


async def test_payloads_are_as_long_as_whatsapps_and_never_the_same(
    api: Api, device_id: str
) -> None:
    payloads = {
        (await api.get("/qr", device_id=device_id, refresh="true")).data["qr_code"]
        for _ in range(20)
    }
    assert len(payloads) == 20
    assert {len(payload) for payload in payloads} == {241}


@pytest.mark.parametrize(
    "query", [{}, *({name: "true"} for name in ("reuse_cache", "cached", "reuse", "use_cache"))]
)
async def test_a_reused_qr_has_what_is_left_of_its_life(
    api: Api, clock: ManualClock, device_id: str, query: dict[str, str]
) -> None:
    first = (await api.get("/qr", device_id=device_id)).data
    clock.advance(15.5)
    again = (await api.get("/qr", device_id=device_id, **query)).data
    assert again["qr_code"] == first["qr_code"]
    assert (first["cached"], first["ttl"]) == (False, 60)
    assert (again["cached"], again["ttl"]) == (True, 44)
    assert again["expires_at"] == first["expires_at"]


@pytest.mark.parametrize(
    "query",
    [
        {"reuse_cache": "false"},
        {"cached": "false"},
        {"refresh": "true"},
        {"force_refresh": "true"},
        {"force_new": "1"},
        {"cached": "true", "refresh": "true"},
    ],
)
async def test_a_new_qr_ends_the_old_one(
    api: Api, sim: Simulator, device_id: str, query: dict[str, str]
) -> None:
    first = (await api.get("/qr", device_id=device_id)).data
    second = (await api.get("/qr", device_id=device_id, **query)).data
    assert second["qr_code"] != first["qr_code"]
    assert second["cached"] is False
    with pytest.raises(ExpiredError):
        sim.world.scan(first["qr_code"], PHONE)
    assert sim.world.scan(second["qr_code"], PHONE).id == device_id


async def test_an_expired_qr_is_neither_reused_nor_scanned(
    api: Api, sim: Simulator, clock: ManualClock, device_id: str
) -> None:
    first = (await api.get("/qr", device_id=device_id)).data
    clock.advance(60)
    with pytest.raises(ExpiredError):
        sim.world.scan(first["qr_code"], PHONE)
    second = (await api.get("/qr", device_id=device_id, cached="true")).data
    assert second["qr_code"] != first["qr_code"]
    assert second["cached"] is False


async def test_the_first_qr_can_live_longer_than_the_later_ones(start: Start, api: Api) -> None:
    sim = await start(Settings(qr_first_life=60, qr_life=20, qr_image=False))
    device = sim.world.add_device("home")
    api.url = sim.url
    lives = [(await api.get("/qr", refresh="true")).data["ttl"] for _ in range(3)]
    sim.world.scan_device(device.id, PHONE)
    sim.world.unlink(device.id)
    assert lives == [60, 20, 20]
    assert (await api.get("/qr")).data["ttl"] == 60


async def test_the_guides_qr_lives_for_30_seconds(
    start: Start, api: Api, clock: ManualClock
) -> None:
    sim = await start(Settings(dialect=DialectName.GUIDE, qr_image=False))
    device = sim.world.add_device("home")
    api.url = sim.url
    await api.get("/qr")
    clock.advance(29.9)
    assert (await api.get("/qr/status", device_id=device.id)).data["exists"] is True
    clock.advance(0.1)
    assert (await api.get("/qr/status", device_id=device.id)).data["exists"] is False


async def test_a_scanned_qr_pairs_the_device(api: Api, sim: Simulator, device_id: str) -> None:
    payload = (await api.get("/qr", device_id=device_id)).data["qr_code"]
    sim.world.scan(payload, "+55 11 99999-9999")
    assert (await api.get("/status", device_id=device_id)).data["status"] == "connecting"
    assert (await api.get("/qr", device_id=device_id)).body["error"] == "already connected"
    sim.world.advance(2)
    data = (await api.get("/status", device_id=device_id)).data
    assert (data["connected"], data["is_logged_in"]) == (True, True)
    assert data["phone_number"] == PHONE
    with pytest.raises(ExpiredError):
        sim.world.scan(payload, PHONE)


async def test_a_skewed_gateway_agrees_with_its_own_date(
    start: Start, api: Api, clock: ManualClock
) -> None:
    sim = await start(Settings(clock_skew=3600, qr_image=False))
    sim.world.add_device("home")
    api.url = sim.url
    reply = await api.get("/qr")
    ahead = clock.now().timestamp() + 3600
    assert _timestamp_of_date(reply.headers["Date"]) == ahead
    assert _timestamp(reply.data["expires_at"]) == ahead + 60


def _timestamp(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def _timestamp_of_date(text: str) -> float:
    return parsedate_to_datetime(text).timestamp()
