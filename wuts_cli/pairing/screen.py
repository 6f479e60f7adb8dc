"""A pairing on a live screen, for a window of any size."""

import math
from collections.abc import Iterator
from typing import override

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.style import Style
from rich.table import Column, Table
from rich.text import Text

from wuts import PairingView
from wuts.pairing import PairingEvent, Stage, StallReason
from wuts_cli.live import live_screen
from wuts_cli.output import PIPE_WIDTH, Output
from wuts_cli.text import phone

from . import words
from .big_letters import big_letters
from .display import Display, Subject

BLACK_ON_WHITE = Style(color="#000000", bgcolor="#ffffff")
"""Said outright: a terminal's own colours may invert a QR, and then phones fail to read it."""

GAP = 3
"""Columns between the QR and the words beside it."""

LEAST_BESIDE = 32
"""Columns for the words beside the QR, at least."""

PANEL = 10
"""Columns of margins and frame around the code."""

BAR = 24
"""Columns of the bar that shows how long a QR or code is still good."""

MINUTES_FROM = 100
"""Seconds from which a time is shown in minutes."""

_MARGIN = (1, 2)


class ScreenDisplay(Display):
    """Draws the present view on the terminal's second screen.

    Args:
        output: The terminal.
        subject: What is being paired.
    """

    redraw_every: float | None = 0.25

    def __init__(self, output: Output, subject: Subject) -> None:
        self._subject = subject
        self._can_draw = output.can_draw
        self._view = PairingView()
        self.lifetime = self._live = live_screen(self, output.console)

    @override
    def show(self, view: PairingView, event: PairingEvent | None) -> None:
        self._view = view
        self._live.refresh()

    def __rich_console__(
        self, console: Console, options: ConsoleOptions
    ) -> Iterator[RenderableType]:
        """Draw the view for the window as it is at this moment."""
        view = self._view
        foot = [Text("Press Ctrl-C to stop.", style="dim")]
        if view.notice:
            foot.insert(0, Text(words.waiting(view.notice), style="wuts.wait"))
        match view.stage:
            case Stage.CODE:
                yield self._code_page(view, foot, options)
            case Stage.QR:
                yield self._qr_page(view, foot, console, options)
            case Stage.SCANNED:
                line = Text(words.scanned(view.phone_number), style="wuts.good")
                yield self._page(line, *foot)
            case Stage.STALLED if view.stalled:
                yield self._page(*_stalled(view.stalled.reason), *foot)
            case _ if view.is_expired:
                yield self._page(Text("That one has expired. Getting a new one…"), *foot)
            case _:
                yield self._page(Text("Asking the gateway…"), *foot)

    def _page(self, *lines: RenderableType) -> RenderableType:
        return Padding(Group(*self._title(), "", *lines), _MARGIN)

    def _title(self) -> list[Text]:
        title = [Text(f"Pair “{self._subject.name}”", style="bold")]
        return [*title, Text(self._subject.note)] if self._subject.note else title

    def _code_page(
        self, view: PairingView, foot: list[Text], options: ConsoleOptions
    ) -> RenderableType:
        code = view.code or ""
        letters = big_letters(code)
        fits = len(letters[0]) + PANEL <= options.max_width
        large = Text("\n".join(letters) if fits else " ".join(code), style="bold")
        panel = Panel.fit(large, padding=_MARGIN)
        plain = Text(f"The code is {code}, for {phone(view.phone_number)}.")
        return self._page(*_steps(by_code=True), "", panel, "", plain, _countdown(view), *foot)

    def _qr_page(
        self, view: PairingView, foot: list[Text], console: Console, options: ConsoleOptions
    ) -> RenderableType:
        text = view.qr_text() if self._can_draw else None
        if text is None:
            return self._page(*self._no_qr(view), "", _countdown(view), *foot)
        columns, rows = text.index("\n"), text.count("\n") + 1
        qr = Table.grid(Column(width=columns, no_wrap=True))
        qr.add_row(Text(text, style=BLACK_ON_WHITE))
        for layout in self._layouts(qr, columns, [_countdown(view), *foot]):
            if _fits(layout, console, options):
                return layout
        size = options.size
        too_small = (
            f"This window is too small for the QR, which needs {columns} columns and {rows} rows. "
            f"It has {size.width} and {size.height}."
        )
        larger = "Enlarge the window or use a smaller font. The QR appears as soon as it fits."
        lines = map(Text, (too_small, larger, *self._other_ways()))
        return self._page(*lines, "", _countdown(view), *foot)

    def _layouts(
        self, qr: Table, columns: int, foot: list[RenderableType]
    ) -> Iterator[RenderableType]:
        """Yield what to try, the most comfortable first."""
        beside = Table.grid(
            Column(width=columns),
            Column(overflow="fold", min_width=LEAST_BESIDE),
            padding=(0, GAP, 0, 0),
        )
        title = self._title()
        beside.add_row(qr, Group(*title, "", *_steps(by_code=False), "", *foot))
        yield Padding(beside, _MARGIN)
        yield beside
        yield Group(*title, Text(words.QR_STEPS_IN_ONE_LINE), qr, *foot)
        yield Group(qr, foot[0])
        yield qr

    def _no_qr(self, view: PairingView) -> Iterator[Text]:
        if view.qr_payload is None:
            yield Text("The gateway sent the QR only as a picture, which a terminal cannot draw.")
        else:
            yield Text("This terminal is not set to Unicode, so it cannot draw a QR.")
        yield from map(Text, self._other_ways())

    def _other_ways(self) -> tuple[str, str]:
        picture = words.where_the_picture_is(self._subject.qr_file)
        return picture, words.other_ways(self._subject.typed)


def _steps(*, by_code: bool) -> Iterator[Text]:
    return map(Text, words.steps(by_code=by_code))


def _stalled(reason: StallReason) -> Iterator[RenderableType]:
    first, *more = words.stalled(reason)
    yield Text(first, style="wuts.wait")
    for line in more:
        yield from ("", Text(line))
    yield ""


def _fits(layout: RenderableType, console: Console, options: ConsoleOptions) -> bool:
    # Measured where there is room: Rich never says that it needs more than it has.
    needed = console.measure(layout, options=options.update(width=PIPE_WIDTH)).minimum
    if needed > options.max_width:
        return False
    lines = console.render_lines(layout, options.update(height=None), pad=False)
    return len(lines) <= options.size.height


def _countdown(view: PairingView) -> RenderableType:
    lifetime = view.offer.lifetime if view.offer else 1.0
    bar = ProgressBar(
        total=lifetime,
        completed=view.seconds_left,
        width=BAR,
        style="dim",
        complete_style="wuts.time",
        finished_style="wuts.time",
    )
    row = Table.grid(padding=(0, 1, 0, 0))
    row.add_row(bar, Text(f"good for {_duration(view.seconds_left)}"))
    return row


def _duration(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < MINUTES_FROM else f"{whole // 60}:{whole % 60:02} min"
