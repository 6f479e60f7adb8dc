"""Turns verbs that steer a world into handlers of an HTTP server."""

from collections.abc import Awaitable, Callable
from http import HTTPStatus

from aiohttp import web
from aiohttp.typedefs import Handler

from .answers import Answer
from .errors import SimulatorError
from .guard import is_from_elsewhere
from .wire import to_response
from .world import World

type Verb = Callable[[World, web.Request], Awaitable[Answer]]


def steer(world: World, verb: Verb) -> Handler:
    """Return a handler that carries out a verb and says in one line why it cannot."""

    async def handler(request: web.Request) -> web.StreamResponse:
        if is_from_elsewhere(request, world.settings.host):
            return refusal(HTTPStatus.FORBIDDEN, "this request comes from another site")
        try:
            return to_response(await verb(world, request))
        except SimulatorError as error:
            return refusal(error.status, str(error))

    return handler


def refusal(status: HTTPStatus, text: str) -> web.Response:
    """Return an error of the control API or the phone page."""
    return to_response(Answer.of({"error": text}, status))
