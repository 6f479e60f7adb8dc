import pytest

from scripts.lib.terminal import CTRL_C
from tests.wuts_cli.command import TOKEN, Wuts
from wuts import WebhookConfig, WutsClient
from wuts_simulator import Device, Fault, FaultKind, Session, Simulator


async def test_the_session_ends_and_the_phone_stays_linked(sim: Simulator, wuts: Wuts) -> None:
    device = sim.world.add_device("home", "Front desk", state="connected")
    done = await wuts("disconnect", "front desk")
    assert (done.code, done.err) == (0, "")
    assert f"Reconnect it with: wuts connect {device.id}" in done.out
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


@pytest.fixture
def kitchen(sim: Simulator) -> Device:
    """A device, where there is another one."""
    sim.world.add_device("home", "Front desk", state="connected")
    return sim.world.add_device("home", "Kitchen", state="connected")


def is_connected(sim: Simulator, device: Device) -> bool:
    return sim.world.device(device.id).session is Session.CONNECTED


@pytest.mark.parametrize("flags", [(), ("--json",)])
async def test_with_several_devices_it_needs_yes_where_nobody_can_be_asked(
    flags: tuple[str, ...], sim: Simulator, wuts: Wuts, kitchen: Device
) -> None:
    refused = await wuts("disconnect", kitchen.id, *flags)
    assert refused.code == 2
    assert "may ignore which of your 2 devices you mean" in refused.error
    assert refused.error.endswith("Confirm it with: --yes")
    if flags:
        assert [event["reason"] for event in refused.events] == ["confirmation_needed"]
    assert sim.world.requests.by_endpoint["POST /disconnect"] == 0


async def test_with_yes_nobody_is_asked(sim: Simulator, wuts: Wuts, kitchen: Device) -> None:
    done = await wuts("disconnect", kitchen.id, "--yes", "--json")
    assert [event["event"] for event in done.events] == ["disconnected"]
    assert not is_connected(sim, kitchen)
    assert sim.world.requests.by_endpoint["GET /webhook"] == 0


@pytest.mark.parametrize(("keys", "code"), [("y\n", 0), ("n\n", 1), ("\n", 1), (CTRL_C, 130)])
async def test_a_person_is_asked(
    keys: str, code: int, sim: Simulator, wuts: Wuts, kitchen: Device
) -> None:
    async with wuts.on_terminal("disconnect", "Kitchen") as terminal:
        await terminal.until_it_says("[y/N]")
        assert "This gateway may ignore which of your 2 devices you mean" in terminal.text
        terminal.press(keys)
        assert await terminal.ended() == code
        assert ("was not disconnected" in terminal.text) is (code == 1)
    assert is_connected(sim, kitchen) is (code != 0)


async def test_a_gateway_that_is_known_to_ignore_the_device_is_named_so(
    sim: Simulator, wuts: Wuts, kitchen: Device
) -> None:
    body = {"success": True, "webhook": {"id": "one", "webhook_url": "https://x.example.com"}}
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="GET /webhook", status=200, body=body))
    refused = await wuts("disconnect", kitchen.id)
    assert "This gateway ignores which of your 2 devices you mean" in refused.error


async def test_a_gateway_that_tells_devices_apart_is_asked_at_once(
    sim: Simulator, wuts: Wuts, kitchen: Device
) -> None:
    config = WebhookConfig(url="https://hooks.example.com/wuts", events=("device.connected",))
    async with WutsClient(TOKEN, base_url=sim.url) as client:
        await client.set_webhook(config, kitchen.id)
    assert (await wuts("disconnect", kitchen.id, "--json")).code == 0
    assert not is_connected(sim, kitchen)


async def test_a_device_that_is_listed_twice_is_no_other_device(sim: Simulator, wuts: Wuts) -> None:
    desk = sim.world.add_device("home", "Front desk", state="connected")
    sim.world.faults.add(Fault(kind=FaultKind.DUPLICATED, endpoint="GET /devices"))
    assert (await wuts("disconnect", desk.name, "--json")).code == 0
