"""The demonstration of the command alone, as a visitor runs it."""

import asyncio
import os
import re
import socket
from asyncio.subprocess import PIPE
from pathlib import Path

import pytest

from scripts.lib.terminal import CTRL_C, Terminal
from tests.wuts_cli.command import Wuts, ended, heed_interrupts, shown_qr

ROOT = Path(__file__).parents[2]
DEMO = ROOT / "scripts/demo"

ENVIRONMENT = Wuts("https://wuts.example").environment({})

# It may have to install something first.
pytestmark = pytest.mark.timeout(900)


def port_of(text: str) -> int:
    """Return the port of the phone page that was told."""
    found = re.search(r"http://127\.0\.0\.1:(\d+)/phone", text)
    assert found is not None
    return int(found[1])


def somebody_listens_at(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


async def test_with_auto_it_scans_by_itself_and_leaves_nothing_running() -> None:
    process = await asyncio.create_subprocess_exec(
        DEMO,
        "--terminal",
        "--auto",
        stdout=PIPE,
        stderr=PIPE,
        env=ENVIRONMENT,
        preexec_fn=heed_interrupts,
    )
    done = await ended(process)
    assert done.code == 0
    assert "A real phone cannot" in done.out
    assert done.out.count("The QR is good until") == 1
    assert done.out.endswith("Paired “Front desk” with +55 11 99999-9999.\n")
    assert all(letter.isprintable() or letter == "\n" for letter in done.out)
    assert not somebody_listens_at(port_of(done.out))


async def test_a_person_is_told_where_to_be_the_phone_and_can_stop_it() -> None:
    environment = ENVIRONMENT | {"PATH": os.environ["PATH"]}
    async with Terminal([str(DEMO), "--terminal"], environment, columns=120, rows=45) as terminal:
        await shown_qr(terminal)
        await terminal.until_it_says("127.0.0.1:")
        port = port_of(terminal.text)
        assert somebody_listens_at(port)
        terminal.press(CTRL_C)
        assert await terminal.ended() == 130
        assert "Traceback" not in terminal.text
    assert not somebody_listens_at(port)


async def test_wrong_usage_is_one_line() -> None:
    process = await asyncio.create_subprocess_exec(
        DEMO, "--nonsense", stdout=PIPE, stderr=PIPE, env=ENVIRONMENT
    )
    out, err = await process.communicate()
    assert out == b""
    assert err.startswith(b"error: usage: scripts/demo ")
    assert err.count(b"\n") == 1
