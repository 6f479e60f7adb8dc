"""The languages that notifications are written in."""

from ..errors import InvalidInputError
from .en import ENGLISH
from .pt_br import PORTUGUESE
from .words import Words

LANGUAGES = {words.language: words for words in (ENGLISH, PORTUGUESE)}
"""By their tags, such as ``pt-BR``."""


def words_of(language: str) -> Words:
    """Return the words of a language.

    Raises:
        InvalidInputError: There is no such language.
    """
    if language not in LANGUAGES:
        raise InvalidInputError(f"The languages are {' and '.join(LANGUAGES)}.")
    return LANGUAGES[language]
