"""Reads what the app needs from Slack's answers; one that lacks it is an error like any other."""

from collections.abc import Iterator, Mapping
from typing import Any

from .errors import UnreadableError

type Answer = Any
"""``slack_sdk``'s own, which has no types; or a dict."""


def text_at(answer: Answer, *path: str) -> str:
    """Return a text that is not empty, by the names that lead to it.

    Raises:
        UnreadableError: There is none.
    """
    found = _at(answer, path)
    if not isinstance(found, str) or not found:
        raise UnreadableError
    return found


def mapping_at(answer: Answer, *path: str) -> Mapping[str, Any]:
    """Return an object, by the names that lead to it.

    Raises:
        UnreadableError: There is none.
    """
    found = _at(answer, path)
    if not isinstance(found, Mapping):
        raise UnreadableError
    return found


def texts_at(answer: Answer, *path: str) -> list[str]:
    """Return a list of texts, such as ids, by the names that lead to it.

    Raises:
        UnreadableError: There is none, or there is something else in it.
    """
    found = _at(answer, path)
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise UnreadableError
    return found


def mappings_at(answer: Answer, *path: str) -> Iterator[Mapping[str, Any]]:
    """Yield the objects of a list, by the names that lead to it; anything else is left out.

    Raises:
        UnreadableError: There is no list.
    """
    found = _at(answer, path)
    if not isinstance(found, list):
        raise UnreadableError
    yield from (one for one in found if isinstance(one, Mapping))


def _at(answer: Answer, path: tuple[str, ...]) -> object:
    first, *rest = path
    found: object = answer.get(first)
    for name in rest:
        found = found.get(name) if isinstance(found, Mapping) else None
    return found
