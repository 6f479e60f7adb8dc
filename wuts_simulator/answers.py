"""Answers as plain data, so that a fault can spoil one, and how they go onto the wire."""

import asyncio
import json
import socket
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus
from typing import Self

from aiohttp import hdrs, web

from .errors import ApiError

# No time to linger: closing such a socket sends RST instead of FIN.
_NO_LINGER = struct.pack("ii", 1, 0)
_OWN_DATE = web.ResponseKey("own_date", str)


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer.

    Attributes:
        body: Its bytes.
        status: Its HTTP status.
        headers: Headers beside the usual ones.
        content_type: The type of the body.
    """

    body: bytes = field(repr=False)
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content_type: str = "application/json"

    @classmethod
    def of(cls, value: object, status: int = HTTPStatus.OK) -> Self:
        """Answer with a JSON value."""
        return cls(dump(value), status)

    @classmethod
    def of_data(cls, data: Mapping[str, object]) -> Self:
        """Answer with the contract's ``data`` envelope."""
        return cls.of({"success": True, "data": data})

    @classmethod
    def of_error(cls, error: ApiError, *, with_code: bool, at: datetime) -> Self:
        """Answer with the error envelope; session calls are documented without its code."""
        if error.bare:
            return cls.of({"error": error.text}, error.status)
        envelope: dict[str, object] = {"success": False, "error": error.text}
        if with_code:
            envelope |= {"error_code": error.code, "timestamp": rfc3339(at)}
        if error.validation:
            envelope["validation"] = [
                {"field": wrong.field, "message": wrong.message, "value": wrong.value}
                for wrong in error.validation
            ]
        return cls.of(envelope, error.status)

    def to_response(self) -> web.Response:
        """Return the answer for aiohttp. Its own headers win over the usual ones."""
        response = web.Response(
            body=self.body,
            status=self.status,
            content_type=self.content_type,
            charset="utf-8",
        )
        response.headers.update(self.headers)
        if hdrs.DATE in response.headers:
            response[_OWN_DATE] = response.headers[hdrs.DATE]
        return response


def dump(value: object) -> bytes:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def rfc3339(moment: datetime) -> str:
    """Return a time in UTC as the contract writes it, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def optional_rfc3339(moment: datetime | None) -> str | None:
    """Return a time as the contract writes it, or None without one."""
    return rfc3339(moment) if moment else None


def set_date(response: web.StreamResponse, moment: datetime) -> None:
    """Send the gateway's time instead of the machine's, unless the answer has its own."""
    usual = format_datetime(moment, usegmt=True)
    response.headers[hdrs.DATE] = response.get(_OWN_DATE, usual)


async def reset(request: web.Request, answer: Answer) -> web.StreamResponse:
    """Send half of an answer, then break the connection with a TCP RST."""
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
