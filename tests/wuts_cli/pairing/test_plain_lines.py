"""A pairing in a pipe."""

import base64
import io

import pyte
import pytest
import zxingcpp
from PIL import Image

from scripts.lib.terminal import Screen
from scripts.lib.terminal_picture import draw_screen
from tests.wuts_cli.command import PHONE, Wuts, ended
from tests.wuts_cli.conftest import Start
from wuts_simulator import Device, Fault, FaultKind, Settings, Simulator

STEPS = 4


async def test_the_printed_qr_can_be_scanned_from_a_dark_terminal(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.started("pair", desk.id, "--settle", "1") as process:
        assert process.stdout is not None
        before = b"".join([await process.stdout.readline() for _ in range(STEPS)]).decode()
        assert before.startswith("Pairing “Front desk”.\n1. Open WhatsApp on the phone.\n2. ")
        drawn = b"".join([await process.stdout.readline() for _ in range(33)])
        sim.world.scan(_read(drawn), PHONE)
        done = await ended(process)
    assert (done.code, done.err) == (0, "")
    until, scanned, paired = done.out.splitlines()
    assert until.startswith("The QR is good until ")
    assert scanned == "Scanned by +55 11 99999-9999. Checking that it stays connected…"
    assert paired == "Paired “Front desk” with +55 11 99999-9999."


def _read(drawn: bytes) -> str:
    """Return what a strict phone reads from these lines, light letters on a dark page."""
    screen = Screen(70, 34)
    pyte.ByteStream(screen).feed(drawn.replace(b"\n", b"\r\n"))
    image = draw_screen(screen, with_letters=False)
    found = zxingcpp.read_barcode(image, try_invert=False)
    assert found is not None
    return found.text


async def test_a_fresh_qr_is_printed_below_and_nothing_is_a_control_character(
    start: Start,
) -> None:
    sim = start(Settings(qr_first_life=2, qr_image=False))
    sim.world.add_device("home", "Front desk")
    done = await Wuts(sim.url)("pair", "Front desk", "--timeout", "3", "--note", "To\x1b[1m you")
    assert done.code == 3
    assert done.out.count("The QR is good until") == 2
    assert done.out.count("1. Open WhatsApp") == 1
    assert "To [1m you" in done.out
    assert all(letter.isprintable() or letter == "\n" for letter in done.out)
    assert done.error == "Time ran out before a phone was linked. Start again."


async def test_a_code_is_printed(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    arguments = ("pair", desk.id, "--code", "--phone", "+5511999999999", "--settle", "0")
    async with wuts.started(*arguments) as process:
        assert process.stdout is not None
        lines = [(await process.stdout.readline()).decode() for _ in range(STEPS + 1)]
        assert desk.code is not None
        assert lines[-1].startswith(f"Code: {desk.code.code}, good until ")
        sim.world.enter_code(desk.id, desk.code.code)
        done = await ended(process)
    assert done.code == 0
    assert done.out.endswith("Paired “Front desk” with +55 11 99999-9999.\n")


async def test_a_qr_that_cannot_be_printed_is_explained(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    arguments = ("pair", desk.id, "--timeout", "1")
    ascii_only = await wuts(*arguments, PYTHONIOENCODING="ascii")
    assert "the output is not Unicode" in ascii_only.out
    assert "--qr-file qr.png" in ascii_only.out
    fault = Fault(kind=FaultKind.BODY, endpoint="GET /qr", body=_only_a_picture())
    sim.world.faults.add(fault)
    picture = await wuts(*arguments)
    assert "only as a picture" in picture.out


def _only_a_picture() -> object:
    image = io.BytesIO()
    Image.new("1", (1, 1)).save(image, "png")
    url = f"data:image/png;base64,{base64.b64encode(image.getvalue()).decode()}"
    return {"success": True, "data": {"qr_code": None, "image": url}}


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("connected", "is already connected with +55 11 99999-9999. There is nothing to pair."),
        ("disconnected", "was still paired with +55 11 99999-9999, and is connected again."),
    ],
)
async def test_a_device_with_a_phone_is_not_paired_again(
    state: str, words: str, sim: Simulator, wuts: Wuts
) -> None:
    sim.world.add_device("home", "Front desk", state=state, phone=PHONE)
    done = await wuts("pair", "Front desk")
    assert (done.code, done.out, done.err) == (0, f"“Front desk” {words}\n", "")


async def test_a_gateway_that_does_not_answer_is_told(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="GET /qr", status=503))
    done = await wuts("pair", desk.id, "--timeout", "1")
    assert done.code == 3
    assert "Trying again." in done.out
    assert "The last problem was" in done.error
