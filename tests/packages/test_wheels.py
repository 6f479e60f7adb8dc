"""What a stranger gets who installs our wheels; scripts/test_packages installs them first."""

import os
import subprocess
from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"

LIBRARY_PYTHON = os.environ.get("WUTS_LIBRARY_PYTHON", "")
"""An interpreter that has the library, and nothing that only a frontend needs."""

EVERYTHING_PYTHON = os.environ.get("WUTS_EVERYTHING_PYTHON", "")
"""An interpreter that has both wheels, with all extras of their commands."""

pytestmark = pytest.mark.skipif(
    not LIBRARY_PYTHON, reason="scripts/test_packages installs the wheels and runs these"
)

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


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a command away from the clone, so that nothing is imported from it."""
    return subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)


def imports(python: str, *names: str) -> list[str]:
    """Return those of ``names`` that an interpreter can import."""
    program = "import importlib.util as u, sys; print(*[n for n in sys.argv[1:] if u.find_spec(n)])"
    told = run(python, "-I", "-c", program, *names)
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


def wheel(pattern: str) -> ZipFile:
    (path,) = DIST.glob(pattern)
    return ZipFile(path)


@pytest.mark.parametrize(
    ("pattern", "packages"),
    [
        ("wuts-*.whl", {"wuts", "wuts_cli", "wuts_simulator"}),
        ("wuts_slack-*.whl", {"slack_app"}),
    ],
)
def test_a_wheel_claims_no_name_but_its_own(pattern: str, packages: set[str]) -> None:
    with wheel(pattern) as archive:
        tops = {name.partition("/")[0] for name in archive.namelist()}
        tops = {top for top in tops if not top.endswith(".dist-info")}
        assert tops == packages
        for package in packages:
            assert f"{package}/py.typed" in archive.namelist()
            assert not any(name.endswith(("Dockerfile", ".pyc")) for name in archive.namelist())


def test_the_library_comes_alone() -> None:
    assert imports(LIBRARY_PYTHON, "wuts", *FOREIGN) == ["wuts"]


def test_the_whole_public_api_can_be_imported() -> None:
    program = "import wuts; print(*[name for name in wuts.__all__ if not hasattr(wuts, name)])"
    told = run(LIBRARY_PYTHON, "-I", "-W", "error", "-c", program)
    assert (told.returncode, told.stdout.strip(), told.stderr) == (0, "", "")


def test_the_command_says_which_extra_it_misses() -> None:
    told = run(Path(LIBRARY_PYTHON).with_name("wuts"), "--version")
    assert told.returncode != 0
    assert "wuts[cli]" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", ["wuts", "wuts-simulator", "wuts-slack"])
def test_every_command_starts(command: str) -> None:
    told = run(Path(EVERYTHING_PYTHON).with_name(command), "--help")
    assert told.returncode == 0, told.stderr
    assert "usage" in told.stdout.casefold()


def test_the_pairing_page_comes_with_the_library() -> None:
    program = "from wuts.page.words import LANGUAGES; "
    program += "from wuts.page.drawing import draw_refusal, draw_page; EN = LANGUAGES['en']; "
    program += "print(draw_page(EN, draw_refusal(EN, 'unknown')))"
    told = run(EVERYTHING_PYTHON, "-I", "-W", "error", "-c", program)
    assert told.stdout.startswith("<!DOCTYPE html>"), told.stderr


def test_nothing_of_a_clone_is_installed_under_a_name_of_everyday() -> None:
    assert imports(EVERYTHING_PYTHON, "core", "cli", "simulator", "tests") == []
