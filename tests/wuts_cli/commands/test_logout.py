import pytest

from scripts.lib.terminal import CTRL_C
from tests.wuts_cli.command import PHONE, Wuts
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
        await terminal.until_it_says("Log “Front desk” out? Its phone is unlinked")
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
