import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "scripts/docs"


@pytest.mark.parametrize("arguments", [("--open",), ("--into",), ("site",)])
def test_what_the_script_does_not_take_builds_nothing(arguments: tuple[str, ...]) -> None:
    refused = subprocess.run([SCRIPT, *arguments], check=False, capture_output=True, text=True)
    assert refused.returncode != 0
    assert refused.stdout == ""
    assert refused.stderr.count("\n") == 1
    assert "--into" in refused.stderr
