from tests.wuts_cli.command import PHONE, Wuts
from wuts_simulator import Simulator


async def test_people_see_a_table_of_what_there_is(sim: Simulator, wuts: Wuts) -> None:
    desk = sim.world.add_device("home", "Front desk", state="connected", phone=PHONE)
    sim.world.add_device("home", "Kitchen", state="disconnected", phone="5511888888888")
    sim.world.add_device("home", "Spare")
    listed = await wuts("devices")
    assert (listed.code, listed.err) == (0, "")
    heading, first, second, third = listed.out.splitlines()
    assert heading.split() == ["NAME", "STATE", "PHONE", "LAST", "SEEN", "ID"]
    assert first.startswith("Front desk  connected     +55 11 99999-9999  20")
    assert first.rstrip().endswith(desk.id)
    assert second.startswith("Kitchen     disconnected  +5511888888888")
    assert third.startswith("Spare       not paired    -")


async def test_scripts_get_one_line_a_device(sim: Simulator, wuts: Wuts) -> None:
    desk = sim.world.add_device("home", "Réception", state="connected", phone=PHONE)
    spare = sim.world.add_device("home", "Spare")
    listed = await wuts("devices", "--json")
    assert (listed.code, listed.err) == (0, "")
    connected, never_paired = listed.events
    assert connected.pop("last_seen").endswith("Z")
    assert connected == {
        "event": "device",
        "device_id": desk.id,
        "name": "Réception",
        "connected": True,
        "phone_number": PHONE,
    }
    assert never_paired == {
        "event": "device",
        "device_id": spare.id,
        "name": "Spare",
        "connected": False,
        "phone_number": None,
        "last_seen": None,
    }


async def test_an_account_without_devices_is_told_how_to_make_one(wuts: Wuts) -> None:
    listed = await wuts("devices")
    assert (listed.code, listed.err) == (0, "")
    assert "wuts create NAME" in listed.out


async def test_nothing_is_cut_in_a_pipe(sim: Simulator, wuts: Wuts) -> None:
    name = "A name of a hundred letters ".ljust(100, "x")
    device = sim.world.add_device("home", name)
    listed = await wuts("devices", COLUMNS="40")
    _, line = listed.out.splitlines()
    assert line.startswith(name)
    assert device.id in line


async def test_an_id_can_be_read_whole_on_a_narrow_terminal(sim: Simulator, wuts: Wuts) -> None:
    device = sim.world.add_device("home", "Front desk")
    async with wuts.on_terminal("devices", columns=50) as terminal:
        assert await terminal.ended() == 0
        tail = "".join(line[-12:].strip() for line in terminal.text.splitlines()[1:])
    assert set(device.id) <= set(tail)


async def test_a_name_cannot_steer_the_terminal(sim: Simulator, wuts: Wuts) -> None:
    sim.world.add_device("home", "Evil\x1b[31m\x07\r\n\u202eksed [bold]")
    listed = await wuts("devices")
    _, line = listed.out.splitlines()
    assert line.startswith("Evil [31m    ksed [bold]")
    assert all(letter.isprintable() for letter in line)
