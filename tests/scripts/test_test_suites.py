"""What scripts/test leaves out, and what it does with tests that fail: it runs a few once more."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

RUN = """
source scripts/test
REPORTS=$1
touch "$REPORTS/failed.txt"
suite main "some tests" "$2" -m pytest --config-file="$REPORTS/pytest.ini" --numprocesses="$3" \\
    "$REPORTS"
"""

FAILS_ONCE = """
from pathlib import Path

def test_it():
    tried = Path(__file__).with_suffix(".tried")
    was_tried = tried.exists()
    tried.touch()
    assert was_tried
"""

FAILS = "def test_it():\n    assert False\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --import-mode=importlib\n")
    return tmp_path


def run_suite(folder: Path, *, processes: int = 2) -> str:
    """Run the tests in a folder as scripts/test runs a suite; return the suites that failed."""
    command = ["bash", "-c", RUN, "bash", str(folder), sys.executable, str(processes)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return (folder / "failed.txt").read_text().strip()


@pytest.mark.slow
@pytest.mark.parametrize("processes", [0, 2])
def test_a_suite_passes_if_what_failed_passes_when_it_is_run_again(
    folder: Path, processes: int
) -> None:
    (folder / "test_once.py").write_text(FAILS_ONCE)
    assert run_suite(folder, processes=processes) == ""


@pytest.mark.slow
def test_what_fails_twice_fails_its_suite(folder: Path) -> None:
    (folder / "test_once.py").write_text(FAILS_ONCE)
    (folder / "test_always.py").write_text(FAILS)
    assert run_suite(folder) == "some tests"


@pytest.mark.slow
def test_many_failures_are_not_run_again(folder: Path) -> None:
    for number in range(6):
        (folder / f"test_{number}.py").write_text(FAILS_ONCE)
    assert run_suite(folder) == "some tests"


@pytest.mark.slow
def test_a_suite_that_ends_before_its_tests_fails(folder: Path) -> None:
    (folder / "test_once.py").write_text("import nothing_of_this_name\n")
    assert run_suite(folder) == "some tests"


@pytest.mark.slow
@pytest.mark.parametrize(("which", "sets"), [("all", "abc"), ("first", "a"), ("last", "c")])
def test_each_test_runs_with_one_of_its_sets_of_arguments(
    folder: Path, which: str, sets: str
) -> None:
    (folder / "test_it.py").write_text(
        "import pytest\n"
        "@pytest.mark.parametrize('one', 'abc')\n"
        "def test_sets(one): pass\n"
        "def test_plain(): pass\n"
    )
    ran = subprocess.run(
        [sys.executable, *f"-m pytest -p tests.conftest -v --arguments={which}".split(), folder],
        cwd=ROOT,
        text=True,
        capture_output=True,
        check=True,
    )
    assert re.findall(r"test_sets\[(.)\]", ran.stdout) == [*sets]
    assert ran.stdout.count("test_plain PASSED") == 1
