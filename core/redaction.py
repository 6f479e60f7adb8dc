"""Makes text from outside fit to be shown: no secrets, no control characters, bounded length."""

import re

MAX_LENGTH = 200

_QR_PAYLOAD = re.compile(r"\d@[\w+/=,@-]{20,}")
_PAIR_CODE = re.compile(r"(?<![A-Za-z0-9-])[A-Z0-9]{4}-[A-Z0-9]{4}(?![A-Za-z0-9-])")
_LONG_NUMBER = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")
_UNPRINTABLE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")


def redact(text: str, *, secret: str = "") -> str:
    """Return ``text`` without secrets and control characters, at most 200 characters long.

    Replaces ``secret`` (a token), QR payloads, pair codes and any run of seven or more digits with
    ``[redacted]``, so that a gateway's own words can be repeated to a person.
    """
    shown = text.replace(secret, "[redacted]") if secret else text
    # First, because a line break inside a number would hide it from the patterns.
    shown = _UNPRINTABLE.sub(" ", shown).strip()[: MAX_LENGTH * 20]
    for pattern in (_QR_PAYLOAD, _LONG_NUMBER, _PAIR_CODE):
        shown = pattern.sub("[redacted]", shown)
    if len(shown) <= MAX_LENGTH:
        return shown
    return shown[: MAX_LENGTH - 1] + "…"
