"""What scripts/test_packages installs, for the tests that look at it."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DIST = ROOT / "dist"

PACKAGES = os.environ.get("WUTS_PACKAGES", "")
"""A folder with an environment for each Python and way to install: ``3.12/wheels``."""

PYTHONS = ("3.12", "3.13", "3.14")


@dataclass(frozen=True)
class Environment:
    """An environment that had nothing in it before."""

    folder: Path

    def run(self, command: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run a command away from the clone, where it can import nothing from it."""
        return subprocess.run(
            [self.folder / "bin" / command, *arguments],
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
        )

    def python(self, program: str, *arguments: str) -> str:
        """Return what a program prints; it may print nothing else, and warn of nothing."""
        told = self.run("python", "-I", "-W", "error", "-c", program, *arguments)
        assert (told.returncode, told.stderr) == (0, "")
        return told.stdout

    def imports(self, *names: str) -> list[str]:
        """Return those of ``names`` that can be imported."""
        program = (
            "import importlib.util as u, sys; print(*[n for n in sys.argv[1:] if u.find_spec(n)])"
        )
        return self.python(program, *names).split()


def environment(version: str, name: str) -> Environment:
    if not PACKAGES:
        pytest.skip("scripts/test_packages installs what is released and runs these")
    folder = Path(PACKAGES) / version / name
    if not folder.is_dir():
        pytest.skip(f"there is no Python {version} on this machine")
    return Environment(folder)


@pytest.fixture(params=PYTHONS)
def library(request: pytest.FixtureRequest) -> Environment:
    """The library, and nothing that only a frontend needs."""
    return environment(request.param, "library")


@pytest.fixture(
    params=[f"{version} {name}" for name in ("wheels", "sdists") for version in PYTHONS]
)
def everything(request: pytest.FixtureRequest) -> Environment:
    """Both packages, with all extras of their commands."""
    return environment(*request.param.split())


@pytest.fixture
def dist() -> Path:
    """The folder with what was built."""
    if not PACKAGES:
        pytest.skip("scripts/test_packages builds what is released and runs these")
    return DIST
