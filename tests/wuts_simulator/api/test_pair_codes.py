import pytest

from tests.wuts_simulator.gateway import PHONE, Api, Json
from wuts_simulator import ExpiredError, InvalidError, ManualClock, Simulator

NEW_CODES: list[dict[str, Json]] = [
    {"headers": {"X-WUTS-Refresh-Paircode": "true"}},
    {"refresh": "true"},
    {"json": {"phone": PHONE, "reuse_cache": False}},
    {"json": {"phone": "5511888888888"}},
]


@pytest.fixture
def device_id(sim: Simulator) -> str:
    return sim.world.add_device("home").id


async def ask(api: Api, **inputs: Json) -> Json:
    return (await api.post("/paircode", **{"json": {"phone": PHONE}, **inputs})).data


async def test_a_repeat_returns_the_same_code_with_the_time_it_has_left(
    api: Api, clock: ManualClock, device_id: str
) -> None:
    first = await ask(api)
    clock.advance(100)
    again = await ask(api, json={"phone": PHONE, "device_id": device_id, "reuse_cache": True})
    assert again["code"] == first["code"]
    assert (first["cached"], first["expires_in"]) == (False, 300)
    assert (again["cached"], again["expires_in"]) == (True, 200)


@pytest.mark.usefixtures("device_id")
@pytest.mark.parametrize("inputs", NEW_CODES)
async def test_a_new_code_can_be_had(api: Api, inputs: dict[str, Json]) -> None:
    first = await ask(api)
    second = await ask(api, **inputs)
    assert second["code"] != first["code"]
    assert second["cached"] is False


async def test_an_expired_code_is_neither_repeated_nor_accepted(
    api: Api, sim: Simulator, clock: ManualClock, device_id: str
) -> None:
    first = await ask(api)
    clock.advance(300)
    with pytest.raises(ExpiredError):
        sim.world.enter_code(device_id, first["code"])
    assert (await ask(api))["code"] != first["code"]


async def test_a_typed_code_pairs_the_device_with_the_phone_it_was_asked_for(
    api: Api, sim: Simulator, device_id: str
) -> None:
    code = (await ask(api))["code"]
    with pytest.raises(InvalidError, match="wrong code"):
        sim.world.enter_code(device_id, "1111-1111" if code != "1111-1111" else "2222-2222")
    sim.world.enter_code(device_id, code.replace("-", "").lower())
    sim.world.advance(2)
    assert (await api.get("/status")).data["phone_number"] == PHONE


async def test_another_phone_can_take_the_code(api: Api, sim: Simulator, device_id: str) -> None:
    sim.world.enter_code(device_id, (await ask(api))["code"], "5511888888888")
    assert (await api.get("/status")).data["phone_number"] == "5511888888888"


@pytest.mark.usefixtures("device_id")
async def test_a_code_can_be_had_after_a_qr(api: Api) -> None:
    await api.get("/qr")
    assert (await ask(api))["cached"] is False


@pytest.mark.usefixtures("device_id")
@pytest.mark.parametrize(
    ("phone", "error"),
    [
        (None, "phone number is required"),
        ("", "phone number is required"),
        ("551199999", "invalid phone number format"),
        ("5511999999999999", "invalid phone number format"),
        ("55 11 nine", "invalid phone number format"),
        (5511999999999, "invalid phone number format"),
    ],
)
async def test_a_bad_phone_number_is_refused(api: Api, phone: object, error: str) -> None:
    reply = await api.post("/paircode", json={"phone": phone})
    assert reply.status == 400
    assert reply.body == {"success": False, "error": error}
