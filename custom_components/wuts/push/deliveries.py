"""What the gateway delivers: known by a secret of ours, and a hint only.

A delivery makes the supervisor look. What it says is never believed.
"""

import hmac
from http import HTTPStatus
from typing import Final

from aiohttp import StreamReader
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.web import PayloadAccessError, Request, RequestPayloadError, Response
from homeassistant.core import HomeAssistant
from homeassistant.util.json import json_loads

from ..coordinator import WutsCoordinator
from .webhooks import SECRET_HEADER

LONGEST_BODY: Final = 64 * 1024
"""Bytes of a delivery that are read; a longer one is refused."""


class Deliveries:
    """Takes what the gateway delivers.

    Args:
        coordinator: The account, which is made to look.
        secret: What a delivery of the gateway carries.
    """

    def __init__(self, coordinator: WutsCoordinator, secret: str) -> None:
        self._coordinator = coordinator
        self._secret = secret.encode()

    async def handle(self, hass: HomeAssistant, webhook_id: str, request: Request) -> Response:
        """Look at the device that a delivery names, or at all of them."""
        shown = request.headers.get(SECRET_HEADER, "").encode(errors="backslashreplace")
        if not hmac.compare_digest(shown, self._secret):
            return Response(status=HTTPStatus.UNAUTHORIZED)
        try:
            body = await _read(request.content)
        except RequestPayloadError, PayloadAccessError, HttpProcessingError, OSError:
            body = b""
        if len(body) > LONGEST_BODY:
            return Response(status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        self._coordinator.async_look(_device_of(body))
        return Response(status=HTTPStatus.OK)


async def _read(stream: StreamReader) -> bytes:
    """Read a body, and no more than tells that it is too long."""
    body = b""
    while len(body) <= LONGEST_BODY:
        chunk = await stream.read(LONGEST_BODY + 1 - len(body))
        if not chunk:
            break
        body += chunk
    return body


def _device_of(body: bytes) -> str | None:
    """Return the id of the device that a body seems to name."""
    try:
        event = json_loads(body)
    except ValueError:
        return None
    device_id = event.get("device_id") if isinstance(event, dict) else None
    return device_id if isinstance(device_id, str) else None
