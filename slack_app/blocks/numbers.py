"""Phone numbers as people are shown them."""

import re

from wuts.phone_numbers import shown_number

_BRAZIL = "55"
_TAIL = 4

_SHORTEST = 8
"""Digits: countries with a shorter plan have no room for many phones."""

_LONGEST = 13
"""Digits of a number in one piece: Brazil's with its country code."""


def masked(digits: str) -> str:
    """Return enough of a number to know it by, and too little to call: ``+55 11 … 4321``."""
    code, _, rest = shown_number(digits).partition(" ")
    head = code if rest else f"+{digits[:3]}"
    if digits.startswith(_BRAZIL):
        head = f"+{digits[:2]} {digits[2:4]}"
    return f"{head} … {digits[-_TAIL:]}"


def split_numbers(text: str) -> list[str]:
    """Split what a person typed at commas, semicolons and the ``+`` of the next number.

    Numbers without either are taken word by word, unless that leaves words too short for a number:
    then all is one number. A no-break space is within a word.
    """
    is_marked = re.search(r"[,;+]", text) is not None
    between = r"[,;]|\s(?=[^\w\s,;]*\+)" if is_marked else r"[ \t\r\n]"
    parts = [part.strip() for part in re.split(between, text) if part.strip()]
    counts = [sum(map(str.isdecimal, part)) for part in parts]
    is_one = not is_marked and counts and min(counts) < _SHORTEST and sum(counts) <= _LONGEST
    return [text.strip()] if is_one else parts
