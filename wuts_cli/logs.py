"""The log of ``wuts watch``: on stderr, without secrets."""

import logging
import os
import sys
from collections.abc import Iterable
from urllib.parse import unquote, urlsplit

from wuts.operations.logs import LogFormat, formatter_of, goes_to_journal, set_up_logging


def begin_log(kind: LogFormat, secrets: Iterable[str]) -> None:
    """Write all logs from now on.

    Args:
        kind: How their lines look.
        secrets: What must never be written.
    """
    journal = goes_to_journal(sys.stderr, os.environ)
    set_up_logging(formatter_of(kind, secrets, journal=journal), ("wuts", "wuts_cli"))


def is_logging() -> bool:
    """Return whether there is a log: whoever writes one draws no screen on the same terminal."""
    return bool(logging.getLogger().handlers)


def password_of(address: str | None) -> str:
    """Return the password in a store's address, or an empty text."""
    try:
        return unquote(urlsplit(address or "").password or "")
    except ValueError:
        return ""
