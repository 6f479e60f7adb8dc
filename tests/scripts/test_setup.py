import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SHELL_TOOLS = ("bash", "cut", "dirname", "env", "head", "id", "mkdir", "mktemp", "rm", "sort")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return a copy of the project with what scripts/setup reads, and no environment."""
    for folder in ("scripts", "requirements"):
        shutil.copytree(ROOT / folder, tmp_path / "clone" / folder)
    shutil.copy(ROOT / "pyproject.toml", tmp_path / "clone")
    return tmp_path / "clone"


def setup(clone: Path, *groups: str, path: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [path / "bash", clone / "scripts/setup", *groups],
        check=False,
        env={"HOME": str(clone.parent), "PATH": str(path)},
        capture_output=True,
        text=True,
    )


@pytest.fixture
def bare_path(tmp_path: Path) -> Path:
    """Return a PATH with a shell's tools, and neither Python nor uv."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in SHELL_TOOLS:
        tool = shutil.which(name)
        assert tool, f"{name} is missing on this machine"
        (folder / name).symlink_to(tool)
    return folder


def test_a_group_that_does_not_exist_is_refused_by_name(clone: Path, bare_path: Path) -> None:
    refused = setup(clone, "frontend", path=bare_path)

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "no group named frontend" in refused.stderr
    assert not (clone / ".venv").exists()


def test_a_machine_without_python_is_told_what_to_install(clone: Path, bare_path: Path) -> None:
    refused = setup(clone, path=bare_path)

    assert refused.returncode == 1
    assert refused.stderr.count("\n") == 1
    assert "apt-get install python3-venv" in refused.stderr
    assert not (clone / ".venv").exists()


def test_a_python_without_venv_is_not_mistaken_for_one_that_can_install(
    clone: Path, bare_path: Path
) -> None:
    python = bare_path / "python3"
    python.write_text("#!/bin/sh\nexit 1\n")
    python.chmod(0o755)

    refused = setup(clone, path=bare_path)

    assert refused.returncode == 1
    assert "apt-get install python3-venv" in refused.stderr
