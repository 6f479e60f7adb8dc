import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import Api
from wuts_simulator import Settings

FLEET = 50_000


@pytest.mark.slow
async def test_50000_devices_are_made_listed_and_restarted(
    start: Start, http: ClientSession
) -> None:
    sim = await start(Settings(control=True))
    api = Api(sim.url, http, "token-home")
    body = {"tenant": "home", "count": FLEET, "name": "Fleet", "state": "connected"}
    ids = (await api.post("/_sim/devices", json=body)).body["device_ids"]
    listed = (await api.get("/devices")).body["devices"]
    assert [device["id"] for device in listed] == ids
    assert listed[-1]["name"] == "Fleet 50000"

    sim.world.unlink(ids[7])
    sim.world.restart(drop_share=0.5)
    listed = (await api.get("/devices")).body["devices"]
    assert sum(device["connected"] for device in listed) in {FLEET // 2 - 1, FLEET // 2}
    assert "whatsapp_jid" not in listed[7]
    assert (await api.post("/connect", device_id=ids[-1])).data["status"] == "connected"
    seen = (await api.get("/phone/api/devices", search="fleet 4999", page="2")).body
    assert (seen["found"], seen["total"], seen["page"]) == (11, FLEET, 1)
