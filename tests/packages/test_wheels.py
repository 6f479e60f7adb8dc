"""What a stranger gets who installs our packages; scripts/test_packages installs them first."""

import asyncio
import json
import os
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from scripts.lib.groups import read_pyproject

from .conftest import Environment

FOREIGN = (
    "aiohttp",
    "apscheduler",
    "homeassistant",
    "phonenumbers",
    "rich",
    "slack_bolt",
    "sqlalchemy",
    "typer",
)
PHONE = "5511999999999"
TOKEN = "a-token-of-the-packages"
VERSION = read_pyproject()["project"]["version"]
PATIENCE = 500
"""Seconds for what starts in a second on an idle machine."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(PATIENCE + 60)]


def test_the_library_comes_alone(library: Environment) -> None:
    assert library.imports("wuts", *FOREIGN) == ["wuts"]


def test_the_whole_public_api_can_be_imported(library: Environment) -> None:
    program = "import wuts; print(*[name for name in wuts.__all__ if not hasattr(wuts, name)])"
    assert library.python(program).strip() == ""


def test_the_command_says_which_extra_it_misses(library: Environment) -> None:
    told = library.run("wuts", "--version")
    assert told.returncode != 0
    assert "wuts[cli]" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", ["wuts", "wuts-simulator", "wuts-slack"])
def test_every_command_starts(everything: Environment, command: str) -> None:
    told = everything.run(command, "--help")
    assert told.returncode == 0, told.stderr
    assert "usage" in told.stdout.casefold()


def test_the_command_has_the_version_of_the_release(everything: Environment) -> None:
    assert everything.run("wuts", "--version").stdout == f"wuts {VERSION}\n"


def test_the_slack_app_reads_its_settings_and_prints_its_manifest(everything: Environment) -> None:
    checked = everything.run("wuts-slack", "check")
    assert checked.returncode == 2
    assert "bot_token" in checked.stderr
    assert "Traceback" not in checked.stderr
    manifest = json.loads(everything.run("wuts-slack", "manifest").stdout)
    assert manifest["display_information"]["name"] == "WUTS"


def test_the_pairing_page_comes_with_the_library(everything: Environment) -> None:
    program = "from wuts.page.words import LANGUAGES; "
    program += "from wuts.page.drawing import draw_refusal, draw_page; EN = LANGUAGES['en']; "
    program += "print(draw_page(EN, draw_refusal(EN, 'unknown')))"
    assert everything.python(program).startswith("<!DOCTYPE html>")


def test_nothing_of_a_clone_is_installed_under_a_name_of_everyday(everything: Environment) -> None:
    assert everything.imports("core", "cli", "simulator", "tests") == []


@asynccontextmanager
async def running(
    environment: Environment, *command: str, **variables: str
) -> AsyncIterator[Process]:
    """Run a command for as long as the context lasts."""
    process = await asyncio.create_subprocess_exec(
        environment.folder / "bin" / command[0],
        *command[1:],
        cwd="/",
        stdout=PIPE,
        env=os.environ | variables,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def next_line(process: Process) -> Any:  # noqa: ANN401 - what json.loads returns
    assert process.stdout
    line = await process.stdout.readline()
    assert line, f"it ended early with {await process.wait()}"
    return json.loads(line)


async def scan(gateway: str, device: str) -> None:
    """Be the phone that scans the device's QR, through the simulator's control API."""
    async with httpx.AsyncClient(base_url=gateway) as client:
        told = await client.post(f"/_sim/devices/{device}/scan", json={"phone": PHONE})
    told.raise_for_status()


async def test_a_device_is_paired_with_the_simulator(everything: Environment) -> None:
    gateway = ("wuts-simulator", "--json", "--control", "--port", "0", "--token", f"home={TOKEN}")
    async with asyncio.timeout(PATIENCE), running(everything, *gateway) as simulator:
        url = (await next_line(simulator))["url"]
        variables = {"WUTS_BASE_URL": url, "WUTS_TOKEN": TOKEN}
        async with running(everything, "wuts", "create", "Till", "--json", **variables) as create:
            device = (await next_line(create))["device_id"]
        pair = ("wuts", "pair", "Till", "--json", "--settle", "0")
        async with running(everything, *pair, **variables) as pairing:
            while (event := await next_line(pairing))["event"] != "qr":
                pass
            await scan(url, device)
            while (event := await next_line(pairing))["event"] not in ("paired", "failed"):
                pass
            assert (event["event"], event["phone_number"]) == ("paired", PHONE)
            assert await pairing.wait() == 0
