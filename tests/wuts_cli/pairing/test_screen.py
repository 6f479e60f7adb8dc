"""A pairing as a person sees it: the real command on a pseudo terminal."""

import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.lib.terminal import CTRL_C, Terminal
from tests.wuts_cli.command import PHONE, Wuts, read_qr, shown_qr
from tests.wuts_cli.conftest import Start
from wuts_simulator import Device, Fault, FaultKind, Settings, Simulator

FAST = ("--settle", "0")


def is_as_it_was(terminal: Terminal) -> bool:
    """Tell whether the command left the terminal as a shell wants it."""
    screen = terminal.screen
    return not screen.on_second_screen and not screen.cursor.hidden


def row_of_the_qr(terminal: Terminal) -> int:
    return next(row for row, line in enumerate(terminal.text.splitlines()) if "▀" in line)


async def test_scanning_the_qr_on_the_screen_pairs_the_device(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.on_terminal("pair", "Front desk", "--settle", "2") as terminal:
        payload = await shown_qr(terminal)
        await terminal.until_it_says("Link a device, and scan this QR.")
        assert sim.world.scan(payload, PHONE) is desk
        await terminal.until_it_says(
            "Scanned by +55 11 99999-9999. Checking that it stays connected…"
        )
        assert await terminal.ended() == 0
        assert terminal.text.strip() == "Paired “Front desk” with +55 11 99999-9999."
        assert is_as_it_was(terminal)


async def test_a_qr_is_replaced_in_place_before_it_expires(start: Start) -> None:
    sim = start(Settings(qr_first_life=3, connecting_for=0, qr_image=False))
    sim.world.add_device("home", "Front desk")
    async with Wuts(sim.url).on_terminal("pair", "Front desk", *FAST) as terminal:
        first = await shown_qr(terminal)
        top = row_of_the_qr(terminal)
        second = await shown_qr(terminal, other_than=first)
        assert row_of_the_qr(terminal) == top
        sim.world.scan(second, PHONE)
        assert await terminal.ended() == 0


async def test_the_time_that_is_left_is_counted_down(wuts: Wuts, desk: Device) -> None:
    async with wuts.on_terminal("pair", desk.id) as terminal:
        await terminal.until_it_says("good for 60 s")
        await terminal.until_it_says("good for 59 s")
        await terminal.until_it_says("good for 58 s")


@pytest.mark.parametrize(("columns", "rows"), [(110, 36), (80, 37), (65, 33)])
async def test_a_qr_can_be_read_in_every_window_that_holds_it(
    columns: int, rows: int, wuts: Wuts, desk: Device
) -> None:
    async with wuts.on_terminal("pair", desk.id, columns=columns, rows=rows) as terminal:
        payload = await shown_qr(terminal)
        assert desk.qr is not None
        assert payload == desk.qr.payload
        await terminal.until(lambda it: ("Link a device" in it.text) is (rows > 34))


async def test_a_window_that_is_too_small_says_so_until_it_is_larger(
    wuts: Wuts, desk: Device
) -> None:
    async with wuts.on_terminal("pair", desk.name, columns=80, rows=24) as terminal:
        await terminal.until_it_says("needs 65 columns and 33 rows. It\n  has 80 and 24.")
        await terminal.until_it_says("wuts pair 'Front desk' --code\n  --phone NUMBER")
        terminal.resize(110, 40)
        payload = await shown_qr(terminal)
        terminal.resize(60, 40)
        await terminal.until_it_says("too small")
        assert read_qr(terminal) is None
        terminal.resize(80, 40)
        assert await shown_qr(terminal) == payload


@pytest.mark.parametrize(
    "variables",
    [{"NO_COLOR": "1"}, {"TERM": "xterm", "COLORTERM": ""}, {"COLORTERM": ""}],
    ids=["no colours", "16 colours", "256 colours"],
)
async def test_the_qr_is_black_on_white_in_every_terminal(
    variables: dict[str, str], sim: Simulator, desk: Device
) -> None:
    wuts = Wuts(sim.url, **variables)
    async with wuts.on_terminal("pair", desk.id) as terminal:
        await shown_qr(terminal)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda terminal: terminal.press(CTRL_C), 130),
        (lambda terminal: terminal.kill(signal.SIGTERM), 143),
        (lambda terminal: terminal.kill(signal.SIGHUP), 143),
    ],
    ids=["Ctrl-C", "SIGTERM", "SIGHUP"],
)
async def test_stopping_leaves_the_terminal_as_it_was(
    act: Callable[[Terminal], None], code: int, wuts: Wuts, desk: Device
) -> None:
    async with wuts.on_terminal("pair", desk.id) as terminal:
        await shown_qr(terminal)
        act(terminal)
        assert await terminal.ended() == code
        assert terminal.text.strip() == ""
        assert is_as_it_was(terminal)


async def test_a_code_is_shown_large_and_typing_it_pairs_the_device(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    arguments = ("pair", "Front desk", "--code", "--phone", "+55 11 99999-9999", *FAST)
    async with wuts.on_terminal(*arguments, "--note", "Be quick.") as terminal:
        await terminal.until_it_says("good for 5:00 min")
        assert desk.code is not None
        await terminal.until_it_says(
            f"The code is {desk.code.code}, for +55 11 99999-9999.",
            "█",
            "Be quick.",
            "Link with phone number instead",
        )
        sim.world.enter_code(desk.id, desk.code.code)
        assert await terminal.ended() == 0
        assert terminal.text.strip() == "Paired “Front desk” with +55 11 99999-9999."


async def test_a_code_is_spelled_out_where_large_letters_do_not_fit(
    wuts: Wuts, desk: Device
) -> None:
    arguments = ("pair", desk.id, "--code", "--phone", "+5511999999999")
    async with wuts.on_terminal(*arguments, columns=50, rows=24) as terminal:
        await terminal.until_it_says("good for")
        assert desk.code is not None
        await terminal.until_it_says(" ".join(desk.code.code))


async def test_a_gateway_that_stops_answering_is_told_and_waited_for(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.on_terminal("pair", desk.id, *FAST) as terminal:
        payload = await shown_qr(terminal)
        sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /status", times=1))
        await terminal.until_it_says("The gateway is busy or restarting.")
        assert read_qr(terminal) == payload
        sim.world.scan(payload, PHONE)
        assert await terminal.ended() == 0


async def test_an_expired_qr_is_taken_away_even_if_no_other_comes(start: Start) -> None:
    sim = start(Settings(qr_first_life=3, qr_image=False))
    sim.world.add_device("home", "Front desk")
    async with Wuts(sim.url).on_terminal("pair", "Front desk") as terminal:
        await shown_qr(terminal)
        sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /qr"))
        await terminal.until_it_says("That one has expired. Getting a new one…")
        assert read_qr(terminal) is None


async def test_a_qr_that_is_only_a_picture_is_written_to_a_file(
    start: Start, tmp_path: Path
) -> None:
    sim = start(Settings(connecting_for=0))
    desk = sim.world.add_device("home", "Front desk")
    fault = Fault(kind=FaultKind.MISSING_FIELDS, endpoint="GET /qr", fields=("data.qr_code",))
    sim.world.faults.add(fault)
    picture = tmp_path / "qr.png"
    arguments = ("pair", "Front desk", "--qr-file", str(picture), *FAST)
    async with Wuts(sim.url).on_terminal(*arguments) as terminal:
        await terminal.until_it_says("only as a picture")
        await terminal.until_it_says("Scan the picture: ")
        assert picture.read_bytes().startswith(b"\x89PNG")
        sim.world.scan_device(desk.id, PHONE)
        assert await terminal.ended() == 0
    assert not picture.exists()


async def test_a_terminal_that_only_prints_gets_plain_lines(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.on_terminal("pair", desk.id, *FAST, rows=60, TERM="dumb") as terminal:
        await terminal.until_it_says("The QR is good until")
        assert not terminal.screen.on_second_screen
        payload = await shown_qr(terminal)
        sim.world.scan(payload, PHONE)
        assert await terminal.ended() == 0


async def test_a_terminal_without_unicode_says_so(wuts: Wuts, desk: Device) -> None:
    async with wuts.on_terminal("pair", desk.id, PYTHONIOENCODING="latin-1") as terminal:
        await terminal.until_it_says("it cannot draw a QR")
        await terminal.until_it_says("--qr-file qr.png")
