"""Draws a pairing into Slack beside its sessions, which do not wait for Slack."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from wuts.clock import Clock
from wuts.pairing import PairingView

from .drawing import Drawing

_GOODBYE = 5.0
"""Seconds that a call to Slack under way may take before the outcome is shown."""


class Painter:
    """Draws the newest view, whenever there is one.

    Args:
        drawing: Where it is drawn.
        clock: Seconds by a steady clock, that of the views.
        opened: Is done once there is a channel to draw in; None if there is one.
    """

    def __init__(
        self, drawing: Drawing, clock: Clock, opened: asyncio.Future[None] | None = None
    ) -> None:
        self._drawing = drawing
        self._clock = clock
        self._opened = opened
        self._view = PairingView()
        self._is_over = False
        self._has_news = asyncio.Event()
        drawing.on_picture = self._has_news.set

    @property
    def view(self) -> PairingView:
        """The newest view, as it is now."""
        return self._view.at(self._clock())

    def show(self, view: PairingView) -> None:
        """Draw a view; its picture is on its way to Slack at once."""
        self._view = view
        self._drawing.prepare(view)
        self._has_news.set()

    @asynccontextmanager
    async def painting(self) -> AsyncIterator[asyncio.Task[None]]:
        """Draw for as long as the context lasts.

        Yields:
            The task that draws; it raises what keeps Slack from showing the pairing.
        """
        painter = asyncio.create_task(self._paint(), name="slack painter")
        try:
            yield painter
        finally:
            self._is_over = True
            self._has_news.set()
            if self._drawing.message.is_calling:
                await asyncio.wait((painter,), timeout=_GOODBYE)
            painter.cancel()
            await asyncio.wait((painter,))
            if not painter.cancelled():
                painter.exception()  # what ended the pairing was told already

    async def _paint(self) -> None:
        if self._opened is not None:
            await asyncio.shield(self._opened)
        while not self._is_over:
            self._has_news.clear()
            await self._drawing.show(lambda: self.view)
            with suppress(TimeoutError):
                async with asyncio.timeout(self._drawing.due_in(self.view)):
                    await self._has_news.wait()
