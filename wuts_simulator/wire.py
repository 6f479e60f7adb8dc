"""Puts answers onto the wire, whole or broken."""

import asyncio
import socket
import struct
from datetime import datetime
from email.utils import format_datetime

from aiohttp import hdrs, web

from .answers import Answer

# No time to linger: closing such a socket sends RST instead of FIN.
_NO_LINGER = struct.pack("ii", 1, 0)
_OWN_DATE = web.ResponseKey("own_date", str)


def to_response(answer: Answer) -> web.Response:
    """Return the answer as aiohttp sends it. A header of its own wins over the usual one."""
    response = web.Response(
        body=answer.body,
        status=answer.status,
        content_type=answer.content_type,
        charset="utf-8",
    )
    response.headers.update(answer.headers)
    if hdrs.DATE in response.headers:
        response[_OWN_DATE] = response.headers[hdrs.DATE]
    return response


def set_date(response: web.StreamResponse, moment: datetime) -> None:
    """Tell the gateway's own time in place of the machine's, unless the answer has another."""
    usual = format_datetime(moment, usegmt=True)
    response.headers[hdrs.DATE] = response.get(_OWN_DATE, usual)


async def reset(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send one half of an answer, then break the connection with a TCP RST."""
    response = web.StreamResponse(status=answer.status, headers=answer.headers)
    response.content_type = answer.content_type
    response.content_length = len(answer.body)
    await response.prepare(request)
    await response.write(answer.body[: len(answer.body) // 2])
    await asyncio.sleep(0)
    abort(request)
    return response


def abort(request: web.Request) -> None:
    """Break the connection with a TCP RST."""
    transport = request.transport
    if transport is None:
        return
    connection = transport.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
    transport.abort()
