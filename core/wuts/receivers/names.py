"""Names and notes from outside, as they may stand in a message that some service draws."""

import re

from ..redaction import in_one_line, mask_numbers

LONGEST_NAME, LONGEST_NOTE = 60, 200
"""Characters."""

# What Markdown, Slack, Discord, Telegram or HTML takes for a mention, a link or a style becomes a
# sign that looks alike.
_LOOKS_ALIKE = str.maketrans("<>&@*`~|[]\\", "‹›＆＠∗'∼¦()/")  # noqa: RUF001 - on purpose
_OUTER_UNDERSCORES = re.compile(r"(?<![^\W_])_+|_+(?![^\W_])")
_AT_THE_BEGINNING = "#-+=• "


def plain_name(name: str) -> str:
    """Return a name in one line, without markup, with phone numbers cut to their last digits."""
    return _plain(name, LONGEST_NAME)


def plain_note(note: str) -> str:
    """Return what somebody wrote, as `plain_name` does."""
    return _plain(note, LONGEST_NOTE)


def bounded(text: str, longest: int = LONGEST_NOTE) -> str:
    """Return a text for programs: in one line, and without phone numbers."""
    shown = mask_numbers(in_one_line(text[: longest * 4]))
    return shown if len(shown) <= longest else f"{shown[: longest - 1]}…"


def _plain(text: str, longest: int) -> str:
    marked = bounded(text, longest).translate(_LOOKS_ALIKE).replace("://", ": //")
    return _OUTER_UNDERSCORES.sub(" ", marked).lstrip(_AT_THE_BEGINNING).rstrip()
