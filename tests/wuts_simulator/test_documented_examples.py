"""Replays each documented example of the contract, in each of its spellings."""

import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api, Reply, fixture, shape
from wuts_simulator import DialectName, ManualClock, Settings, Simulator

HOOK = {
    "webhook_url": "https://hooks.example.com/wuts",
    "enabled_events": ["device.connected", "device.logged_out"],
    "headers": {"X-Hook": "a secret of ours"},
}


@pytest.fixture(params=list(DialectName))
def dialect(request: pytest.FixtureRequest) -> DialectName:
    return DialectName(request.param)


@pytest.fixture
async def sim(start: Start, dialect: DialectName) -> Simulator:
    return await start(Settings(dialect=dialect, connecting_for=2.0))


def looks_like(reply: Reply, name: str, status: int = 200) -> None:
    assert reply.status == status
    assert reply.headers["Content-Type"] == "application/json; charset=utf-8"
    assert shape(reply.body) == shape(fixture(name))


def spelt(name: str, dialect: DialectName) -> str:
    return f"{name}_quickstart" if dialect is DialectName.QUICKSTART else name


async def test_a_created_device(api: Api, dialect: DialectName) -> None:
    reply = await api.post("/devices", json={"name": "Reception"})
    status = 201 if dialect is DialectName.QUICKSTART else 200
    looks_like(reply, f"created_{dialect}", status)


async def test_the_list_of_devices(api: Api, sim: Simulator, dialect: DialectName) -> None:
    assert (await api.get("/devices")).body == fixture("devices_none")
    linked = sim.world.add_device("home", state="connected", phone=PHONE)
    sim.world.add_device("home")
    await api.post("/webhook", device_id=linked.id, json=HOOK)
    nulls = dialect is DialectName.QUICKSTART
    looks_like(await api.get("/devices"), "devices_quickstart" if nulls else "devices_reference")


async def test_a_deleted_device(api: Api, sim: Simulator) -> None:
    device = sim.world.add_device("home", state="connected")
    looks_like(await api.delete(f"/devices/{device.id}"), "deleted")


async def test_a_qr(api: Api, sim: Simulator, dialect: DialectName) -> None:
    device = sim.world.add_device("home")
    looks_like(await api.get("/qr", device_id=device.id), f"qr_{dialect}")


async def test_the_status_of_a_qr(
    api: Api, sim: Simulator, clock: ManualClock, dialect: DialectName
) -> None:
    device = sim.world.add_device("home")
    looks_like(await api.get("/qr/status", device_id=device.id), spelt("qr_status_gone", dialect))
    await api.get("/qr", device_id=device.id)
    looks_like(await api.get("/qr/status", device_id=device.id), "qr_status_exists")
    clock.advance(60)
    looks_like(await api.get("/qr/status", device_id=device.id), spelt("qr_status_gone", dialect))


async def test_a_pair_code(api: Api, sim: Simulator, clock: ManualClock) -> None:
    body = {"phone": "+55 (11) 99999-9999", "device_id": sim.world.add_device("home").id}
    looks_like(await api.post("/paircode", json=body), "paircode")
    clock.advance(120)
    looks_like(await api.post("/paircode", json=body), "paircode_cached")


async def test_the_states_of_a_session(api: Api, sim: Simulator, dialect: DialectName) -> None:
    device = sim.world.add_device("home")
    looks_like(await api.get("/status"), spelt("status_never_paired", dialect))
    await api.get("/qr")
    sim.world.scan_device(device.id, PHONE)
    looks_like(await api.get("/status"), spelt("status_connecting", dialect))
    sim.world.advance(2)
    looks_like(await api.get("/status"), "status_connected")
    sim.world.drop(device.id)
    looks_like(await api.get("/status"), "status_disconnected")


async def test_a_reconnected_session(api: Api, sim: Simulator) -> None:
    device = sim.world.add_device("home", state="disconnected")
    looks_like(await api.post("/connect", device_id=device.id), "connect_connected")
    sim.world.unlink(device.id)
    looks_like(await api.post("/connect", device_id=device.id), "connect_logged_out")


async def test_an_ended_session(api: Api, sim: Simulator) -> None:
    device = sim.world.add_device("home", state="connected")
    looks_like(await api.post("/disconnect", device_id=device.id), "disconnect")
    looks_like(await api.post("/connect", device_id=device.id), "connect_connected")
    looks_like(await api.post("/logout", device_id=device.id), "logout")


async def test_checked_contacts(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home", state="connected", phone=PHONE)
    body = {"numbers": ["+55 (11) 99999-9999", "5511888888883"]}
    assert (await api.post("/contact/check", json=body)).body == fixture("contact_check")


async def test_a_sent_text(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home", state="connected")
    looks_like(await api.post("/send/text", json={"number": PHONE, "text": "Oi"}), "send_text")


async def test_a_webhook(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home")
    looks_like(await api.get("/webhook"), "webhook_none")
    looks_like(await api.post("/webhook", json=HOOK), "webhook_configured")
    looks_like(await api.get("/webhook"), "webhook")
    looks_like(await api.delete("/webhook"), "webhook_deleted")
    looks_like(await api.get("/webhook"), "webhook_none")
    assert (await api.get("/webhook/events")).body == fixture("webhook_events")


async def test_a_refused_token(nobody: Api, dialect: DialectName) -> None:
    looks_like(await nobody.get("/status"), spelt("error_401", dialect), 401)


async def test_refused_bodies(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home")
    looks_like(await api.post("/devices", json={"name": ""}), "error_400_name", 400)
    looks_like(await api.post("/paircode", json={}), "error_phone_required", 400)
    looks_like(await api.post("/paircode", json={"phone": "12"}), "error_phone_invalid", 400)
    looks_like(await api.get("/qr/status"), "error_device_id_required", 400)


async def test_a_device_that_is_not_there(api: Api) -> None:
    looks_like(await api.get("/status", device_id="none"), "error_404", 404)
    looks_like(await api.post("/connect", device_id="none"), "error_404", 404)
    looks_like(await api.delete("/devices/none"), "error_404_with_code", 404)
    looks_like(await api.post("/disconnect", device_id="none"), "error_404_disconnect", 404)


async def test_a_device_of_a_colleague(eve: Api, sim: Simulator) -> None:
    device = sim.world.add_device("home")
    looks_like(await eve.delete(f"/devices/{device.id}"), "error_403", 403)


async def test_a_device_in_the_wrong_state(api: Api, sim: Simulator) -> None:
    up = sim.world.add_device("home", state="connected").id
    down = sim.world.add_device("home", state="disconnected").id
    text = {"number": PHONE, "text": "Oi"}
    code = {"phone": PHONE}
    looks_like(await api.get("/qr", device_id=up), "error_already_connected", 400)
    looks_like(await api.get("/qr", device_id=down), "error_already_paired", 400)
    looks_like(await api.post("/paircode", device_id=up, json=code), "error_already_connected", 400)
    looks_like(await api.post("/paircode", device_id=down, json=code), "error_already_paired", 400)
    looks_like(await api.post("/disconnect", device_id=down), "error_404_disconnect", 404)
    looks_like(await api.post("/logout", device_id=down), "error_logout_not_connected", 400)
    looks_like(
        await api.post("/send/text", device_id=down, json=text), "error_device_not_ready", 400
    )


async def test_the_token_is_read_from_its_header_only(
    sim: Simulator, http: ClientSession, nobody: Api
) -> None:
    assert (
        await nobody.get("/devices", token="token-home", access_token="token-home")
    ).status == 401
    assert (await nobody.get("/devices", headers={"X-API-Key": "token-home"})).status == 401
    assert (
        await nobody.get("/devices", headers={"Authorization": "Basic token-home"})
    ).status == 401
    assert (await Api(sim.url, http, "unknown").get("/devices")).status == 401


@pytest.mark.parametrize("header", ["token-home", "bearer token-home", "BEARER  token-home"])
async def test_the_tokens_scheme_may_be_in_any_case_or_missing(nobody: Api, header: str) -> None:
    assert (await nobody.get("/devices", headers={"Authorization": header})).status == 200


async def test_the_devices_of_a_user(
    api: Api, eve: Api, sim: Simulator, dialect: DialectName
) -> None:
    sim.world.add_device("home", state="connected")
    sim.world.add_device("home/eve")
    looks_like(await api.get("/user/devices"), "user_devices")
    (hers,) = (await eve.get("/user/devices")).data["devices"]
    assert ("last_seen" in hers) is (dialect is DialectName.QUICKSTART)
