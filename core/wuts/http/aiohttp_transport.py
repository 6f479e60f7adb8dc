"""aiohttp below httpx: the same client for half the CPU. It needs the package ``httpx-aiohttp``.

Kept apart, because the library itself needs no aiohttp: an application hands it over.
"""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from functools import partial
from typing import override

import aiohttp
import httpx
from aiohttp.abc import ResolveResult
from httpx_aiohttp import AiohttpTransport

from .pool import CONNECT_TIMEOUT, LIMITS

_LONGEST_HEADER = 64 * 1024
"""Bytes of a header line that are read: httpx reads as many, aiohttp would stop at 8 KiB."""


def aiohttp_transport(context: ssl.SSLContext) -> httpx.AsyncBaseTransport:
    """Return a transport for `httpx.AsyncClient` that keeps the promises of httpx's own.

    Pass the function itself to `WutsClient`, as ``http_transport``.

    Args:
        context: Which authorities are trusted.
    """
    return _Transport(verify=context, client=partial(_open_session, context))


def _open_session(context: ssl.SSLContext) -> aiohttp.ClientSession:
    """Open the session; it needs a running loop, so not before the first request."""
    session = aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(
            ssl=context,
            resolver=_Resolver(),
            limit=LIMITS.max_connections or 0,
            keepalive_timeout=LIMITS.keepalive_expiry,
        ),
        cookie_jar=aiohttp.DummyCookieJar(),
        max_line_size=_LONGEST_HEADER,
        max_field_size=_LONGEST_HEADER,
    )
    # aiohttp sends a GET or DELETE again when a kept connection breaks, and has no public switch.
    session._retry_connection = False  # noqa: SLF001
    return session


class _Resolver(aiohttp.ThreadedResolver):
    """The system's resolver, within the time to connect: aiohttp does not count it there."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        async with asyncio.timeout(CONNECT_TIMEOUT):
            return await super().resolve(host, port, family)


class _Transport(AiohttpTransport):
    @override
    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        with _translating():
            response = await super().handle_async_request(request)
        if isinstance(response.stream, httpx.AsyncByteStream):
            response.stream = _Stream(response.stream)
        return response


class _Stream(httpx.AsyncByteStream):
    def __init__(self, stream: httpx.AsyncByteStream) -> None:
        self._stream = stream

    @override
    async def __aiter__(self) -> AsyncIterator[bytes]:
        with _translating():
            async for chunk in self._stream:
                yield chunk

    @override
    async def aclose(self) -> None:
        with _translating():
            await self._stream.aclose()


@contextmanager
def _translating() -> Iterator[None]:
    """Raise what httpx would.

    httpx-aiohttp takes a refused, reset or closed connection for a time-out, and lets aiohttp's own
    error through where an answer is not HTTP.
    """
    try:
        yield
    except httpx.HTTPError as error:
        raise _kind(error.__cause__ or error)(str(error)) from error.__cause__
    except aiohttp.ClientError as error:
        raise _kind(error)(str(error)) from error


def _kind(error: BaseException) -> type[httpx.TransportError]:
    match error:
        case aiohttp.ConnectionTimeoutError():
            return httpx.ConnectTimeout
        case aiohttp.ServerTimeoutError():
            return httpx.ReadTimeout
        case aiohttp.ClientConnectorError():
            return httpx.ConnectError
        case aiohttp.ClientOSError() | aiohttp.ClientPayloadError():
            return httpx.ReadError
    return httpx.RemoteProtocolError
