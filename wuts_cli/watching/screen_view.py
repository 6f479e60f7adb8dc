"""Supervision on a terminal: one screen that is redrawn in place, and gone when it is over."""

import asyncio
from collections import deque
from collections.abc import Iterator
from typing import override

from rich.console import Console

from wuts.supervisor import (
    AccountChanged,
    AccountState,
    Event,
    Reason,
    StateChanged,
    StoreTrouble,
    Supervisor,
)
from wuts_cli.text import printable

from . import words
from .line_views import stamped
from .painter import Painter
from .screen import MOST_EVENTS, Picture, draw, room_for_rows, summary, worst
from .subject import ACCOUNT, Subject
from .view import View
from .writer import Writer

REDRAW_EVERY = 0.5
"""Seconds; where nothing has changed nothing is drawn."""


class ScreenView(View):
    """Draws the devices that need a person most, and the last events.

    Args:
        writer: Where to.
        console: The terminal.
        subject: What is watched.
    """

    def __init__(self, writer: Writer, console: Console, subject: Subject) -> None:
        super().__init__(writer)
        self._console = console
        self._subject = subject
        self._last = deque[str](maxlen=MOST_EVENTS)
        self._account: AccountChanged | None = None
        self._store: StoreTrouble | None = None

    @override
    async def show(self, event: Event) -> None:
        match event:
            case StateChanged(reason=Reason.FIRST_SEEN | Reason.RETRY):
                # The table shows it, and these are so many that all else would be swept away.
                return
            case AccountChanged():
                self._account = event
            case StoreTrouble():
                self._store = event
        self._last.append(stamped(event))

    @override
    def note(self, text: str) -> None:
        self._last.append(text)

    @override
    async def run(self, supervisor: Supervisor) -> None:
        drawn = None
        async with Painter(self._writer, self._console) as painter:
            while True:
                picture = self._picture(supervisor)
                if picture != drawn:
                    await painter.paint(draw(picture))
                    drawn = picture
                await asyncio.sleep(REDRAW_EVERY)

    def _picture(self, supervisor: Supervisor) -> Picture:
        devices = supervisor.devices(ACCOUNT).values()
        warnings = tuple(self._warnings(supervisor.account_state(ACCOUNT)))
        width, height = self._console.size
        room, events = room_for_rows(height, len(warnings), len(self._last))
        rows = worst(devices, room, self._subject.clock())
        return Picture(
            width=width,
            height=height,
            title=f"Watching {printable(self._subject.gateway)}",
            summary=summary(devices),
            warnings=warnings,
            rows=rows,
            hidden=len(devices) - len(rows),
            events=tuple(self._last)[-events:] if events else (),
            foot=f"{self._subject.note} Ctrl-C stops.".lstrip(),
        )

    def _warnings(self, state: AccountState) -> Iterator[str]:
        """Say what is wrong now; a state may be older than the events that were seen."""
        if state is AccountState.TOKEN_REFUSED:
            yield words.REFUSED
        elif state is AccountState.GATEWAY_DOWN:
            known = self._account is not None and self._account.new is state
            yield words.account(self._account) if self._account and known else words.DOWN
        if self._store is not None and self._store.problem is not None:
            yield words.store_trouble(self._store)
