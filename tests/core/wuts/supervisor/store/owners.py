"""Processes that own or supervise accounts, and what they say."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from wuts.supervisor.store.sql import SqlStore

HERE = Path(__file__).parent
ROOT = Path(__file__).parents[5]

PATIENCE = 180
"""Seconds: on a busy machine a process takes long to start."""


@dataclass(frozen=True, slots=True)
class Line:
    """What a process said, and when."""

    at: float
    words: tuple[str, ...]


class Owner:
    """A running ``owner_user.py`` or ``supervising_user.py``.

    Attributes:
        process: It.
        said: What it has said and was read.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.said: list[Line] = []

    async def until(self, *words: str) -> Line:
        """Wait until it says a line that begins with these words."""
        async with asyncio.timeout(PATIENCE):
            while True:
                line = await self._line()
                if line.words[: len(words)] == words:
                    return line

    async def until_said(self, *words: str, after: int) -> None:
        """Wait until a line begins with these words that is not one of the first so many."""
        while not any(line.words[: len(words)] == words for line in self.said[after:]):
            async with asyncio.timeout(PATIENCE):
                await self._line()

    async def until_any(self, *words: str) -> Line:
        """Wait until it says a line that begins with one of these words."""
        async with asyncio.timeout(PATIENCE):
            while True:
                line = await self._line()
                if line.words[0] in words:
                    return line

    async def listen(self, seconds: float) -> None:
        """Read what it says for so long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while True:
                    await self._line()

    def alerts(self) -> list[tuple[str, ...]]:
        """Return the status and the device of each alert that it has told."""
        return [line.words[1:3] for line in self.said if line.words[0] == "alert"]

    async def rest(self) -> list[Line]:
        """Return what it says until it ends."""
        assert self.process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            text = (await self.process.stdout.read()).decode()
        return [_read(line) for line in text.splitlines()]

    async def _line(self) -> Line:
        assert self.process.stdout is not None
        text = await self.process.stdout.readline()
        assert text, "it has ended"
        self.said.append(_read(text.decode()))
        return self.said[-1]


@asynccontextmanager
async def owning(address: str, account: str, lease: float) -> AsyncIterator[Owner]:
    """Run a process that owns an account, or waits for it."""
    async with _running("owner_user.py", address, account, str(lease)) as owner:
        yield owner


@asynccontextmanager
async def supervising(address: str, lease: float, url: str) -> AsyncIterator[Owner]:
    """Run a process that supervises an account of a gateway, or waits for it."""
    async with _running("supervising_user.py", address, str(lease), url) as owner:
        yield owner


@asynccontextmanager
async def pairing(address: str, device_id: str, who: str, lease: float) -> AsyncIterator[Owner]:
    """Run a process that holds a device to pair it, unless another one does."""
    async with _running("pairing_user.py", address, device_id, who, str(lease)) as owner:
        yield owner


@asynccontextmanager
async def _running(program: str, *arguments: str) -> AsyncIterator[Owner]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        HERE / program,
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield Owner(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def until_saved_as_told(address: str, device_id: str) -> None:
    """Wait until a store says that all of a process were told of the alert about a device.

    Who is killed before that may leave it to the next one to tell once more.
    """
    store = SqlStore(address)
    try:
        async with asyncio.timeout(PATIENCE):
            while device_id not in {  # noqa: ASYNC110 - nothing tells
                one.alert.device_id for one in (await store.load(["home"])).alerts if one.delivered
            }:
                await asyncio.sleep(0.02)
    finally:
        await store.close()


def _read(text: str) -> Line:
    at, *words = text.split()
    return Line(float(at), tuple(words))
