from tests.wuts_cli.command import Wuts
from wuts_simulator import Device, Session, Simulator


async def test_the_session_ends_and_the_phone_stays_linked(sim: Simulator, wuts: Wuts) -> None:
    device = sim.world.add_device("home", "Front desk", state="connected")
    done = await wuts("disconnect", "front desk")
    assert (done.code, done.err) == (0, "")
    assert f"Bring it back with: wuts connect {device.id}" in done.out
    after = sim.world.device(device.id)
    assert after.session is Session.DISCONNECTED
    assert after.phone is not None


async def test_scripts_are_told(sim: Simulator, wuts: Wuts) -> None:
    device = sim.world.add_device("home", "Front desk", state="connected")
    done = await wuts("disconnect", device.id, "--json")
    assert done.events == [{"event": "disconnected", "device_id": device.id, "name": "Front desk"}]


async def test_what_is_not_connected_cannot_be_disconnected(wuts: Wuts, desk: Device) -> None:
    refused = await wuts("disconnect", desk.id, "--json")
    assert refused.code == 1
    assert [event["reason"] for event in refused.events] == ["not_connected"]
    assert "not connected" in refused.error
