"""The examples of the library's pages do what they say, as programs of their own."""

import asyncio
import os
import re
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from tests.core.wuts.qr_reader import modules_of, paint, read_image
from wuts import ErrorCode, WutsClient
from wuts_simulator import Settings, Simulator

ROOT = Path(__file__).parents[2]
TOKEN = "a-token-of-the-example"
PHONE = "5511999999999"
PATIENCE = 240

PYTHON = os.environ.get("WUTS_LIBRARY_PYTHON", sys.executable)
"""What runs the examples; scripts/test_packages gives one that has nothing but the library."""

_CODE = re.compile(r"```python\n(.*?)```", re.DOTALL)
_COLOURS = re.compile("\33\\[[0-9;]*m")


def examples(page: str) -> list[str]:
    return _CODE.findall((ROOT / page).read_text())


def example(page: str, word: str) -> str:
    """Return the one example of a page that has this word in it."""
    (code,) = (code for code in examples(page) if word in code)
    return code


@asynccontextmanager
async def running(code: str, sim: Simulator) -> AsyncIterator[Process]:
    """Run an example for as long as the context lasts."""
    known = {"WUTS_TOKEN": TOKEN, "WUTS_BASE_URL": sim.url, "PYTHONUNBUFFERED": "1"}
    process = await asyncio.create_subprocess_exec(
        *(PYTHON, "-c", code), stdout=PIPE, stderr=PIPE, env=os.environ | known
    )
    try:
        async with asyncio.timeout(PATIENCE):
            yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def lines(process: Process) -> AsyncIterator[str]:
    assert process.stdout
    async for line in process.stdout:
        yield _COLOURS.sub("", line.decode().rstrip("\n"))


@pytest.fixture
async def sim() -> AsyncIterator[Simulator]:
    settings = Settings(tokens=(("home", TOKEN),), connecting_for=0, qr_image=False)
    async with Simulator(settings) as simulator:
        yield simulator


async def test_the_readmes_ten_lines_pair_a_device(sim: Simulator) -> None:
    stages: list[str] = []
    rows: list[str] = []
    async with running(example("README.md", "PairingSession"), sim) as process:
        async for line in lines(process):
            if not set(line) <= set(" ▀▄█"):
                stages.append(line)
                continue
            rows.append(line)
            if len(rows) * 2 >= len(line):  # a row of half blocks is two of modules
                sim.world.scan(read_image(paint(modules_of("\n".join(rows)))), PHONE)
                stages.append("a QR")
                rows.clear()
        assert await process.wait() == 0
    assert stages == ["preparing", "a QR", "scanned", "paired"]
    (device,) = sim.world.registry.devices.values()
    assert (device.name, device.is_connected) == ("Front desk", True)


def test_the_readme_and_the_librarys_page_show_the_same_example() -> None:
    assert example("README.md", "PairingSession") == example("docs/library.md", "PairingSession")


async def test_the_supervisors_example_reconnects_what_drops(sim: Simulator) -> None:
    device = sim.world.add_device("home", "Front desk", state="connected", phone=PHONE)
    async with running(example("docs/library.md", "Supervisor"), sim) as process:
        told = lines(process)
        assert await anext(told) == "Front desk connected"
        sim.world.drop(device.id)


async def test_the_errors_example_tells_what_to_do(sim: Simulator) -> None:
    names: dict[str, object] = {}
    exec(example("docs/library.md", "reconnect"), names)  # noqa: S102 - our own page
    reconnect = names["reconnect"]
    assert callable(reconnect)
    sim.world.add_device("home", "Front desk", state="disconnected", phone=PHONE)
    sim.world.add_device("home", "Kitchen", state="logged_out")
    async with WutsClient(TOKEN, base_url=sim.url) as client:
        assert await reconnect(client, "front desk") == "connected"
        assert await reconnect(client, "kitchen") == "pair it again"
        assert await reconnect(client, "hall") == f"failed: {ErrorCode.UNKNOWN_DEVICE}"
        sim.world.break_for(60)
        assert await reconnect(client, "hall") == "try again soon"


async def test_the_webhooks_example_takes_and_refuses(capsys: pytest.CaptureFixture[str]) -> None:
    names: dict[str, object] = {}
    exec(example("docs/library.md", "WebhookReceiver"), names)  # noqa: S102 - our own page
    handle = names["handle"]
    assert callable(handle)

    async def body() -> AsyncIterator[bytes]:
        yield b'{"device_id": "d1"}'

    assert await handle({}, body()) == 401
    assert await handle({"x-my-secret": "a long random text"}, body()) == 204
    assert capsys.readouterr().out == "look at d1\n"
