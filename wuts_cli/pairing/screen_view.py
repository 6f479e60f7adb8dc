"""A pairing on a terminal: one screen that is redrawn in place, and gone when it is over."""

import time
from types import TracebackType
from typing import Self, override

from rich.console import Console, ConsoleOptions, RenderResult
from rich.live import Live

from wuts.pairing import CodeReady, QrReady, Scanned, Waiting
from wuts_cli.output import Output

from .screen import Screen, Shown
from .view import Showable, Subject, View

LONGEST_NOTICE = 10.0
"""Seconds for which a trouble stays on the screen: nobody tells when it is over."""


class ScreenView(View):
    """Draws the present state on the terminal's second screen.

    So a QR does not stay behind in what was printed before, and a resized window does no harm.
    """

    redraw_every: float | None = 0.25

    def __init__(self, output: Output, subject: Subject) -> None:
        self._screen = Screen(subject, can_draw=output.can_draw)
        self._shown = Shown()
        self._live = Live(
            self,
            console=output.console,
            screen=True,
            auto_refresh=False,
            redirect_stdout=False,
            redirect_stderr=False,
        )

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Draw what is true at this moment, for the window as it is at this moment."""
        yield self._screen.draw(self._shown, time.monotonic(), console, options)

    @override
    def __enter__(self) -> Self:
        self._live.start(refresh=True)
        return self

    @override
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._live.stop()

    @override
    def show(self, event: Showable) -> None:
        now = time.monotonic()
        match event:
            case QrReady() | CodeReady():
                self._shown = Shown(offer=event, offer_ends=now + event.lifetime)
            case Scanned():
                self._shown = Shown(scanned=event)
            case Waiting():
                until = now + max(event.retry_in, LONGEST_NOTICE)
                self._shown = self._shown.with_notice(event, until)
        self.redraw()

    @override
    def redraw(self) -> None:
        self._live.refresh()
