"""A web server that slow and hostile clients cannot hold up."""

import asyncio
import logging
import os
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from typing import override

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from wuts.page import hide_secrets
from wuts_cli.errors import UsageError

MOST_CONNECTIONS = 256
"""Connections at a time: for one more, one that asked nothing is closed, or the idlest."""

LONGEST_IDLE = 20.0
"""Seconds for a request's head to come, from the first byte or from the answer before it."""

LONGEST_BODY = 64 * 1024
"""Bytes of a body that are read, where a route has no limit of its own."""

LONGEST_WAIT = 10.0
"""Seconds that a body may take."""

_SHUTDOWN = 0.5
"""Seconds for requests under way when the server ends."""


def _is_our_fault(record: logging.LogRecord) -> bool:
    """Leave out what a stranger sends that isn't HTTP: anybody could fill the log with it."""
    return not (record.exc_info and isinstance(record.exc_info[1], HttpProcessingError))


_LOGGER = logging.getLogger(__name__)
_LOGGER.addFilter(_is_our_fault)
hide_secrets(__name__)

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def listening(host: str, port: int, routes: Iterable[web.RouteDef]) -> AsyncIterator[int]:
    """Serve some routes for as long as the context lasts; yields the port.

    Args:
        host: Where to listen.
        port: The same; 0 for any that is free.
        routes: What to serve.

    Raises:
        UsageError: The address cannot be bound.
    """
    door = _Door()
    app = web.Application(client_max_size=LONGEST_BODY, middlewares=[door.handle])
    app.add_routes(routes)
    runner = web.AppRunner(
        app,
        access_log=None,
        logger=_LOGGER,
        keepalive_timeout=LONGEST_IDLE,
        shutdown_timeout=_SHUTDOWN,
    )
    await runner.setup()
    try:
        async with door.open(runner, host, port) as bound:
            yield bound
    finally:
        await runner.cleanup()


async def body_of(request: web.Request) -> bytes:
    """Return the body of a request.

    Raises:
        web.HTTPRequestTimeout: It takes too long.
        web.HTTPRequestEntityTooLarge: It is too large.
    """
    try:
        async with asyncio.timeout(LONGEST_WAIT):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


class _Door:
    """Lets connections in, and the idlest out where there are too many."""

    def __init__(self) -> None:
        self._busy: set[web.RequestHandler] = set()
        self._left: set[web.RequestHandler] = set()
        self._answered: dict[web.RequestHandler, float] = {}
        self._server: web.Server | None = None

    @asynccontextmanager
    async def open(self, runner: web.AppRunner, host: str, port: int) -> AsyncIterator[int]:
        self._server = runner.server
        try:
            listener = await asyncio.get_running_loop().create_server(self._let_in, host, port)
        except OSError as error:
            where = f"{host}, port {port}"
            raise UsageError(f"The service cannot listen at {where}: {_reason(error)}.") from None
        try:
            bound: int = listener.sockets[0].getsockname()[1]
            yield bound
        finally:
            listener.close()

    @web.middleware
    async def handle(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request; its connection is busy meanwhile."""
        self._busy.add(request.protocol)
        try:
            return await handler(request)
        finally:
            self._busy.discard(request.protocol)
            self._answered[request.protocol] = time.monotonic()

    def _let_in(self) -> asyncio.Protocol:
        server = self._server
        assert server is not None  # noqa: S101 - it listens
        connections = dict.fromkeys(server.connections)
        self._left &= connections.keys()
        self._answered = {one: at for one, at in self._answered.items() if one in connections}
        there = [one for one in connections if one not in self._left]
        if len(there) < MOST_CONNECTIONS:
            return server()
        idle = [one for one in there if one not in self._busy]
        if not idle:
            return _Turned()
        # Who never asked anything goes before those who did.
        idlest = min(idle, key=lambda one: self._answered.get(one, 0.0))
        self._left.add(idlest)
        idlest.force_close()
        return server()


class _Turned(asyncio.Protocol):
    """A connection that is not let in: all others are busy."""

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            transport.abort()


def _reason(error: OSError) -> str:
    """Return the system's words: asyncio puts its own around them, but where a name is unknown."""
    is_systems = error.errno is not None and error.errno > 0
    return os.strerror(error.errno or 0) if is_systems else error.strerror or "no such address"
