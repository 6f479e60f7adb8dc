"""Logs without secrets: lines for people or JSON lines for programs, also for systemd's journal."""

import json
import logging
import os
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import TextIO

from ..redaction import redact

LONGEST = 4000
"""Characters of a message that are looked at."""

LONGEST_WRITTEN = 1000
"""Characters of a message that are written: a path in it may be long."""

MOST_LINES = 40
"""Lines of a traceback that are written: its last ones."""

_PRIORITIES = (
    (logging.CRITICAL, 2),
    (logging.ERROR, 3),
    (logging.WARNING, 4),
    (logging.INFO, 6),
    (logging.NOTSET, 7),
)
"""What syslog calls a level and all above it (sd-daemon(3))."""


class LogFormat(StrEnum):
    """How a line of the log looks."""

    TEXT = "text"
    JSON = "json"


class CleanFormatter(logging.Formatter):
    """Leaves out whatever looks like a secret; derived classes say how a line looks.

    Args:
        secrets: What must never be written.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        # The longest first: one may be a part of another.
        self._secrets = sorted(filter(None, secrets), key=len, reverse=True)

    def clean(self, text: str) -> str:
        """Return one line without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return redact(text[:LONGEST], longest=LONGEST_WRITTEN)

    def trace(self, record: logging.LogRecord) -> list[str]:
        """Return the lines of a record's traceback, if it has one."""
        if not record.exc_info:
            return []
        lines = self.formatException(record.exc_info).splitlines()
        return [self.clean(line) for line in lines[-MOST_LINES:]]


class JsonFormatter(CleanFormatter):
    """Writes a record as a JSON object on one line."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        line: dict[str, object] = {
            "at": _time(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self.clean(record.getMessage()),
        }
        if trace := self.trace(record):
            line["trace"] = trace
        return json.dumps(line | _audit(record), ensure_ascii=False)


class TextFormatter(CleanFormatter):
    """Writes a record as a line for people; a traceback follows it, indented.

    Args:
        secrets: What must never be written.
        has_time: Whether each line begins with its time.
    """

    def __init__(self, secrets: Iterable[str] = (), *, has_time: bool = True) -> None:
        super().__init__(secrets)
        self._has_time = has_time

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's lines."""
        strings = [_time(record)] if self._has_time else []
        strings += [record.levelname.lower(), f"{record.name}:"]
        strings.append(self.clean(record.getMessage()))
        strings += [f"{name}={value}" for name, value in _audit(record).items() if value]
        return "\n  ".join((" ".join(strings), *self.trace(record)))


class JournalFormatter(logging.Formatter):
    """Begins each line of another formatter's with the priority that systemd's journal reads.

    Args:
        lines: Writes them.
    """

    def __init__(self, lines: logging.Formatter) -> None:
        super().__init__()
        self._lines = lines

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's lines."""
        priority = next(number for level, number in _PRIORITIES if record.levelno >= level)
        lines = self._lines.format(record).split("\n")
        return "\n".join(f"<{priority}>{line}" for line in lines)


def formatter_of(
    kind: LogFormat, secrets: Iterable[str], *, journal: bool = False
) -> logging.Formatter:
    """Return what writes the lines of a log.

    Args:
        kind: How they look.
        secrets: What must never be written.
        journal: Whether systemd's journal reads them: it knows the time of each line.
    """
    if kind is LogFormat.JSON:
        lines: logging.Formatter = JsonFormatter(secrets)
    else:
        lines = TextFormatter(secrets, has_time=not journal)
    return JournalFormatter(lines) if journal else lines


def goes_to_journal(stream: TextIO, environment: Mapping[str, str]) -> bool:
    """Return whether systemd's journal reads a stream (``JOURNAL_STREAM``, systemd.exec(5))."""
    named = environment.get("JOURNAL_STREAM", "")
    try:
        status = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return False
    return named == f"{status.st_dev}:{status.st_ino}"


def set_up_logging(formatter: logging.Formatter, loggers: Iterable[str] = ("wuts",)) -> None:
    """Send all logs to standard error.

    Libraries are heard from warnings on: their debug logs hold whole payloads.

    Args:
        formatter: Writes each line.
        loggers: Whose logs are heard from INFO on.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(formatter)
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in loggers:
        logging.getLogger(name).setLevel(logging.INFO)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _audit(record: logging.LogRecord) -> dict[str, str]:
    audit = getattr(record, "audit", None)
    return dict(audit) if isinstance(audit, dict) else {}
