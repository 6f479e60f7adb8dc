"""Reads how long and until when a person means."""

import re
from datetime import datetime, timedelta

from .errors import UsageError

_UNITS = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_PART = re.compile(r"(\d{1,6})([smhdw])")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")


def read_span(text: str) -> timedelta:
    """Return how long ``90s``, ``30m``, ``2h``, ``7d``, ``1w`` or ``1h30m`` is.

    Raises:
        UsageError: It is none of that.
    """
    folded = text.strip().casefold()
    parts = _PART.findall(folded)
    if not parts or "".join(number + unit for number, unit in parts) != folded:
        raise UsageError(f"“{text}” is not a time span. Write it like 30m, 2h, 1h30m or 7d.")
    return timedelta(seconds=sum(int(number) * _UNITS[unit] for number, unit in parts))


def read_moment(text: str, now: datetime) -> datetime:
    """Return the moment that is meant: RFC 3339, a date with or without a time, or a time of day.

    Without a zone it is this machine's; a time of day is the next one.

    Args:
        text: What was typed.
        now: The present, with its zone.

    Raises:
        UsageError: It is none of that.
    """
    local = now.astimezone()
    clock = _CLOCK.fullmatch(text.strip())
    try:
        if clock is None:
            return datetime.fromisoformat(text.strip()).astimezone()
        today = local.replace(tzinfo=None, second=0, microsecond=0)
        moment = today.replace(hour=int(clock[1]), minute=int(clock[2]))
        next_one = moment if moment > local.replace(tzinfo=None) else moment + timedelta(days=1)
        return next_one.astimezone()
    except (ValueError, OverflowError):
        raise UsageError(
            f"“{text}” is not a time. Write it like 9:00, 2026-12-24, 2026-12-24T18:00 or RFC 3339."
        ) from None


def shown_span(span: timedelta) -> str:
    """Return a time span as a person reads it: its two largest units."""
    seconds, parts = int(span.total_seconds()), list[str]()
    for unit in ("d", "h", "m", "s"):
        count, seconds = divmod(seconds, _UNITS[unit])
        if count or parts:
            parts.append(f"{count}{unit}")
    return " ".join(part for part in parts[:2] if not part.startswith("0")) or "0s"
