"""Reads the fields of a request to the control API or the phone page, and refuses what is odd."""

import json
from collections.abc import Mapping
from math import isfinite

from aiohttp import web

from .errors import InvalidError


class Inputs:
    """The fields of one JSON object.

    Args:
        fields: The object.
        known: The names that may be in it, so that a misspelt one is not passed over.

    Raises:
        InvalidError: Another name is in it.
    """

    def __init__(self, fields: Mapping[str, object], *known: str) -> None:
        unknown = sorted(set(fields) - set(known))
        if unknown:
            raise InvalidError(f"unknown field: {unknown[0]}")
        self._fields = fields

    def text(self, name: str) -> str:
        """Return a text.

        Raises:
            InvalidError: It is missing, empty or no text.
        """
        value = self.optional_text(name)
        if not value:
            raise InvalidError(f"{name} is required")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None when there is none.

        Raises:
            InvalidError: It is no text.
        """
        value = self._fields.get(name)
        if value is None or isinstance(value, str):
            return value
        raise InvalidError(f"{name} must be a text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts; an empty one when there is none.

        Raises:
            InvalidError: It is something else.
        """
        value = self._fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(inner, str) for inner in value):
            raise InvalidError(f"{name} must be a list of texts")
        return tuple(value)

    def text_map(self, name: str) -> dict[str, str]:
        """Return an object of texts; an empty one when there is none.

        Raises:
            InvalidError: It is something else.
        """
        value = self._fields.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise InvalidError(f"{name} must be an object of texts")
        return value

    def number(self, name: str, default: float) -> float:
        """Return a number.

        Raises:
            InvalidError: It is none.
        """
        value = self._fields.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise InvalidError(f"{name} must be a number")
        return value

    def optional_integer(self, name: str) -> int | None:
        """Return a whole number, or None when there is none.

        Raises:
            InvalidError: It is no whole number.
        """
        value = self._fields.get(name)
        if value is None or (isinstance(value, int) and not isinstance(value, bool)):
            return value
        raise InvalidError(f"{name} must be a whole number")

    def anything(self, name: str) -> object:
        """Return any JSON value."""
        return self._fields.get(name)


async def read_inputs(request: web.Request, *known: str) -> Inputs:
    """Return the fields of a request's body; no body is an empty object.

    Raises:
        InvalidError: It is no JSON object, or a field of another name is in it.
    """
    body = await request.read()
    try:
        fields = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise InvalidError("the body is not JSON") from error
    if not isinstance(fields, dict):
        raise InvalidError("the body is not a JSON object")
    return Inputs(fields, *known)
