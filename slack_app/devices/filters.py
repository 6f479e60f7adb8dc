"""Which devices a status is to show."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from .device import Line

DOWN = "down"
"""The word for devices that are not connected."""

LONGEST = 60
"""Characters of a text that are looked for: a button keeps them."""

_SHORTEST_NUMBER = 4
"""Digits that may stand for a phone."""

_ANY = "*"


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice of devices.

    Attributes:
        is_down: Only those that are not connected.
        account: Only this account's, unless empty.
        text: Only those with this in their name, id or account, or at the end of their number.
    """

    is_down: bool = False
    account: str = ""
    text: str = ""

    def __bool__(self) -> bool:
        """Whether it leaves anything out."""
        return self.is_down or bool(self.account or self.text)

    def __str__(self) -> str:
        """Return how a person writes it."""
        parts = [DOWN] if self.is_down else []
        parts += [f"account {self.account}"] if self.account else []
        return " ".join([*parts, self.text]).strip()

    @property
    def value(self) -> str:
        """What a button keeps of it; `of` reads that."""
        return f"{DOWN if self.is_down else _ANY} {self.account or _ANY} {self.text}".rstrip()

    @classmethod
    def of(cls, value: str) -> Filter:
        """Read what `value` wrote; nothing at all leaves nothing out."""
        down, account, text, *_ = [*value.split(" ", 2), "", "", ""]
        return cls(down == DOWN, "" if account == _ANY else account, text)

    @classmethod
    def parse(cls, typed: str, accounts: Collection[str]) -> Filter:
        """Read what a person typed: ``down``, an account's name, and any other text, in this order.

        Args:
            typed: Such as ``down account home shop``.
            accounts: The names of all accounts.
        """
        words = typed.split()
        is_down = bool(words) and words[0].casefold() == DOWN
        words = words[is_down:]
        named = {name.casefold(): name for name in accounts}
        account = ""
        if len(words) > 1 and words[0].casefold() == "account" and words[1].casefold() in named:
            account, words = named[words[1].casefold()], words[2:]
        elif len(words) == 1 and words[0].casefold() in named:
            account, words = named[words[0].casefold()], []
        return cls(is_down, account, " ".join(words)[:LONGEST])

    def matches(self, line: Line) -> bool:
        """Return whether a device is to be shown."""
        if self.is_down and line.is_connected:
            return False
        if self.account and line.account != self.account:
            return False
        return not self.text or self._has_text(line)

    def _has_text(self, line: Line) -> bool:
        text = self.text.casefold()
        places = (" ".join(line.name.split()), line.id, line.account)
        if any(text in place.casefold() for place in places):
            return True
        digits = "".join(char for char in text if char.isdecimal())
        is_number = len(digits) >= _SHORTEST_NUMBER and not any(map(str.isalpha, text))
        return is_number and (line.number or "").endswith(digits)
