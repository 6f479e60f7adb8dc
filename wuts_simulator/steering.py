"""Serves the verbs of a world to the control API and the phone page, and keeps other sites out."""

import json
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from ipaddress import ip_address
from math import isfinite
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from .answers import Answer
from .errors import InvalidError, SimulatorError
from .world import World

type Verb = Callable[[World, web.Request], Awaitable[Answer]]


def steer(world: World, verb: Verb) -> Handler:
    """Return a handler that runs a verb, and says in one line why it cannot."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if _is_from_elsewhere(request, world.settings.host):
            return refusal(HTTPStatus.FORBIDDEN, "this request comes from another site")
        try:
            return (await verb(world, request)).to_response()
        except SimulatorError as error:
            return refusal(error.status, str(error))

    return handler


def device_verb(act: Callable[[World, str], None]) -> Verb:
    """Return a verb that does something to the device in the path."""

    async def verb(world: World, request: web.Request) -> Answer:
        act(world, request.match_info["id"])
        return Answer.of({})

    return verb


def refusal(status: HTTPStatus, text: str) -> web.Response:
    """Return an error of the control API or the phone page."""
    return Answer.of({"error": text}, status).to_response()


def is_local(address: str) -> bool:
    """Tell whether a request from that address comes from this machine."""
    return _is_address(address) and ip_address(address).is_loopback


def _is_from_elsewhere(request: web.Request, bound_host: str) -> bool:
    """Tell whether another site's page sent this, or reached us under a name of its own."""
    host = request.headers.get(hdrs.HOST, "")
    origin = request.headers.get(hdrs.ORIGIN)
    if origin is not None and origin != f"{request.scheme}://{host}":
        return True
    return not _is_own_name(_hostname(host), bound_host)


def _hostname(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_own_name(name: str, bound_host: str) -> bool:
    """Tell whether a name can be ours: an address, or one that no public site can have."""
    return name == bound_host or _is_address(name) or (bool(name) and "." not in name)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


class Inputs:
    """The fields of a JSON object. Reading one of another type raises `InvalidError`.

    Args:
        fields: The object.
        known: The names it may have, so that a misspelt one is not ignored.

    Raises:
        InvalidError: It has another name.
    """

    def __init__(self, fields: Mapping[str, object], *known: str) -> None:
        unknown = sorted(set(fields) - set(known))
        if unknown:
            raise InvalidError(f"unknown field: {unknown[0]}")
        self._fields = fields

    def text(self, name: str) -> str:
        """Return a text that must be there."""
        value = self.optional_text(name)
        if not value:
            raise InvalidError(f"{name} is required")
        return value

    def optional_text(self, name: str) -> str | None:
        """Return a text, or None."""
        value = self._fields.get(name)
        if value is None or isinstance(value, str):
            return value
        raise InvalidError(f"{name} must be a text")

    def texts(self, name: str) -> tuple[str, ...]:
        """Return a list of texts, empty by default."""
        value = self._fields.get(name) or []
        if not isinstance(value, list) or not all(isinstance(inner, str) for inner in value):
            raise InvalidError(f"{name} must be a list of texts")
        return tuple(value)

    def text_map(self, name: str) -> dict[str, str]:
        """Return an object of texts, empty by default."""
        value = self._fields.get(name) or {}
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise InvalidError(f"{name} must be an object of texts")
        return value

    def number(self, name: str, default: float) -> float:
        """Return a finite number."""
        value = self._fields.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not isfinite(value):
            raise InvalidError(f"{name} must be a number")
        return value

    def optional_integer(self, name: str) -> int | None:
        """Return a whole number, or None."""
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
        InvalidError: It is no JSON object, or it has a field of another name.
    """
    body = await request.read()
    try:
        fields = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise InvalidError("the body is not JSON") from error
    if not isinstance(fields, dict):
        raise InvalidError("the body is not a JSON object")
    return Inputs(fields, *known)
