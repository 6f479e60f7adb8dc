"""Makes text from outside fit to be shown: no secrets, no control characters, bounded length."""

import re

MAX_LENGTH = 200

LONGEST_READ = 100_000
"""Characters that are looked at: enough to reach what stands behind a page of nothing."""

_QR_PAYLOAD = re.compile(r"\d@[\w+/=,@-]{20,}")
_PAIR_CODE = re.compile(r"(?<![A-Za-z0-9-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![A-Za-z0-9-])")
_LONG_NUMBER = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")


def redact(text: str, *, secret: str = "", longest: int = MAX_LENGTH) -> str:
    """Return ``text`` without secrets and control characters, cut if it is longer.

    Replaces ``secret`` (a token), QR payloads, pair codes and any run of seven or more digits with
    ``[redacted]``, so that a gateway's own words can be repeated to a person.
    """
    shown = text.replace(secret, "[redacted]") if secret else text
    # First, because a line break inside a number would hide it from the patterns.
    shown = in_one_line(shown[:LONGEST_READ])[: longest * 20]
    for pattern in (_QR_PAYLOAD, _LONG_NUMBER, _PAIR_CODE):
        shown = pattern.sub("[redacted]", shown)
    return _cut(shown, longest)


def one_line(text: str, longest: int = MAX_LENGTH) -> str:
    """Return ``text`` on one line, without what cannot be seen, and cut if it is longer."""
    return _cut(in_one_line(text[:LONGEST_READ]), longest)


def _cut(text: str, longest: int) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


def mask_numbers(text: str) -> str:
    """Return ``text`` with each phone number cut to its last four digits: ``…9999``."""
    return _LONG_NUMBER.sub(lambda found: f"…{_digits(found[0])[-4:]}", text)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def in_one_line(text: str) -> str:
    """Return ``text`` with one space for each stretch of what cannot be seen."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
