"""A way to a server, which can be closed and opened again, and leads through TLS if it must."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from contextlib import suppress
from typing import Self

from scripts.lib.parts import free_port

_PIECE = 65_536


class Road:
    """A way to a server of this machine.

    While it is closed, nobody listens: who calls is refused.

    Args:
        port: Where it leads.
        tls: What it shows to those who come by https; without it they come by http.

    Attributes:
        port: Where it begins.
    """

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self.port = free_port()
        self._target = port
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._ends: set[StreamWriter] = set()

    async def __aenter__(self) -> Self:
        """Open it."""
        await self.open()
        return self

    async def __aexit__(self, *_exc: object) -> None:
        """Close it for good."""
        self.close()

    async def open(self) -> None:
        """Let everybody through from now on."""
        self._server = await asyncio.start_server(
            self._carry, "127.0.0.1", self.port, ssl=self._tls
        )

    def close(self) -> None:
        """Cut everybody off who is on it, and refuse everybody who comes."""
        if self._server is not None:
            self._server.close()
        for end in self._ends:
            end.transport.abort()

    async def _carry(self, reader: StreamReader, writer: StreamWriter) -> None:
        there_reader, there_writer = await asyncio.open_connection("127.0.0.1", self._target)
        ends = {writer, there_writer}
        self._ends |= ends
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(_copy(reader, there_writer))
                both.create_task(_copy(there_reader, writer))
        finally:
            self._ends -= ends
            for end in ends:
                end.transport.abort()


async def _copy(reader: StreamReader, writer: StreamWriter) -> None:
    """Carry what comes from one end to the other, until either is gone."""
    with suppress(ConnectionError, ssl.SSLError):
        while piece := await reader.read(_PIECE):
            writer.write(piece)
            await writer.drain()
        if writer.can_write_eof():
            writer.write_eof()
        else:
            writer.close()
