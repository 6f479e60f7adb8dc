"""Logs without secrets: lines for people, or one JSON object a line for programs."""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from wuts.redaction import redact

from ..settings import LogFormat

LONGEST = 4000
"""Characters of a message that are looked at."""

MOST_LINES = 40
"""Lines of a traceback that are written: its last ones."""

_SLACK_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+")


class CleanFormatter(logging.Formatter):
    """Leaves out whatever looks like a secret; derived classes say how a line looks.

    Args:
        secrets: What must never be written.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def clean(self, text: str) -> str:
        """Return one line without secrets."""
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return redact(_SLACK_TOKEN.sub("[redacted]", text[:LONGEST]))

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
    """Writes a record as a line for people; a traceback follows it, indented."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's lines."""
        strings = [_time(record), record.levelname.lower(), f"{record.name}:"]
        strings.append(self.clean(record.getMessage()))
        strings += [f"{name}={value}" for name, value in _audit(record).items() if value]
        return "\n  ".join((" ".join(strings), *self.trace(record)))


_FORMATTERS = {LogFormat.JSON: JsonFormatter, LogFormat.TEXT: TextFormatter}


def set_up_logging(kind: LogFormat, secrets: Iterable[str]) -> None:
    """Send all logs to standard error.

    Libraries are heard from warnings on: their debug logs hold whole payloads.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(_FORMATTERS[kind](secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("slack_app").setLevel(logging.INFO)
    logging.getLogger("wuts").setLevel(logging.INFO)


def _time(record: logging.LogRecord) -> str:
    return datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")


def _audit(record: logging.LogRecord) -> dict[str, str]:
    audit = getattr(record, "audit", None)
    return dict(audit) if isinstance(audit, dict) else {}
