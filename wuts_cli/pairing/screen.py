"""What stands on the screen while a device is paired, for a window of any size."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from rich.console import Console, ConsoleOptions, Group, RenderableType
from rich.padding import Padding
from rich.panel import Panel
from rich.progress_bar import ProgressBar
from rich.table import Table
from rich.text import Text

from wuts.pairing import CodeReady, QrReady, Scanned, Waiting
from wuts_cli.text import phone

from . import words
from .big_letters import big_letters
from .qr_block import QrBlock
from .view import Subject

GAP = 3
"""Columns between the QR and what stands beside it."""

LEAST_BESIDE = 32
"""Columns for the words beside the QR, at least."""

PANEL = 10
"""Columns of margins and frame around the code."""

BAR = 24
"""Columns of the bar that shows how long a QR or code is still good."""


MINUTES_FROM = 100
"""Seconds from which a time is told in minutes."""

_MARGIN = (1, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What is to be seen; times are seconds of the monotonic clock.

    Attributes:
        offer: The present QR or code, if there is one.
        offer_ends: When the phone stops accepting it.
        scanned: That a phone took it, if one did.
        notice: What does not answer, if something does not.
        notice_ends: When that is old news.
    """

    offer: QrReady | CodeReady | None = None
    offer_ends: float = 0.0
    scanned: Scanned | None = None
    notice: Waiting | None = None
    notice_ends: float = 0.0

    def with_notice(self, notice: Waiting, until: float) -> Shown:
        """Return the same with a notice."""
        return replace(self, notice=notice, notice_ends=until)


@dataclass(frozen=True, slots=True)
class _Candidate:
    columns: int
    content: RenderableType


class Screen:
    """Draws the screen of one pairing.

    Args:
        subject: What is being paired.
        can_draw: Whether the terminal takes half blocks.
    """

    def __init__(self, subject: Subject, *, can_draw: bool) -> None:
        self._subject = subject
        self._can_draw = can_draw

    def draw(
        self, shown: Shown, now: float, console: Console, options: ConsoleOptions
    ) -> RenderableType:
        """Return what is to be seen at ``now`` in a window of that size."""
        foot = [*_notice(shown, now), Text("Ctrl-C stops.", style="dim")]
        if shown.scanned:
            return self._page(Text(words.scanned(shown.scanned), style="wuts.good"), *foot)
        if shown.offer is None:
            return self._page(Text("Asking the gateway…"), *foot)
        if shown.offer_ends <= now:
            return self._page(Text("That one has expired. Asking for a fresh one…"), *foot)
        time = _countdown(shown.offer, shown.offer_ends - now)
        if isinstance(shown.offer, CodeReady):
            return self._code_page(shown.offer, [time, *foot], options)
        return self._qr_page(shown.offer, [time, *foot], console, options)

    def _page(self, *lines: RenderableType) -> RenderableType:
        return Padding(Group(*self._title(), "", *lines), _MARGIN)

    def _title(self) -> list[Text]:
        title = [Text(f"Pair “{self._subject.name}”", style="bold")]
        return [*title, Text(self._subject.note)] if self._subject.note else title

    def _steps(self) -> list[Text]:
        steps = enumerate(words.steps(self._subject), start=1)
        return [Text(f"{number}. {step}") for number, step in steps]

    def _code_page(
        self, offer: CodeReady, foot: list[RenderableType], options: ConsoleOptions
    ) -> RenderableType:
        letters = big_letters(offer.code)
        fits = len(letters[0]) + PANEL <= options.max_width
        code = Text("\n".join(letters) if fits else " ".join(offer.code), style="bold")
        panel = Panel.fit(code, padding=_MARGIN)
        plain = Text(f"The code is {offer.code}, for {phone(offer.phone)}.")
        return self._page(*self._steps(), "", panel, "", plain, *foot)

    def _qr_page(
        self,
        offer: QrReady,
        foot: list[RenderableType],
        console: Console,
        options: ConsoleOptions,
    ) -> RenderableType:
        if offer.payload is None or not self._can_draw:
            return self._page(*self._no_qr(offer), "", *foot)
        qr = QrBlock(offer.payload)
        for candidate in self._qr_candidates(qr, foot):
            if _fits(candidate, console, options):
                return candidate.content
        return self._page(*self._too_small(qr, options), "", *foot)

    def _qr_candidates(self, qr: QrBlock, foot: list[RenderableType]) -> Iterator[_Candidate]:
        """Yield what to try, the most comfortable first."""
        beside = Table.grid(padding=(0, GAP, 0, 0))
        beside.add_column(width=qr.columns)
        beside.add_column(overflow="fold")
        words_beside = Group(*self._title(), "", *self._steps(), "", *foot)
        beside.add_row(qr, words_beside)
        columns = qr.columns + GAP + LEAST_BESIDE
        yield _Candidate(columns + 2 * _MARGIN[1], Padding(beside, _MARGIN))
        yield _Candidate(columns, beside)
        above = [*self._title(), Text(words.steps_in_one_line(self._subject))]
        yield _Candidate(qr.columns, Group(*above, qr, *foot))
        yield _Candidate(qr.columns, Group(qr, foot[0]))
        yield _Candidate(qr.columns, qr)

    def _no_qr(self, offer: QrReady) -> Iterator[Text]:
        if offer.payload is None:
            yield Text("The gateway sent the QR only as a picture, which a terminal cannot draw.")
        else:
            yield Text("This terminal is not set to Unicode, so it cannot draw a QR.")
        yield Text(words.where_the_picture_is(self._subject))
        yield Text(words.other_ways(self._subject))

    def _too_small(self, qr: QrBlock, options: ConsoleOptions) -> Iterator[Text]:
        yield Text(
            f"This window is too small for the QR, which needs {qr.columns} columns and "
            f"{qr.rows} rows. It has {options.size.width} and {options.size.height}."
        )
        yield Text("Make the window larger, or its letters smaller: the QR then shows by itself.")
        yield Text(words.where_the_picture_is(self._subject))
        yield Text(words.other_ways(self._subject))


def _fits(candidate: _Candidate, console: Console, options: ConsoleOptions) -> bool:
    if candidate.columns > options.max_width:
        return False
    lines = console.render_lines(candidate.content, options.update(height=None), pad=False)
    return len(lines) <= options.size.height


def _countdown(offer: QrReady | CodeReady, left: float) -> RenderableType:
    row = Table.grid(padding=(0, 1, 0, 0))
    bar = ProgressBar(
        total=offer.lifetime,
        completed=left,
        width=BAR,
        style="dim",
        complete_style="wuts.time",
        finished_style="wuts.time",
    )
    row.add_row(bar, Text(f"good for {_duration(left)}"))
    return row


def _duration(seconds: float) -> str:
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < MINUTES_FROM else f"{whole // 60}:{whole % 60:02} min"


def _notice(shown: Shown, now: float) -> Iterator[Text]:
    if shown.notice and now < shown.notice_ends:
        yield Text(words.waiting(shown.notice), style="wuts.wait")
