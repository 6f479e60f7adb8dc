"""A supervision as a person sees it: the real command on a pseudo terminal."""

import re
import signal
from pathlib import Path

import pytest

from scripts.lib.terminal import CTRL_C, Terminal
from tests.wuts_cli.command import Wuts
from wuts_simulator import Device, Fault, FaultKind, Simulator

QUICK = ("--interval", "0.2", "--base", "0.05", "--cap", "0.2", "--debounce", "0")


@pytest.fixture
def desk(sim: Simulator) -> Device:
    """A device that is connected."""
    return sim.world.add_device("home", "Front desk", state="connected")


def watch(wuts: Wuts, *flags: str, columns: int = 110, rows: int = 30) -> Terminal:
    return wuts.on_terminal("watch", *QUICK, *flags, columns=columns, rows=rows)


def names(terminal: Terminal) -> list[str]:
    """Return the names in the table, from the top."""
    _, _, table = terminal.text.partition("\nNAME")
    lines = table.partition("\n\n")[0].splitlines()[1:]
    return [re.split(r"\s{2,}", line)[0] for line in lines if not line.startswith("…")]


def is_as_it_was(terminal: Terminal) -> bool:
    """Tell whether the command left the terminal as a shell wants it."""
    screen = terminal.screen
    return not screen.on_second_screen and not screen.cursor.hidden and not terminal.text.strip()


async def test_devices_and_how_many_are_in_each_state_are_shown(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    sim.world.add_device("home", "Kitchen")
    async with watch(wuts) as terminal:
        await terminal.until_it_says(
            f"Watching {sim.url}",
            "2 devices: 1 never paired, 1 connected",
            "Without --store, nothing is remembered",
            desk.id,
        )
        await terminal.until(lambda it: names(it) == ["Kitchen", "Front desk"])
        assert terminal.screen.on_second_screen


async def test_those_that_need_a_person_are_on_top_and_the_last_events_below(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    sim.world.add_device("home", "Annex", state="connected")
    dropped = sim.world.add_device("home", "Barn", state="connected")
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /connect"))
    async with watch(wuts) as terminal:
        await terminal.until_it_says("3 devices: 3 connected")
        sim.world.drop(dropped.id)
        sim.world.unlink(desk.id)
        await terminal.until_it_says("1 needs pairing, 1 reconnecting, 1 connected")
        await terminal.until(lambda it: names(it) == ["Front desk", "Barn", "Annex"])
        await terminal.until_it_says("Front desk must be paired again. Pair it with: wuts pair")
        await terminal.until_it_says("Barn: reconnecting, its session dropped; try 1 in")
        await terminal.until(lambda it: re.search(r"^Barn .* [1-9]\d\d  ", it.text, re.MULTILINE))
        await terminal.until_it_says("ALERT: Front desk must be paired again.")


async def test_the_time_to_the_next_try_is_counted_down(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="POST /connect", retry_after="3600"))
    async with watch(wuts) as terminal:
        await terminal.until_it_says("connected")
        sim.world.drop(desk.id)
        await terminal.until_it_says("in 60 min")
        sim.world.faults.clear()
        sim.world.faults.add(
            Fault(kind=FaultKind.STATUS, endpoint="POST /connect", retry_after="30")
        )
    async with watch(wuts) as terminal:
        await terminal.until_it_says("in 30 s")
        await terminal.until_it_says("in 29 s")
        await terminal.until_it_says("in 28 s")


async def test_a_small_window_shows_the_worst_and_how_many_more_there_are(
    sim: Simulator, wuts: Wuts
) -> None:
    devices = sim.world.add_devices("home", 40, state="connected")
    async with watch(wuts, rows=12) as terminal:
        await terminal.until_it_says("40 devices: 40 connected")
        await terminal.until(lambda it: len(names(it)) == 5 and "… and 35 more" in it.text)
        sim.world.unlink(devices[30].id)
        await terminal.until(lambda it: names(it)[:1] == ["Device 31"])
        terminal.resize(110, 60)
        await terminal.until(lambda it: "more" not in it.text and len(names(it)) == 40)
        terminal.resize(40, 8)
        await terminal.until(lambda it: names(it) == ["Device 31"])


@pytest.mark.usefixtures("desk")
@pytest.mark.parametrize(("columns", "rows"), [(1, 1), (3, 2), (20, 4), (300, 100)])
async def test_no_window_is_too_small(wuts: Wuts, columns: int, rows: int) -> None:
    async with watch(wuts, columns=columns, rows=rows) as terminal:
        await terminal.until(lambda it: it.text.strip())
        terminal.press(CTRL_C)
        assert await terminal.ended() == 130
        assert is_as_it_was(terminal)


async def test_a_refused_token_is_said_clearly(sim: Simulator) -> None:
    async with watch(Wuts(sim.url, token="wrong")) as terminal:
        await terminal.until_it_says("The gateway refuses the token, so nothing can be watched.")
        await terminal.until_it_says("ALERT: The gateway refuses the token.")


@pytest.mark.usefixtures("desk")
async def test_a_gateway_that_is_down_is_said_and_taken_back(sim: Simulator, wuts: Wuts) -> None:
    async with watch(wuts) as terminal:
        await terminal.until_it_says("1 device: 1 connected")
        sim.world.break_for(3600)
        await terminal.until(lambda it: "\nGateway: down. The gateway is busy" in it.text)
        sim.world.break_for(0)
        await terminal.until(lambda it: "\nGateway: down." not in it.text)
        await terminal.until_it_says("OVER: The gateway is back.")


@pytest.mark.usefixtures("desk")
async def test_a_store_that_does_not_work_is_said_and_taken_back(
    wuts: Wuts, tmp_path: Path
) -> None:
    folder = tmp_path / "missing"
    async with watch(wuts, "--store", f"sqlite:///{folder}/store.db") as terminal:
        await terminal.until(lambda it: "\nThe folder of the supervisor's store" in it.text)
        await terminal.until_it_says("1 device: 1 connected")
        assert "--store" not in terminal.text
        folder.mkdir()
        await terminal.until(lambda it: "\nThe folder of the supervisor's store" not in it.text)
        await terminal.until_it_says("The supervisor's store works again")


async def test_a_name_cannot_steer_the_terminal(sim: Simulator, wuts: Wuts) -> None:
    sim.world.add_device("home", "\x1b[2J\x1b[31mevil\nname[bold]", state="connected")
    async with watch(wuts) as terminal:
        await terminal.until_it_says("[2J [31mevil name[bold]")


@pytest.mark.usefixtures("desk")
async def test_ctrl_c_leaves_the_terminal_as_it_was(wuts: Wuts) -> None:
    async with watch(wuts) as terminal:
        await terminal.until_it_says("1 device: 1 connected")
        terminal.press(CTRL_C)
        assert await terminal.ended() == 130
        assert is_as_it_was(terminal)


@pytest.mark.usefixtures("desk")
async def test_a_signal_to_end_leaves_the_terminal_as_it_was(wuts: Wuts) -> None:
    async with watch(wuts) as terminal:
        await terminal.until_it_says("1 device: 1 connected")
        terminal.kill(signal.SIGTERM)
        assert await terminal.ended() == 143
        assert is_as_it_was(terminal)


async def test_colours_can_be_turned_off(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    sim.world.unlink(desk.id)
    pair_first = wuts.on_terminal("watch", *QUICK, NO_COLOR="1")
    async with pair_first as terminal:
        await terminal.until_it_says("never paired")
        cells = (cell for line in terminal.screen.buffer.values() for cell in line.values())
        assert {(cell.fg, cell.bg) for cell in cells} == {("default", "default")}
