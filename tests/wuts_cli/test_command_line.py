import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from collections.abc import Sequence
from importlib.metadata import version

import pytest

from tests.wuts_cli.command import TOKEN, Ended, Wuts, ended
from wuts_cli.app import run_app
from wuts_cli.commands import COMMANDS
from wuts_simulator import Simulator


async def python(*arguments: str, **variables: str) -> Ended:
    environment = os.environ | variables
    process = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, stdout=PIPE, stderr=PIPE, env=environment
    )
    return await ended(process)


def in_this_process(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> Ended:
    """Run what needs no gateway where that costs least."""
    code = run_app(arguments)
    said = capsys.readouterr()
    return Ended(code, said.out, said.err)


async def test_it_tells_its_version(wuts: Wuts) -> None:
    told = await wuts("--version")
    assert (told.code, told.out, told.err) == (0, f"wuts {version('wuts')}\n", "")


async def test_it_runs_as_a_module_too() -> None:
    told = await python("-m", "wuts_cli", "--version")
    assert (told.code, told.out) == (0, f"wuts {version('wuts')}\n")


async def test_help_names_every_command_and_the_environment(wuts: Wuts) -> None:
    told = await wuts("--help")
    assert told.code == 0
    for word in (*COMMANDS, "WUTS_TOKEN_FILE", "WUTS_BASE_URL"):
        assert word in told.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_takes_json(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    told = in_this_process([command, "--help"], capsys)
    assert told.code == 0
    assert "--json" in told.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "Missing command. See: wuts --help"),
        (("devises",), "Did you mean 'devices'? See: wuts --help"),
        (("pair",), "Missing argument 'DEVICE'. See: wuts pair --help"),
        (("devices", "--token", TOKEN), "No such option: --token (Possible options: --json). See"),
        (("pair", "Desk", "--timeout", "0"), "See: wuts pair --help"),
        (("pair", "Desk", "--settle", "nan"), "See: wuts pair --help"),
        (("pair", "Desk", "--code"), "add --phone"),
        (("pair", "Desk", "--phone", "+5511999999999"), "--phone goes with --code"),
        (("pair", "Desk", "--code", "--phone", "12"), "not a valid phone number"),
        (("pair", "Desk", "--expect", "12"), "not a valid phone number"),
        (("pair", "Desk", "--expect", "12", "--country", "BR"), "start with +55"),
        (("pair", "Desk", "--expect", "+5511999999999", "--country", "Brazil"), "two letters"),
        (
            ("pair", "Desk", "--code", "--phone", "+5511999999999", "--qr-file", "a.png"),
            "--qr-file is for a QR",
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_wrong_usage_is_one_line(
    arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    refused = in_this_process(arguments, capsys)
    assert (refused.code, refused.out) == (2, "")
    assert words in refused.error
    assert TOKEN not in refused.err


async def test_wrong_usage_asks_nobody(sim: Simulator, wuts: Wuts) -> None:
    refused = await wuts("pair", "Desk", "--code", "--json")
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["usage"]
    assert refused.events[0]["message"] == refused.error
    assert sim.world.requests.total() == 0


async def test_httpx2_stands_in_for_httpx() -> None:
    program = (
        "import sys; from wuts_cli.__main__ import main\n"
        "try: main()\n"
        "finally: print(sys.modules['httpx'].__name__, 'httpx._api' in sys.modules)"
    )
    told = await python("-c", program, "devices", WUTS_TOKEN="", WUTS_TOKEN_FILE="")
    assert (told.code, told.out) == (2, "httpx2 False\n")


async def test_a_bug_is_one_line_without_its_words() -> None:
    program = (
        "import sys, wuts_cli.app, wuts_cli.commands.reading as reading\n"
        f"def run(*_): raise RuntimeError('{TOKEN}')\n"
        "reading.run = run\n"
        "sys.exit(wuts_cli.app.run_app(['devices']))"
    )
    told = await python("-c", program)
    assert (told.code, told.out) == (1, "")
    assert told.error.startswith("This should not have happened (RuntimeError at <string>:2")
    assert told.error.endswith("Please report it.")
    assert TOKEN not in told.err


@pytest.mark.parametrize(("package", "command"), [("rich.console", "check"), ("rich.live", "pair")])
async def test_a_missing_package_is_one_line(package: str, command: str) -> None:
    missing = f"import sys; sys.modules['{package}'] = None"
    told = await python("-c", f"{missing}; from wuts_cli.__main__ import main; main()", command)
    assert (told.code, told.out) == (2, "")
    assert told.error == f'{package} is missing. Install the command: uv tool install "wuts[cli]"'
