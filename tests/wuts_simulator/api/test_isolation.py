import pytest

from tests.wuts_simulator.gateway import PHONE, Api
from wuts_simulator import Simulator

CALLS = [
    ("GET", "/qr"),
    ("GET", "/qr/status"),
    ("POST", "/paircode"),
    ("GET", "/status"),
    ("POST", "/connect"),
    ("POST", "/disconnect"),
    ("POST", "/logout"),
    ("POST", "/contact/check"),
    ("POST", "/send/text"),
    ("GET", "/webhook"),
    ("POST", "/webhook"),
    ("DELETE", "/webhook"),
    ("POST", "/send/image"),
    ("POST", "/send/document"),
]
BODY = {
    "phone": PHONE,
    "numbers": [PHONE],
    "number": PHONE,
    "text": "Oi",
    "webhook_url": "https://hooks.example.com",
    "enabled_events": ["device.connected"],
}


@pytest.mark.parametrize(("method", "path"), CALLS)
async def test_a_device_of_another_tenant_is_not_there(
    office: Api, sim: Simulator, method: str, path: str
) -> None:
    device = sim.world.add_device("home", state="connected")
    before = (device.session, device.jid, device.webhook)
    reply = await office.call(method, path, device_id=device.id, json=BODY)
    assert reply.status == 404
    assert reply.body["error"].startswith("device not found")
    assert (device.session, device.jid, device.webhook) == before


async def test_a_device_named_in_the_body_is_not_there_either(office: Api, sim: Simulator) -> None:
    body = {"phone": PHONE, "device_id": sim.world.add_device("home").id}
    assert (await office.post("/paircode", json=body)).status == 404


async def test_a_device_of_another_tenant_cannot_be_deleted(office: Api, sim: Simulator) -> None:
    device = sim.world.add_device("home", state="connected")
    assert (await office.delete(f"/devices/{device.id}")).status == 404
    assert device.is_connected


async def test_a_tenant_lists_its_own_devices(
    api: Api, eve: Api, office: Api, sim: Simulator
) -> None:
    mine = sim.world.add_device("home").id
    hers = sim.world.add_device("home/eve").id
    theirs = sim.world.add_device("office").id

    async def listed(caller: Api) -> list[str]:
        return [device["id"] for device in (await caller.get("/devices")).body["devices"]]

    assert await listed(api) == [mine, hers]
    assert await listed(eve) == [mine, hers]
    assert await listed(office) == [theirs]


async def test_a_revoked_token_is_refused_and_the_others_are_not(
    api: Api, eve: Api, sim: Simulator
) -> None:
    sim.world.revoke_token("token-home")
    assert (await api.get("/devices")).status == 401
    assert (await eve.get("/devices")).status == 200
