"""A way to a server that can be cut: what is sent gets lost, and nobody hears of it."""

import asyncio
from pathlib import Path
from types import TracebackType
from typing import Self


class CuttingProxy:
    """Passes bytes on between TCP connections and a socket of this machine, until it is cut.

    Args:
        target: The server's socket.

    Attributes:
        port: Where it listens, on 127.0.0.1.
    """

    def __init__(self, target: Path) -> None:
        self.port = 0
        self._target = target
        self._is_whole = asyncio.Event()
        self._is_whole.set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    def cut(self) -> None:
        """Pass nothing on, in either direction; connections stay open."""
        self._is_whole.clear()

    def mend(self) -> None:
        """Pass everything on again, late."""
        self._is_whole.set()

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        try:
            await self._is_whole.wait()
            other_reader, other_writer = await asyncio.open_unix_connection(self._target)
            try:
                async with asyncio.TaskGroup() as both:
                    both.create_task(self._pass_on(reader, other_writer))
                    both.create_task(self._pass_on(other_reader, writer))
            finally:
                other_writer.close()
        except (asyncio.CancelledError, OSError, ExceptionGroup):
            pass  # the test is over, or one of the two has gone
        finally:
            writer.close()
            self._tasks.discard(task)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65536):
            await self._is_whole.wait()
            writer.write(data)
            await writer.drain()
        await self._is_whole.wait()
        writer.write_eof()
