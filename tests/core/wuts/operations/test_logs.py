"""Logs without secrets, also for systemd's journal."""

import io
import json
import logging
import os
import sys
from pathlib import Path

import pytest

from wuts.operations.logs import (
    CleanFormatter,
    JournalFormatter,
    JsonFormatter,
    LogFormat,
    TextFormatter,
    formatter_of,
    goes_to_journal,
)

SECRET = "gateway-secret-1234"


def record(message: str, *arguments: object, level: int = logging.INFO) -> logging.LogRecord:
    return logging.LogRecord("wuts", level, "file", 1, message, arguments, None)


def broken() -> logging.LogRecord:
    """Return a record with a traceback."""
    made = record("It broke", level=logging.ERROR)
    try:
        int(f"refused {SECRET}")
    except ValueError:
        made.exc_info = sys.exc_info()
    return made


@pytest.mark.parametrize("formatter", [JsonFormatter([SECRET]), TextFormatter([SECRET])])
@pytest.mark.parametrize("secret", [SECRET, "+55 11 91234-4321", "2@" + "a" * 60, "ABCD-1234"])
def test_what_looks_like_a_secret_is_left_out(formatter: CleanFormatter, secret: str) -> None:
    line = formatter.format(record("Asked with %s", secret))
    assert secret not in line
    assert "Asked with [redacted]" in line


def test_a_secret_that_is_part_of_another_leaves_nothing_of_it() -> None:
    line = TextFormatter(["", "abc", "abcdef"]).format(record("It is abcdef"))
    assert line.endswith("It is [redacted]")


@pytest.mark.parametrize(
    ("level", "priority"),
    [
        (logging.DEBUG, 7),
        (logging.INFO, 6),
        (logging.WARNING, 4),
        (logging.ERROR, 3),
        (logging.CRITICAL, 2),
        (5, 7),
    ],
)
def test_the_journal_reads_a_priority_and_no_time(level: int, priority: int) -> None:
    formatter = formatter_of(LogFormat.TEXT, [], journal=True)
    line = formatter.format(record("Told", level=level))
    assert line == f"<{priority}>{logging.getLevelName(level).lower()} wuts: Told"


def test_each_line_of_a_traceback_has_its_priority() -> None:
    lines = formatter_of(LogFormat.TEXT, [SECRET], journal=True).format(broken()).split("\n")
    assert len(lines) > 2
    assert all(line.startswith("<3>") for line in lines)
    assert lines[-1].endswith(
        "ValueError: invalid literal for int() with base 10: 'refused [redacted]'"
    )


def test_programs_read_json_from_the_journal_too() -> None:
    line = formatter_of(LogFormat.JSON, [], journal=True).format(broken())
    assert "\n" not in line
    assert json.loads(line.removeprefix("<3>"))["level"] == "error"


def test_nobody_can_forge_a_priority() -> None:
    line = JournalFormatter(TextFormatter(has_time=False)).format(record("a\n<0>b"))
    assert line == "<6>info wuts: a <0>b"


def test_outside_the_journal_a_line_has_its_time() -> None:
    line = formatter_of(LogFormat.TEXT, []).format(record("Told"))
    assert line.endswith("+00:00 info wuts: Told")


def test_systemd_says_which_stream_the_journal_reads(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as stream:
        status = os.fstat(stream.fileno())
        named = {"JOURNAL_STREAM": f"{status.st_dev}:{status.st_ino}"}
        assert goes_to_journal(stream, named)
        assert not goes_to_journal(stream, {"JOURNAL_STREAM": "1:1"})
        assert not goes_to_journal(stream, {})
        assert not goes_to_journal(io.StringIO(), named)
