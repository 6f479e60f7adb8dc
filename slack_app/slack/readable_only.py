"""Lets no answer through that Slack's library stumbles over (slackapi/python-slack-sdk#1454)."""

import json
from http import HTTPStatus

from aiohttp import ClientHandlerType, ClientRequest, ClientResponse

from .errors import UnreadableError


async def readable_only(request: ClientRequest, handler: ClientHandlerType) -> ClientResponse:
    """Make a call, as a middleware of aiohttp's client.

    The library takes whatever comes with the status 200 for a JSON object, and breaks with an
    ``AttributeError`` where it is none.

    Raises:
        UnreadableError: It is none.
    """
    response = await handler(request)
    if response.status == HTTPStatus.OK and not _is_object(await response.read()):
        raise UnreadableError
    return response


def _is_object(body: bytes) -> bool:
    try:
        return isinstance(json.loads(body), dict)
    except (ValueError, RecursionError):
        return False
