import asyncio
import os
from collections.abc import Iterator

import pytest

from tests.wuts_cli.command import WUTS, Wuts
from wuts_simulator import Device, Simulator


@pytest.fixture
def closed_pipe() -> Iterator[int]:
    """A pipe that nobody reads any more, as behind ``| head -1``."""
    reader, writer = os.pipe()
    os.close(reader)
    yield writer
    os.close(writer)


@pytest.fixture
def full_disk() -> Iterator[int]:
    descriptor = os.open("/dev/full", os.O_WRONLY)
    yield descriptor
    os.close(descriptor)


@pytest.fixture(autouse=True)
def desk(sim: Simulator) -> Device:
    """Something to hear of."""
    return sim.world.add_device("home", "Front desk")


@pytest.mark.parametrize("flags", [(), ("--json",)])
async def test_a_closed_pipe_ends_it_without_a_word(
    flags: tuple[str, ...], wuts: Wuts, closed_pipe: int
) -> None:
    ended = await wuts("devices", *flags, stdout=closed_pipe)
    assert (ended.code, ended.err) == (141, "")


async def test_a_pairing_ends_when_nobody_reads_it(
    wuts: Wuts, desk: Device, closed_pipe: int
) -> None:
    ended = await wuts("pair", desk.id, "--json", stdout=closed_pipe)
    assert (ended.code, ended.err) == (141, "")


@pytest.mark.parametrize("flags", [(), ("--json",)])
async def test_a_full_disk_is_one_line(flags: tuple[str, ...], wuts: Wuts, full_disk: int) -> None:
    ended = await wuts("devices", *flags, stdout=full_disk)
    assert ended.code == 1
    assert ended.error == "The output cannot be written: No space left on device."


async def test_closed_streams_do_no_harm(wuts: Wuts) -> None:
    for closed in (">&-", "<&- >&- 2>&-"):
        process = await asyncio.create_subprocess_shell(
            f"exec {WUTS} devices {closed}", env=wuts.environment({})
        )
        assert await process.wait() == 0


@pytest.mark.parametrize("flags", [(), ("--json",)])
async def test_an_output_that_is_not_unicode_does_no_harm(
    flags: tuple[str, ...], sim: Simulator, wuts: Wuts
) -> None:
    sim.world.add_device("home", "Réception")
    ended = await wuts("devices", *flags, PYTHONIOENCODING="ascii")
    assert (ended.code, ended.err) == (0, "")
    assert "R" in ended.out
    if flags:
        assert [event["name"] for event in ended.events] == ["Front desk", "Réception"]


async def test_a_pipe_gets_no_control_characters_even_where_colours_are_forced(wuts: Wuts) -> None:
    ended = await wuts("devices", FORCE_COLOR="1", TTY_COMPATIBLE="1")
    assert "\x1b" not in ended.out
