"""The library's logs, without Slack's tokens either."""

import re
from collections.abc import Iterable
from typing import override

from wuts.operations import logs
from wuts.operations.logs import CleanFormatter, LogFormat

__all__ = ["CleanFormatter", "JsonFormatter", "TextFormatter", "set_up_logging"]

_SLACK_TOKEN = re.compile(r"\bx(?:ox[a-z]|app)-[\w-]+")


class _NoSlackTokens(CleanFormatter):
    @override
    def clean(self, text: str) -> str:
        return super().clean(_SLACK_TOKEN.sub("[redacted]", text))


class JsonFormatter(_NoSlackTokens, logs.JsonFormatter):
    """Writes a record as a JSON object on one line."""


class TextFormatter(_NoSlackTokens, logs.TextFormatter):
    """Writes a record as a line for people; a traceback follows it, indented."""


_FORMATTERS = {LogFormat.JSON: JsonFormatter, LogFormat.TEXT: TextFormatter}


def set_up_logging(kind: LogFormat, secrets: Iterable[str]) -> None:
    """Send all logs to standard error."""
    logs.set_up_logging(_FORMATTERS[kind](secrets), ("slack_app", "wuts"))
