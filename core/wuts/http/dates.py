"""Reads the two headers that carry time: ``Date`` and ``Retry-After`` (RFC 9110)."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,9}")


def parse_http_date(text: str | None) -> datetime | None:
    """Return the moment an HTTP date names, in UTC, or None when it names none."""
    if not text:
        return None
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def parse_retry_after(text: str | None, *, now: datetime) -> float | None:
    """Return the seconds to wait, never negative, from either form of ``Retry-After``.

    Args:
        text: The header: whole seconds, or an HTTP date.
        now: The answer's own ``Date``, so that a gateway whose clock is off does no harm.
    """
    if text is None:
        return None
    text = text.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    moment = parse_http_date(text)
    return None if moment is None else max(0.0, (moment - now).total_seconds())
