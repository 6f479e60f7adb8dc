"""Prometheus' own checker, where there is one: scripts/test provides it."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

UNPACKED = Path(__file__).parents[2] / ".cache/prometheus/usr/bin"


def find(program: str) -> str | None:
    """Return where a program of Debian's prometheus is, if it is anywhere."""
    named = os.environ.get(f"WUTS_{program.upper()}") or shutil.which(program)
    return named or shutil.which(program, path=str(UNPACKED))


_has_promtool = pytest.mark.skipif(find("promtool") is None, reason="there is no promtool here")
needs_prometheus = pytest.mark.skipif(
    find("prometheus") is None, reason="there is no Prometheus here"
)


def needs_promtool[T: Callable[..., object]](test: T) -> T:
    """Mark a test that runs promtool, which is another process."""
    marked: T = pytest.mark.slow(_has_promtool(test))
    return marked


def promtool(*arguments: str | Path, text: bytes = b"") -> str:
    """Run promtool; return what it says, which is nothing where it has no complaint but says so.

    Raises:
        AssertionError: It complains.
    """
    program = find("promtool")
    assert program is not None
    told = subprocess.run(
        [program, *arguments], input=text, capture_output=True, check=False, timeout=120
    )
    said = (told.stdout + told.stderr).decode()
    assert told.returncode == 0, said
    return said
