"""The README's first command: all of it on one machine."""

import asyncio
import os
import socket
from asyncio.subprocess import PIPE, STDOUT
from pathlib import Path

import pytest

from scripts.lib.browser import find_chromium
from scripts.lib.parts import ROOT, free_port

pytestmark = [pytest.mark.chromium, pytest.mark.timeout(400)]

PICTURES = {"ha-device.png", "ha-qr.png", "ha-repair.png", "slack-alert.png", "slack-pair.png"}


async def demo(*arguments: str) -> tuple[int | None, str]:
    """Run it, and return how it ended and all that it said."""
    without_real_services = {
        name: value for name, value in os.environ.items() if not name.startswith("WUTS_")
    }
    process = await asyncio.create_subprocess_exec(
        ROOT / "scripts/demo", *arguments, stdout=PIPE, stderr=STDOUT, env=without_real_services
    )
    said, _ = await process.communicate()
    return process.returncode, said.decode()


def names_in(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


async def test_it_plays_by_itself_keeps_pictures_and_leaves_nothing_running(tmp_path: Path) -> None:
    if find_chromium() is None:
        pytest.skip("there is no Chromium")
    port = free_port()
    code, said = await demo("--auto", "--port", str(port), "--pictures", str(tmp_path))
    if "There will be no Slack" in said:
        pytest.skip("there is no local Slack")
    assert code == 0, said
    assert "All of it worked" in said
    assert names_in(tmp_path) >= PICTURES
    for nth in range(4):
        with socket.socket() as probe:
            assert probe.connect_ex(("127.0.0.1", port + nth)) != 0


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
