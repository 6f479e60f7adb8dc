"""Which language a browser asks for."""

from collections.abc import Mapping

from .en import EN
from .pt_br import PT_BR
from .words import Words

LONGEST_HEADER = 1000
"""Characters of a header that are read."""


def words_for(accept_language: str) -> Words:
    """Return the words in the language that ``Accept-Language`` likes best, or else in English."""
    return liked_best(accept_language, _WORDS, EN)


def liked_best[T](accept_language: str, known: Mapping[str, T], otherwise: T) -> T:
    """Return what there is in the language that ``Accept-Language`` likes best.

    Args:
        accept_language: The header; hostile.
        known: By the first part of a language's tag, such as ``pt``.
        otherwise: What to return if it likes none of them.
    """
    best, best_quality = otherwise, 0.0
    for part in accept_language[:LONGEST_HEADER].split(","):
        tag, _, parameters = part.strip().partition(";")
        words = known.get(tag.strip().lower().partition("-")[0])
        quality = _quality(parameters)
        if words is not None and quality > best_quality:
            best, best_quality = words, quality
    return best


_WORDS = {"en": EN, "pt": PT_BR}


def _quality(parameters: str) -> float:
    name, _, value = parameters.strip().partition("=")
    if name.strip() != "q":
        return 1.0
    try:
        quality = float(value)
    except ValueError:
        return 0.0
    return quality if quality <= 1 else 0.0
