"""The words between the app and people: what it says in each language, and what they may type.

`strings_for` a Slack locale; `parser` reads ``/wuts …``.
"""

from importlib.resources import files

from wuts.languages import ENGLISH, load, nearest

from .strings import Strings

__all__ = ["EN", "LANGUAGES", "PT_BR", "Strings", "strings_for"]

LANGUAGES = load(files(__package__).joinpath("languages"), Strings)
"""By tag, such as ``pt-BR``."""

EN, PT_BR = LANGUAGES[ENGLISH], LANGUAGES["pt-BR"]


def strings_for(locale: str | None) -> Strings:
    """Return the strings for a Slack locale such as ``pt-BR``; English if there are none."""
    return LANGUAGES[nearest(locale or "", LANGUAGES) or ENGLISH]
