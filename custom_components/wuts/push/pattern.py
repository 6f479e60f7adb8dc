"""Regular expressions for the texts of strangers, whose time is bounded.

Python's own engine has no time-out: for a pattern such as ``(a+)+$`` a stranger can write a text
that stops Home Assistant. The package ``regex`` reads the same syntax, and has one.
"""

import logging
from typing import Final

import regex

LONGEST_PATTERN: Final = 200
"""Characters of a pattern at most."""

LONGEST_SEARCHED: Final = 1_000
"""Characters of a text that are searched."""

LONGEST_SEARCH: Final = 0.05
"""Seconds that one search may take. Those without backtracking need a thousandth of that."""

_LOGGER = logging.getLogger(__name__)


class Pattern:
    """A pattern to search for, in any case of letters.

    Args:
        source: In Python's syntax.

    Raises:
        ValueError: It is not a pattern, or too long.
    """

    def __init__(self, source: str) -> None:
        if len(source) > LONGEST_PATTERN:
            raise ValueError(f"A pattern can have at most {LONGEST_PATTERN} characters.")
        try:
            self._pattern = regex.compile(source, regex.IGNORECASE)
        except (regex.error, OverflowError, RecursionError) as error:
            raise ValueError(f"This is not a regular expression: {error}") from None

    def is_in(self, text: str) -> bool:
        """Return whether it is somewhere in a text; no, and a warning, if that takes too long."""
        try:
            found = self._pattern.search(text[:LONGEST_SEARCHED], timeout=LONGEST_SEARCH)
        except TimeoutError:
            _LOGGER.warning(
                "A message was not compared with the pattern %r: that took too long. Write it "
                "without a repetition inside a repetition",
                self._pattern.pattern,
            )
            return False
        return found is not None
