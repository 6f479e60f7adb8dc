import asyncio

import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api, until
from wuts_simulator import Settings, Simulator


@pytest.fixture
def device_id(sim: Simulator) -> str:
    return sim.world.add_device("home", state="connected", phone=PHONE).id


async def status_of(api: Api, device_id: str) -> str:
    status = (await api.get("/status", device_id=device_id)).data["status"]
    assert isinstance(status, str)
    return status


async def test_credentials_survive_a_dropped_session(
    api: Api, sim: Simulator, device_id: str
) -> None:
    sim.world.drop(device_id)
    (listed,) = (await api.get("/devices")).body["devices"]
    assert (listed["connected"], listed["whatsapp_jid"]) == (False, f"{PHONE}@s.whatsapp.net")
    assert (await api.post("/connect")).data["needs_qr"] is False
    assert await status_of(api, device_id) == "connected"


async def test_credentials_survive_a_restart_and_codes_do_not(
    api: Api, sim: Simulator, device_id: str
) -> None:
    other = sim.world.add_device("home").id
    await api.get("/qr", device_id=other)
    sim.world.restart()
    assert (await api.get("/qr/status", device_id=other)).data["exists"] is False
    assert await status_of(api, device_id) == "disconnected"
    assert (await api.post("/connect", device_id=device_id)).data["status"] == "connected"


async def test_a_restart_can_drop_a_part_of_the_sessions(api: Api, sim: Simulator) -> None:
    sim.world.add_devices("home", 40, state="connected")
    sim.world.restart(drop_share=0.25)
    listed = (await api.get("/devices")).body["devices"]
    assert sum(device["connected"] for device in listed) == 30


async def test_a_restart_can_take_a_while(api: Api, sim: Simulator, device_id: str) -> None:
    sim.world.restart(down_for=5)
    reply = await api.get("/status")
    assert reply.status == 503
    assert reply.body == {"success": False, "error": "service unavailable"}
    sim.world.advance(5)
    assert await status_of(api, device_id) == "disconnected"


async def test_a_phone_that_unlinks_clears_the_credentials(
    api: Api, sim: Simulator, device_id: str
) -> None:
    sim.world.unlink(device_id)
    (listed,) = (await api.get("/devices")).body["devices"]
    assert "whatsapp_jid" not in listed
    assert (await api.get("/status")).data["is_logged_in"] is False
    assert (await api.post("/connect")).data == {
        "status": "logged_out",
        "device_id": device_id,
        "needs_qr": True,
    }


async def test_a_device_that_was_never_paired_needs_a_qr(api: Api, sim: Simulator) -> None:
    sim.world.add_device("home")
    assert (await api.post("/connect")).data["needs_qr"] is True


async def test_disconnecting_keeps_the_credentials_and_logging_out_does_not(
    api: Api, device_id: str
) -> None:
    assert (await api.post("/disconnect")).data["device_id"] == device_id
    assert (await api.post("/disconnect")).status == 404
    assert (await api.post("/connect")).data["needs_qr"] is False
    assert (await api.post("/logout")).data["device_id"] == device_id
    assert (await api.post("/connect")).data["needs_qr"] is True


async def test_a_deleted_device_is_offline_and_still_listed(api: Api, device_id: str) -> None:
    assert (await api.delete(f"/devices/{device_id}")).status == 200
    (listed,) = (await api.get("/devices")).body["devices"]
    assert (listed["id"], listed["connected"]) == (device_id, False)


async def test_a_removed_record_is_gone(api: Api, sim: Simulator, device_id: str) -> None:
    sim.world.remove(device_id)
    assert (await api.get("/devices")).body["devices"] == []
    assert (await api.get("/status", device_id=device_id)).status == 404


async def test_without_an_id_the_users_first_device_is_meant(
    api: Api, eve: Api, sim: Simulator, device_id: str
) -> None:
    sim.world.add_device("home")
    hers = sim.world.add_device("home/eve").id
    assert (await api.get("/status")).data["device_id"] == device_id
    assert (await eve.get("/status")).data["device_id"] == hers


async def test_without_any_device_there_is_none_to_mean(api: Api) -> None:
    assert (await api.get("/status")).status == 404


async def test_a_session_coming_back_is_connecting_meanwhile(start: Start, api: Api) -> None:
    sim = await start(Settings(connect_latency=0.3))
    device = sim.world.add_device("home", state="disconnected")
    api.url = sim.url
    connecting = asyncio.create_task(api.post("/connect"))
    await until(lambda: sim.world.requests.connects[device.id])
    assert (await api.get("/status")).data["status"] == "connecting"
    assert (await connecting).data["status"] == "connected"


async def test_a_session_ended_while_it_comes_back_fails(start: Start, api: Api) -> None:
    sim = await start(Settings(connect_latency=0.3))
    device = sim.world.add_device("home", state="disconnected")
    api.url = sim.url
    connecting = asyncio.create_task(api.post("/connect"))
    await until(lambda: sim.world.requests.connects[device.id])
    sim.world.drop(device.id)
    reply = await connecting
    assert (reply.status, reply.body["error"]) == (503, "reconnect failed")


async def test_the_gateway_goes_on_when_whoever_asked_has_left(start: Start, api: Api) -> None:
    sim = await start(Settings(connect_latency=30))
    device = sim.world.add_device("home", state="disconnected")
    api.url = sim.url
    leaving = asyncio.create_task(api.post("/connect"))
    await until(lambda: sim.world.requests.connects[device.id])
    leaving.cancel()
    await until(lambda: device.is_connected)
    assert (await api.get("/status")).data["status"] == "connected"


async def test_pairing_ends_by_itself_on_the_machines_clock(http: ClientSession) -> None:
    settings = Settings(tokens=(("home", "t"),), connecting_for=0.05, qr_image=False)
    async with Simulator(settings) as sim:
        device = sim.world.add_device("home")
        await Api(sim.url, http, "t").get("/qr")
        sim.world.scan_device(device.id, PHONE)
        await until(lambda: device.is_connected)
