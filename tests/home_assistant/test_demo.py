"""The README's first command: all of it on one machine."""

import asyncio
import os
import socket
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from scripts.lib.browser import find_chromium
from scripts.lib.parts import ROOT, free_port
from scripts.lib.terminal import CTRL_C, Terminal
from wuts_simulator import Settings, Simulator

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(1_200)]

PICTURES = {"ha-device.png", "ha-qr.png", "ha-repair.png", "slack-alert.png", "slack-pair.png"}


PORTS = 4


def clean_environment() -> dict[str, str]:
    """Return our variables without those of real services."""
    return {name: value for name, value in os.environ.items() if not name.startswith("WUTS_")}


def is_taken(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def demo(*arguments: str) -> tuple[int | None, str]:
    """Run it, and return how it ended and all that it said."""
    process = await asyncio.create_subprocess_exec(
        ROOT / "scripts/demo", *arguments, stdout=PIPE, stderr=STDOUT, env=clean_environment()
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_it_plays_by_itself_keeps_pictures_and_leaves_nothing_running(tmp_path: Path) -> None:
    if find_chromium() is None:
        pytest.skip("there is no Chromium")
    port = free_port(PORTS)
    code, said = await demo("--auto", "--port", str(port), "--pictures", str(tmp_path))
    if "needs a local Slack" in said:
        pytest.skip("there is no local Slack")
    assert code == 0, said
    assert "Everything worked" in said
    assert names_in(tmp_path) >= PICTURES
    assert not any(map(is_taken, range(port, port + PORTS)))


async def test_it_says_how_to_use_it() -> None:
    code, said = await demo("--help")
    assert code == 0
    assert "usage: scripts/demo [--port N]" in said
    assert "--terminal" in said
    assert "error" not in said


@pytest.mark.parametrize("port", ["70000", "many"])
async def test_a_port_that_nobody_can_use_is_said_in_one_line(port: str) -> None:
    code, said = await demo("--port", port)
    assert code == 2
    assert said.splitlines()[-1].endswith("must be a number from 1024 to 65532")


async def test_a_port_that_is_taken_is_said_in_one_line_with_its_mend() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, said = await demo("--port", str(port))
    assert code == 1
    assert said.splitlines()[-1].startswith(f"error: Port {port}, which the gateway needs, is")
    assert "scripts/demo --port" in said.splitlines()[-1]
    assert "Traceback" not in said


async def test_with_a_token_it_uses_that_account_and_ctrl_c_stops_all_of_it() -> None:
    port = free_port(PORTS)
    async with Simulator(Settings(tokens=(("home", "a-real-token"),))) as sim:
        sim.world.add_device("home", "Front desk", state="connected")
        environment = clean_environment() | {"WUTS_TOKEN": "a-real-token", "WUTS_BASE_URL": sim.url}
        command = [str(ROOT / "scripts/demo"), "--port", str(port)]
        async with Terminal(command, environment, columns=120, rows=60, patience=200) as terminal:
            await terminal.until_it_says(
                "Press Ctrl-C to stop everything.", "Front desk: connected"
            )
            assert "The token is the one in WUTS_TOKEN." in terminal.text
            assert "a-real-token" not in terminal.text
            assert not is_taken(port)
            assert is_taken(port + 1)
            terminal.press(CTRL_C)
            assert await terminal.ended() == 0
            assert "Traceback" not in terminal.text
    assert not any(map(is_taken, range(port, port + PORTS)))
