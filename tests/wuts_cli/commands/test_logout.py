import pytest

from scripts.lib.terminal import CTRL_C
from tests.core.wuts.raw_gateway import RawGateway, http_answer
from tests.core.wuts.values import DEVICE, documented
from tests.wuts_cli.command import PHONE, TOKEN, Wuts
from wuts import WebhookConfig, WutsClient
from wuts_simulator import Device, Simulator


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device with a phone."""
    return sim.world.add_device("home", "Front desk", state="connected", phone=PHONE)


async def test_with_yes_nobody_is_asked(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    done = await wuts("logout", "Front desk", "--yes")
    assert (done.code, done.err) == (0, "")
    assert f"wuts pair {desk.id}" in done.out
    assert sim.world.device(desk.id).phone is None


async def test_scripts_are_told(wuts: Wuts, desk: Device) -> None:
    done = await wuts("logout", desk.id, "-y", "--json")
    assert done.events == [{"event": "logged_out", "device_id": desk.id, "name": "Front desk"}]


@pytest.mark.parametrize("flags", [(), ("--json",)])
async def test_where_nobody_can_be_asked_it_needs_yes(
    flags: tuple[str, ...], sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    refused = await wuts("logout", "Front desk", *flags)
    assert refused.code == 2
    assert "--yes" in refused.error
    assert sim.world.device(desk.id).phone == PHONE


async def test_scripts_are_not_asked_even_on_a_terminal(wuts: Wuts, desk: Device) -> None:
    async with wuts.on_terminal("logout", desk.id, "--json") as terminal:
        assert await terminal.ended() == 2
        assert '"reason":"confirmation_needed"' in terminal.text


async def test_a_person_is_asked_and_agrees(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    async with wuts.on_terminal("logout", "Front desk") as terminal:
        await terminal.until_it_says("Log out “Front desk”? This unlinks its phone")
        terminal.press("y\n")
        assert await terminal.ended() == 0
        assert "is logged out" in terminal.text
    assert sim.world.device(desk.id).phone is None


@pytest.mark.parametrize(("keys", "code"), [("n\n", 1), ("\n", 1), (CTRL_C, 130)])
async def test_a_person_is_asked_and_declines(
    keys: str, code: int, sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.on_terminal("logout", "Front desk") as terminal:
        await terminal.until_it_says("[y/N]")
        terminal.press(keys)
        assert await terminal.ended() == code
        assert ("was not logged out" in terminal.text) is (code == 1)
        assert "Traceback" not in terminal.text
    assert sim.world.device(desk.id).phone == PHONE


async def test_with_several_devices_a_person_learns_what_the_gateway_may_do(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    sim.world.add_device("home", "Kitchen", state="connected")
    async with wuts.on_terminal("logout", "Front desk") as terminal:
        await terminal.until_it_says("[y/N]")
        assert "This gateway may ignore which of your 2 devices you mean" in terminal.text
        terminal.press("n\n")
        assert await terminal.ended() == 1
    assert sim.world.device(desk.id).phone == PHONE


async def test_a_gateway_that_is_known_to_tell_devices_apart_is_not_warned_of(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    kitchen = sim.world.add_device("home", "Kitchen", state="connected")
    config = WebhookConfig(url="https://hooks.example.com/wuts", events=("device.connected",))
    async with WutsClient(TOKEN, base_url=sim.url) as client:
        await client.set_webhook(config, kitchen.id)
    async with wuts.on_terminal("logout", desk.id) as terminal:
        await terminal.until_it_says("[y/N]")
        assert "ignore" not in terminal.text
        terminal.press("n\n")
        assert await terminal.ended() == 1


@pytest.mark.parametrize("command", ["logout", "disconnect"])
async def test_what_is_still_so_afterwards_is_no_success(command: str) -> None:
    """The gateway says that it was done, and names the right device; it was done to another."""
    async with RawGateway() as raw:
        raw.by_path["/devices"] = http_answer(documented("devices_reference"))
        raw.by_path[f"/{command}"] = http_answer(documented(command))
        raw.by_path["/status"] = http_answer(documented("status_connected"))
        done = await Wuts(raw.url)(command, DEVICE, "--json", "--yes")
    assert done.code == 1
    assert [event["reason"] for event in done.events] == ["not_verified"]
