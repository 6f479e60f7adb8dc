"""A process that is started and killed again, and what each of its lives wrote."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from wuts.clock import steady_time

ROOT = Path(__file__).parents[5]
PROGRAM = Path(__file__).with_name("notifying_user.py")

PATIENCE = 300
"""Seconds: a busy machine takes long to start a process."""

type Line = dict[str, Any]


class Killed:
    """A ``notifying_user.py``, started and killed again and again.

    Args:
        address: The store's.
        url: The gateway's.

    Attributes:
        lives: What each of them wrote.
        begun_in: Seconds until the last one that was to work had said something.
    """

    def __init__(self, address: str, url: str) -> None:
        self.lives: list[list[Line]] = []
        self.begun_in = 0.0
        self._arguments = address, url
        self._control, self._theirs = socket.socketpair()
        self._control.setblocking(False)
        self._more = asyncio.Event()
        self._nursery: asyncio.subprocess.Process | None = None

    async def __aenter__(self) -> Self:
        """Start the process that the others are forked from."""
        number = self._theirs.fileno()
        self._nursery = await asyncio.create_subprocess_exec(
            sys.executable,
            PROGRAM,
            str(number),
            *self._arguments,
            pass_fds=[number],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self._theirs.close()
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Let it end, and what it started with it."""
        self._control.close()
        assert self._nursery is not None
        await self._nursery.wait()

    @property
    def kills(self) -> int:
        return len(self.lives)

    @property
    def lines(self) -> Iterator[Line]:
        """All that was written, by all of them."""
        return (line for life in self.lives for line in life)

    async def live(self, seconds: float, *, works: bool = True) -> None:
        """Start one, and kill it after so long; if it is to work, since it has said something."""
        life, since = list[Line](), steady_time()
        self.lives.append(life)
        ours, theirs = os.pipe()
        socket.send_fds(self._control, [b"!"], [theirs])
        os.close(theirs)
        reading = asyncio.create_task(self._read(ours, life))
        try:
            async with asyncio.timeout(PATIENCE):
                while works and not life and not reading.done():
                    self._more.clear()
                    await self._more.wait()
            self.begun_in = steady_time() - since if works else self.begun_in
            await asyncio.wait([reading], timeout=seconds)
            assert not reading.done(), "it has ended without being killed"
        finally:
            await self._kill()
            await reading
        troubles = [line for line in life if line.get("trouble")]
        assert not troubles, "the store works, and no task dies"

    async def _read(self, pipe: int, life: list[Line]) -> None:
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb")
        )
        async for line in reader:
            # A line that the kill cut off was told to nobody.
            if line.endswith(b"\n"):
                life.append(json.loads(line))
                self._more.set()
        transport.close()
        self._more.set()

    async def _kill(self) -> None:
        loop = asyncio.get_running_loop()
        await loop.sock_sendall(self._control, b"!")
        assert await loop.sock_recv(self._control, 1), "the process to fork from has ended"
