"""Print which suites of tests ran, what was skipped and why, the coverage, and how long each took.

usage: python scripts/lib/test_summary.py FOLDER SECONDS
scripts/test leaves in the folder ``suites.tsv``, a line for each suite (its key, its title, its
seconds, and why it could not run or nothing), and pytest's ``KEY.xml`` and ``KEY.coverage.json``,
and ``KEY.again.xml`` where tests failed and were run again.
"""

import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from math import floor
from pathlib import Path
from xml.etree import ElementTree as ET

HEAD = ("suite", "passed", "failed", "skipped", "coverage", "time")

FAILURES = 10
"""How many failures of a suite are shown in full at most."""

LINES = 40
"""How many of a failure's last lines are shown."""


@dataclass(frozen=True)
class Failure:
    """A test that failed or broke.

    Attributes:
        test: Its module and name.
        details: What pytest said of it.
    """

    test: str
    details: str


@dataclass(frozen=True)
class Suite:
    """How one suite ended.

    Attributes:
        title: What it tests.
        seconds: How long it took.
        reason: Why it could not run; empty if it ran.
        passed: Tests that passed.
        failures: Tests that failed or broke.
        flaky: Tests that failed, and passed when they were run again: how they failed.
        skipped: How many tests were skipped, by reason.
        coverage: Percent of lines and branches; None if none was measured.
    """

    title: str
    seconds: int
    reason: str = ""
    passed: int = 0
    failures: tuple[Failure, ...] = ()
    flaky: tuple[Failure, ...] = ()
    skipped: Counter[str] = field(default_factory=Counter)
    coverage: float | None = None


def read(folder: Path) -> list[Suite]:
    """Read what the suites left."""
    lines = (folder / "suites.tsv").read_text(encoding="utf-8").splitlines()
    return [_read_suite(folder, *line.split("\t")) for line in lines]


def _read_suite(folder: Path, key: str, title: str, seconds: str, reason: str) -> Suite:
    report = folder / f"{key}.xml"
    if not report.exists():
        return Suite(title, int(seconds), reason or "it ended before it ran a test")
    cases = _read_cases(report)
    failed = tuple(failure for case in cases if (failure := _read_failure(case)) is not None)
    saved = _read_passed(folder / f"{key}.again.xml")
    failures = tuple(failure for failure in failed if failure.test not in saved)
    skips = [skip for case in cases if (skip := case.find("skipped")) is not None]
    return Suite(
        title=title,
        seconds=int(seconds),
        passed=len(cases) - len(failures) - len(skips),
        failures=failures,
        flaky=tuple(failure for failure in failed if failure.test in saved),
        skipped=Counter(skip.get("message", "") for skip in skips),
        coverage=_read_coverage(folder / f"{key}.coverage.json"),
    )


def _read_cases(report: Path) -> list[ET.Element]:
    # The report is our own pytest's, of a moment ago.
    return list(ET.parse(report).getroot().iter("testcase"))  # noqa: S314


def _read_passed(report: Path) -> set[str]:
    """Return the tests that passed in a report, if there is one."""
    cases = _read_cases(report) if report.exists() else []
    broken = {_test(case) for case in cases if _read_failure(case) is not None}
    return {_test(case) for case in cases if case.find("skipped") is None} - broken


def _read_failure(case: ET.Element) -> Failure | None:
    for tag in ("failure", "error"):
        if (found := case.find(tag)) is not None:
            return Failure(_test(case), found.text or found.get("message") or "")
    return None


def _test(case: ET.Element) -> str:
    return "::".join(filter(None, (case.get("classname"), case.get("name"))))


def _read_coverage(path: Path) -> float | None:
    if not path.exists():
        return None
    return float(json.loads(path.read_text(encoding="utf-8"))["totals"]["percent_covered"])


def text(suites: list[Suite], seconds: int) -> str:
    """Return the summary of suites that took so many seconds in all; some ran side by side."""
    rows = [HEAD, *map(_row, suites)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = ["  ".join(_aligned(row, widths)).rstrip() for row in rows]
    lines += [f"{suite.title} did not run: {suite.reason}" for suite in suites if suite.reason]
    for suite in suites:
        lines += [f"{suite.title}: skipped {n}: {why}" for why, n in suite.skipped.items()]
    lines += [line for suite in suites for line in _failure_lines(suite)]
    lines.append(f"All of it took {_time(seconds)}.")
    return "\n".join(lines)


def _failure_lines(suite: Suite) -> list[str]:
    """What failed, repeated last: the suite's own words may be far above, or cut off by then."""
    lines = []
    for failure in suite.flaky:
        lines += _details(f"{suite.title}: passed only when run again, mend it", failure)
    for failure in suite.failures[:FAILURES]:
        lines += _details(f"{suite.title}: failed", failure)
    if (more := len(suite.failures) - FAILURES) > 0:
        lines.append(f"{suite.title}: {more} more failed")
    return lines


def _details(head: str, failure: Failure) -> list[str]:
    tail = failure.details.splitlines()[-LINES:]
    return [f"{head}: {failure.test}", *(f"    {line}" for line in tail)]


def _row(suite: Suite) -> tuple[str, ...]:
    if suite.reason:
        return (suite.title, "-", "-", "-", "-", _time(suite.seconds))
    # Cut, not rounded: 100 % means all of it.
    covered = "-" if suite.coverage is None else f"{floor(suite.coverage * 10) / 10} %"
    counts = (suite.passed, len(suite.failures), suite.skipped.total())
    return (suite.title, *map(str, counts), covered, _time(suite.seconds))


def _aligned(row: tuple[str, ...], widths: list[int]) -> list[str]:
    """The title to the left, figures to the right."""
    first, *others = zip(row, widths, strict=True)
    return [first[0].ljust(first[1]), *(cell.rjust(width) for cell, width in others)]


def _time(seconds: int) -> str:
    return f"{seconds // 60}:{seconds % 60:02}"


if __name__ == "__main__":
    print(text(read(Path(sys.argv[1])), int(sys.argv[2])))
