import json
from pathlib import Path

import pytest

from scripts.lib.test_summary import read, text

REPORT = """<testsuites><testsuite>
<testcase name="a"/><testcase name="b"/>
<testcase classname="tests.core" name="c"><failure message="no">one line
E   and why</failure></testcase>
<testcase name="d"><error message="broke"/></testcase>
<testcase name="e"><skipped message="there is no Chromium"/></testcase>
<testcase name="f"><skipped message="there is no Chromium"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return what a run of two suites left, one of which could not run."""
    (tmp_path / "suites.tsv").write_text(
        "core\tcore and command\t125\t\nhass\tend to end\t1\tthere is no Home Assistant\n"
    )
    (tmp_path / "core.xml").write_text(REPORT)
    (tmp_path / "core.coverage.json").write_text(json.dumps({"totals": {"percent_covered": 99.96}}))
    return tmp_path


def test_it_counts_what_passed_failed_and_was_skipped(folder: Path) -> None:
    suite, _ = read(folder)
    assert (suite.passed, len(suite.failures), suite.skipped.total()) == (2, 2, 2)


def test_it_prints_counts_coverage_and_time(folder: Path) -> None:
    line = text(read(folder), 100).splitlines()[1]
    assert line.split() == ["core", "and", "command", "2", "2", "2", "99.9", "%", "2:05"]


def test_it_says_why_a_suite_did_not_run(folder: Path) -> None:
    assert "end to end did not run: there is no Home Assistant" in text(read(folder), 100)


def test_it_says_once_why_tests_were_skipped(folder: Path) -> None:
    assert text(read(folder), 100).count("core and command: skipped 2: there is no Chromium") == 1


def test_a_suite_that_left_no_report_did_not_run(folder: Path) -> None:
    (folder / "core.xml").unlink()
    suite, _ = read(folder)
    assert suite.reason == "it ended before it ran a test"


def test_it_tells_how_long_all_took_as_suites_may_run_side_by_side(folder: Path) -> None:
    assert text(read(folder), 100).endswith("All of it took 1:40.")


def test_it_says_at_its_end_what_failed_and_why(folder: Path) -> None:
    lines = text(read(folder), 100).splitlines()
    start = lines.index("core and command: failed: tests.core::c")
    assert lines[start + 1 : start + 3] == ["    one line", "    E   and why"]
    assert lines[start + 3 : start + 5] == ["core and command: failed: d", "    broke"]


def test_it_shows_ten_failures_of_a_suite_and_counts_the_others(folder: Path) -> None:
    failure = '<testcase name="f"><failure message="no"/></testcase>'
    (folder / "core.xml").write_text(f"<testsuite>{failure * 13}</testsuite>")
    summary = text(read(folder), 100)
    assert summary.count("failed: f") == 10
    assert "core and command: 3 more failed" in summary


AGAIN = """<testsuites><testsuite>
<testcase classname="tests.core" name="c"/>
<testcase name="d"><error message="broke again"/></testcase>
</testsuite></testsuites>"""


def test_what_passes_when_it_is_run_again_has_passed(folder: Path) -> None:
    (folder / "core.again.xml").write_text(AGAIN)
    suite, _ = read(folder)
    assert suite.passed == 3
    assert [failure.test for failure in suite.failures] == ["d"]


def test_what_passes_only_when_it_is_run_again_is_named_with_how_it_failed(folder: Path) -> None:
    (folder / "core.again.xml").write_text(AGAIN)
    lines = text(read(folder), 100).splitlines()
    start = lines.index("core and command: passed only when run again, mend it: tests.core::c")
    assert lines[start + 1 : start + 3] == ["    one line", "    E   and why"]


def test_a_test_that_is_skipped_when_it_is_run_again_has_failed(folder: Path) -> None:
    skipped = '<testcase classname="tests.core" name="c"><skipped message="no"/></testcase>'
    (folder / "core.again.xml").write_text(f"<testsuite>{skipped}</testsuite>")
    suite, _ = read(folder)
    assert len(suite.failures) == 2
