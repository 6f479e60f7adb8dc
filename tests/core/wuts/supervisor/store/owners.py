"""Processes that own accounts, and what they say."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

PROGRAM = Path(__file__).with_name("owner_user.py")
ROOT = Path(__file__).parents[5]


@dataclass(frozen=True, slots=True)
class Line:
    """What a process said, and when."""

    at: float
    words: tuple[str, ...]


class Owner:
    """A running ``owner_user.py``.

    Attributes:
        process: It.
    """

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    async def until(self, word: str) -> Line:
        """Wait until it says a word first in a line."""
        async with asyncio.timeout(60):
            while True:
                line = await self._line()
                if line.words[0] == word:
                    return line

    async def rest(self) -> list[Line]:
        """Return what it says until it ends."""
        assert self.process.stdout is not None
        async with asyncio.timeout(60):
            text = (await self.process.stdout.read()).decode()
        return [_read(line) for line in text.splitlines()]

    async def _line(self) -> Line:
        assert self.process.stdout is not None
        text = await self.process.stdout.readline()
        assert text, "it has ended"
        return _read(text.decode())


@asynccontextmanager
async def owning(address: str, account: str, lease: float) -> AsyncIterator[Owner]:
    """Run a process that owns an account, or waits for it."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        PROGRAM,
        address,
        account,
        str(lease),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        yield Owner(process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def _read(text: str) -> Line:
    at, *words = text.split()
    return Line(float(at), tuple(words))
