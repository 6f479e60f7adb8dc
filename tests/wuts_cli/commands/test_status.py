from tests.wuts_cli.command import PHONE, Wuts
from tests.wuts_cli.conftest import Start
from wuts_simulator import Device, Fault, FaultKind, Settings, Simulator


async def test_it_is_0_whatever_the_state(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    never = await wuts("status", "Front desk")
    assert (never.code, never.err) == (0, "")
    assert "Front desk  not paired" in never.out
    sim.world.add_device("home", "Kitchen", state="disconnected")
    down = await wuts("status", "Kitchen")
    assert (down.code, down.err) == (0, "")
    assert "Kitchen  disconnected" in down.out
    assert desk.id not in down.out


async def test_scripts_get_all_that_the_gateway_tells(sim: Simulator, wuts: Wuts) -> None:
    device = sim.world.add_device("home", "Front desk", state="connected", phone=PHONE)
    (event,) = (await wuts("status", device.id, "--json")).events
    assert event.pop("last_seen").endswith("Z")
    assert event == {
        "event": "status",
        "device_id": device.id,
        "name": "Front desk",
        "connected": True,
        "status": "connected",
        "logged_in": True,
        "phone_number": PHONE,
    }


async def test_without_a_device_it_shows_all(sim: Simulator, wuts: Wuts) -> None:
    sim.world.add_device("home", "One", state="connected")
    sim.world.add_device("home", "Two", state="disconnected")
    gone = sim.world.add_device("home", "Gone")
    fault = Fault(kind=FaultKind.STATUS, endpoint="GET /status", device_id=gone.id, status=404)
    sim.world.faults.add(fault)
    shown = await wuts("status")
    assert (shown.code, shown.err) == (0, "")
    assert [line.split()[:2] for line in shown.out.splitlines()[1:]] == [
        ["One", "connected"],
        ["Two", "disconnected"],
    ]


async def test_a_link_that_comes_up_is_connecting(start: Start) -> None:
    sim = start(Settings(connecting_for=60, qr_image=False))
    sim.world.sessions.begin_pairing(sim.world.add_device("home", "Front desk"), PHONE)
    shown = await Wuts(sim.url)("status", "Front desk")
    assert "connecting" in shown.out


async def test_without_any_device_it_tells_how_to_make_one(wuts: Wuts) -> None:
    shown = await wuts("status")
    assert (shown.code, shown.err) == (0, "")
    assert "wuts create NAME" in shown.out
