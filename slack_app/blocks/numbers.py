"""Phone numbers as people are shown them."""

import re

_BRAZIL = "55"
_TAIL = 4


def masked(digits: str) -> str:
    """Return enough of a number to know it by, and too little to call: ``+55 11 … 4321``."""
    head = f"+{digits[:2]} {digits[2:4]}" if digits.startswith(_BRAZIL) else f"+{digits[:3]}"
    return f"{head} … {digits[-_TAIL:]}"


def split_numbers(text: str) -> list[str]:
    """Split what a person typed at commas, semicolons and the ``+`` of the next number.

    Numbers without either are taken word by word; a no-break space is within a word.
    """
    between = r"[,;]|\s(?=[^\w\s,;]*\+)" if re.search(r"[,;+]", text) else r"[ \t\r\n]"
    return [part.strip() for part in re.split(between, text) if part.strip()]
