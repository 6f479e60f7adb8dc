"""Logs as one JSON object a line, without secrets."""

import json
import logging
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from core.redaction import redact

LONGEST = 4000
_SLACK_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+")


class JsonFormatter(logging.Formatter):
    """Writes a record as JSON; whatever looks like a secret is left out.

    Args:
        secrets: What must never be written.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__()
        self._secrets = [secret for secret in secrets if secret]

    def format(self, record: logging.LogRecord) -> str:
        """Return the record's line."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": self._clean(record.getMessage()),
        }
        if record.exc_info:
            trace = self.formatException(record.exc_info)
            line["trace"] = [self._clean(part) for part in trace.splitlines()[-40:]]
        audit = getattr(record, "audit", None)
        if isinstance(audit, dict):
            line |= audit
        return json.dumps(line, ensure_ascii=False)

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, "[redacted]")
        return redact(_SLACK_TOKEN.sub("[redacted]", text[:LONGEST]))


def set_up_logging(secrets: Iterable[str]) -> None:
    """Send all logs to standard error.

    Libraries are heard from warnings on: their debug logs hold whole payloads.
    """
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(secrets))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("slack_app").setLevel(logging.INFO)
    logging.getLogger("core").setLevel(logging.INFO)
