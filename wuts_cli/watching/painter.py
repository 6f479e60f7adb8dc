"""Paints frames over one another on a terminal's second screen, without a flicker."""

import asyncio
from types import TracebackType
from typing import Self

from rich.console import Console, RenderableType

from .writer import Writer

_ENTER = "\x1b[?1049h\x1b[?25l"
_LEAVE = "\x1b[?25h\x1b[?1049l"
_HOME = "\x1b[H"
_END_OF_LINE = "\x1b[K\n"
_END_OF_FRAME = "\x1b[K\x1b[J"

PATIENCE = 0.5
"""Seconds to wait for a terminal that somebody stopped, before it is left as it is."""


class Painter:
    """A terminal's second screen, which is left again whatever happens.

    Args:
        writer: Where to.
        console: The terminal.
    """

    def __init__(self, writer: Writer, console: Console) -> None:
        self._writer = writer
        self._console = console

    async def __aenter__(self) -> Self:
        """Turn to the second screen."""
        await self._writer.write(_ENTER)
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Turn back to the first."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._writer.write(_LEAVE)
        except TimeoutError:
            return

    async def paint(self, content: RenderableType) -> None:
        """Draw a frame over the one before; what does not fit is cut off below."""
        with self._console.capture() as capture:
            self._console.print(content, end="")
        lines = capture.get().split("\n")[: self._console.height]
        await self._writer.write(_HOME + _END_OF_LINE.join(lines) + _END_OF_FRAME)
