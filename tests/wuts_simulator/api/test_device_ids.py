"""Whether a gateway heeds ``device_id`` where no page shows one."""

import pytest

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import Api, Json
from wuts_simulator import Session, Settings, Simulator

HOOK: Json = {
    "webhook_url": "https://hooks.example.com",
    "enabled_events": ["device.connected"],
}


async def two_devices(sim: Simulator, api: Api) -> tuple[str, str]:
    api.url = sim.url
    first, second = sim.world.add_devices("home", 2, state="connected")
    return first.id, second.id


@pytest.mark.parametrize("heeds", [True, False])
async def test_a_logout_may_be_of_another_device_than_was_named(
    start: Start, api: Api, heeds: bool
) -> None:
    sim = await start(Settings(logout_heeds_device_id=heeds))
    first, second = await two_devices(sim, api)
    reply = await api.post("/logout", device_id=second)
    gone = second if heeds else first
    assert reply.data["device_id"] == gone
    assert [one for one in (first, second) if sim.world.device(one).jid is None] == [gone]


@pytest.mark.parametrize("heeds", [True, False])
async def test_a_disconnect_may_be_of_another_device_than_was_named(
    start: Start, api: Api, heeds: bool
) -> None:
    sim = await start(Settings(disconnect_heeds_device_id=heeds))
    first, second = await two_devices(sim, api)
    reply = await api.post("/disconnect", device_id=second)
    down = second if heeds else first
    assert reply.data["device_id"] == down
    assert [
        one for one in (first, second) if sim.world.device(one).session is Session.DISCONNECTED
    ] == [down]


@pytest.mark.parametrize("heeds", [True, False])
async def test_a_webhook_may_be_one_for_all_devices(start: Start, api: Api, heeds: bool) -> None:
    sim = await start(Settings(webhook_heeds_device_id=heeds))
    devices = await two_devices(sim, api)
    for device_id in devices:
        await api.post("/webhook", device_id=device_id, json=HOOK)
    hooks = [(await api.get("/webhook", device_id=one)).body["webhook"]["id"] for one in devices]
    assert len(set(hooks)) == (2 if heeds else 1)
    await api.delete("/webhook", device_id=devices[1])
    left = (await api.get("/webhook", device_id=devices[0])).body["webhook"]
    assert (left is not None) is heeds
