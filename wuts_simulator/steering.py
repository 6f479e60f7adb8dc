"""Serves the verbs of a world to the control API and the phone page, and keeps other sites out."""

import json
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler
from pydantic import ConfigDict, ValidationError, validate_call

from .answers import Answer
from .device import Device
from .errors import InvalidError, SimulatorError
from .world import World

type Verb = Callable[[World, web.Request], Awaitable[Answer]]

_CONFIG = ConfigDict(arbitrary_types_allowed=True, strict=True, allow_inf_nan=False)


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


def verb_of(act: Callable[..., object]) -> Verb:
    """Return a verb that calls a function with the world and the request's fields.

    The function's own annotations say which fields there are. An answer of None is ``{}``, a device
    is its id.
    """
    checked = validate_call(config=_CONFIG)(act)

    async def verb(world: World, request: web.Request) -> Answer:
        inputs = await _fields_of(request) | dict(request.match_info)
        try:
            done = checked(world, **inputs)
        except ValidationError as error:
            raise InvalidError(_problem(error)) from error
        if isinstance(done, Device):
            return Answer.of({"device_id": done.id})
        return Answer.of({} if done is None else done)

    return verb


def refusal(status: HTTPStatus, text: str) -> web.Response:
    """Return an error of the control API or the phone page."""
    return Answer.of({"error": text}, status).to_response()


def is_local(address: str) -> bool:
    """Return whether a request from that address comes from this machine."""
    return _is_address(address) and ip_address(address).is_loopback


def _is_from_elsewhere(request: web.Request, bound_host: str) -> bool:
    """Return whether another site's page sent this, or reached us under a name of its own."""
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
    """Return whether a name can be ours: an address, or one that no public site can have."""
    return name == bound_host or _is_address(name) or (bool(name) and "." not in name)


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


async def _fields_of(request: web.Request) -> dict[str, Any]:
    """Return the fields of a request's body that have a value; no body has none.

    Raises:
        InvalidError: It is not a JSON object.
    """
    body = await request.read()
    try:
        fields = json.loads(body) if body.strip() else {}
    except ValueError as error:
        raise InvalidError("the body is not JSON") from error
    if not isinstance(fields, dict):
        raise InvalidError("the body is not a JSON object")
    return {name: value for name, value in fields.items() if value is not None}


def _problem(error: ValidationError) -> str:
    """Say in one line what is wrong; the value is not repeated, for it may be a secret."""
    first = error.errors()[0]
    name = ".".join(map(str, first["loc"]))
    if first["type"].startswith("unexpected"):
        return f"unknown field: {name}"
    if first["type"].startswith("missing"):
        return f"{name} is required"
    return f"{name}: {first['msg']}"
