"""Keeps the secrets of links out of the web server's own log."""

import logging
import re

_SECRET = re.compile(r"(?<=/)[A-Za-z0-9_-]{43}(?=[/?\s\"']|$)")
_HIDDEN = "[redacted]"


class _Filter(logging.Filter):
    """Blackens what can be a secret, in a record's text and in what aiohttp adds to it."""

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        if _SECRET.search(text):
            record.msg, record.args = _SECRET.sub(_HIDDEN, text), None
        for name in ("first_request_line", "request_header"):
            part = str(record.__dict__.get(name, ""))
            if _SECRET.search(part):
                record.__dict__[name] = _SECRET.sub(_HIDDEN, part)
        return True


_FILTER = _Filter()


def hide_secrets(*loggers: str) -> None:
    """Hide secrets in what aiohttp logs of requests, in this process.

    Args:
        loggers: The names of others that log the paths of requests, such as a framework's.
    """
    for name in ("aiohttp.access", "aiohttp.server", "aiohttp.web", *loggers):
        logging.getLogger(name).addFilter(_FILTER)  # the same one again does nothing
