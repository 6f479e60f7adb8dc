"""Phone numbers that people typed into a command, until they have answered its question.

No message and no button ever holds such a number: it holds the number's key.
"""

import secrets
import time

KEPT_FOR = 900.0
"""Seconds that a number is kept: as long as anybody may take to answer."""

MOST = 1_000


class TypedNumbers:
    """Numbers by key, each for the person who typed it."""

    def __init__(self) -> None:
        self._kept: dict[str, tuple[float, str, str]] = {}

    def keep(self, user_id: str, phone: str | None) -> str:
        """Keep a person's number; return its key, or an empty one if there is none."""
        if phone is None:
            return ""
        key = secrets.token_hex(8)
        self._kept[key] = (time.monotonic() + KEPT_FOR, user_id, phone)
        if len(self._kept) > MOST:
            del self._kept[next(iter(self._kept))]
        return key

    def find(self, user_id: str, key: str) -> str | None:
        """Return the number of a key, or None when it is somebody else's or too old."""
        until, owner, phone = self._kept.get(key, (0.0, "", ""))
        return phone if owner == user_id and time.monotonic() < until else None
