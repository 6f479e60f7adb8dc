from pathlib import Path

import pytest

from benchmarks import report, simulation
from benchmarks.simulated_fleet import Day

PAGE = "# Figures\n\n<!-- simulation -->\nold\n<!-- /simulation -->\n"
DAY = ["simulation", "--accounts", "4", "--devices", "5", "--hours", "0.2", "--workers", "1"]


@pytest.fixture
def page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "performance.md"
    path.write_text(PAGE)
    monkeypatch.setattr(report, "PAGE", path)
    return path


def test_each_row_is_shown_and_published_before_the_next_is_played(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    played: list[int] = []

    def row(day: Day, processes: int, budget: int, workers: int) -> list[str]:
        for earlier in played:
            assert f"\n| {earlier} | " in page.read_text()
        played.append(processes)
        if len(played) == 3:
            raise KeyboardInterrupt
        return REAL_ROW(day, processes, budget, workers)

    monkeypatch.setattr(simulation, "row", row)
    monkeypatch.setattr("sys.argv", [*DAY, "--processes", "1", "2", "3"])
    with pytest.raises(KeyboardInterrupt):
        simulation.main()
    assert played == [1, 2, 3]
    shown = capsys.readouterr().out
    assert shown.count("\n| 1 | ") == shown.count("\n| 2 | ") == 1
    written = page.read_text()
    assert "old" not in written
    assert shown.strip() in written, "both are one table"


def test_a_run_that_is_only_shown_leaves_the_page_alone(
    page: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", [*DAY, "--processes", "1", "--no-page"])
    simulation.main()
    assert page.read_text() == PAGE
    assert "\n| 1 | " in capsys.readouterr().out


def test_a_page_without_a_place_is_refused_before_anything_is_played(
    page: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.write_text("# Figures\n")
    monkeypatch.delattr(simulation, "row")
    monkeypatch.setattr("sys.argv", DAY)
    with pytest.raises(LookupError, match="has no markers named simulation"):
        simulation.main()


REAL_ROW = simulation.row
