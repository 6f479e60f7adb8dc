import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import report

ROOT = Path(__file__).parents[2]

PAGE = """# Figures

<!-- one -->

old

<!-- /one -->

between

<!-- one more -->
<!-- /one more -->
"""

# In a process of its own: the workers choose there what ``import httpx`` is.
EVERY_PART_HAS_A_PLACE = """
from benchmarks.report import check_markers
from benchmarks.supervisor import PARTS
check_markers(f"supervisor {name}" for name in PARTS)
print(*PARTS)
"""


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "performance.md"
    path.write_text(PAGE)
    monkeypatch.setattr(report, "PAGE", path)
    return path


def test_a_part_is_written_and_the_rest_of_the_page_stays(page: Path) -> None:
    report.publish("one", r"new \1")
    assert page.read_text() == PAGE.replace("old", r"new \1")


def test_a_part_without_figures_gets_its_first(page: Path) -> None:
    report.publish("one more", "new")
    marked = "<!-- one more -->\n\nnew\n\n<!-- /one more -->"
    assert page.read_text() == PAGE.replace("<!-- one more -->\n<!-- /one more -->", marked)


def test_a_part_without_a_place_is_refused_before_anything_is_measured(page: Path) -> None:
    report.check_markers(["one", "one more"])
    with pytest.raises(LookupError, match=r"performance\.md has no markers named two"):
        report.check_markers(["one", "two"])
    assert page.read_text() == PAGE


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )


def test_every_part_of_the_supervisor_has_a_place_on_the_page() -> None:
    checked = run("-c", EVERY_PART_HAS_A_PLACE)
    assert checked.returncode == 0, checked.stderr
    assert "account" in checked.stdout.split()


def test_a_part_that_there_is_not_is_refused_by_name() -> None:
    refused = run("-m", "benchmarks.supervisor", "--only", "nothing")
    assert refused.returncode == 2
    assert "invalid choice: 'nothing'" in refused.stderr
