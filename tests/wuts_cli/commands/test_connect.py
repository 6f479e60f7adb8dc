import pytest

from tests.wuts_cli.command import Wuts
from wuts_simulator import Device, Fault, FaultKind, Session, Simulator


@pytest.fixture
def kitchen(sim: Simulator) -> Device:
    """A device whose session is down and whose phone is linked."""
    return sim.world.add_device("home", "Kitchen", state="disconnected")


async def test_a_paired_device_is_connected(sim: Simulator, wuts: Wuts, kitchen: Device) -> None:
    connected = await wuts("connect", "Kitchen")
    assert (connected.code, connected.err) == (0, "")
    assert connected.out == "“Kitchen” is connected.\n"
    assert sim.world.device(kitchen.id).session is Session.CONNECTED


async def test_scripts_are_told(wuts: Wuts, kitchen: Device) -> None:
    connected = await wuts("connect", kitchen.id, "--json")
    assert connected.code == 0
    assert connected.events == [{"event": "connected", "device_id": kitchen.id, "name": "Kitchen"}]


async def test_a_device_that_needs_a_qr_is_told_how_to_get_one(wuts: Wuts, desk: Device) -> None:
    refused = await wuts("connect", "Front desk", "--json")
    assert refused.code == 1
    assert refused.events == [{"event": "needs_qr", "device_id": desk.id, "name": "Front desk"}]
    assert f"wuts pair {desk.id}" in refused.error


async def test_a_busy_gateway_is_no_traceback(sim: Simulator, wuts: Wuts, kitchen: Device) -> None:
    fault = Fault(kind=FaultKind.STATUS, endpoint="POST /connect", status=503)
    sim.world.faults.add(fault)
    refused = await wuts("connect", kitchen.id, "--json")
    assert refused.code == 1
    assert [event["reason"] for event in refused.events] == ["gateway_busy"]
    assert "Try again" in refused.error
