"""Supervision on a live screen, for a window of any size."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from heapq import nsmallest
from itertools import compress
from typing import NamedTuple, override

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wuts.supervisor import (
    WORST_FIRST,
    AccountChanged,
    AccountState,
    Device,
    DeviceState,
    Event,
    OwnerChanged,
    Ownership,
    Reason,
    StateChanged,
    StoreTrouble,
    Supervisor,
    worst_first,
)
from wuts_cli.live import live_screen
from wuts_cli.output import Output
from wuts_cli.store import ACCOUNT
from wuts_cli.text import NOTHING, printable

from . import words
from .display import Display
from .writer import Writer

REDRAW_EVERY = 0.5
"""Seconds; if nothing has changed nothing is drawn."""

GOODBYE = 0.5
"""Seconds to wait for a terminal that somebody stopped, before it is left as it is."""

MOST_EVENTS = 8
"""Last events that are shown, at most."""

_STYLES = {
    DeviceState.CONNECTED: "wuts.good",
    DeviceState.RECONNECTING: "wuts.wait",
    DeviceState.NEEDS_PAIRING: "wuts.bad",
}

_OTHER_LINES = 7
"""Title, summary, a blank, the headings, how many more, a blank, the last line."""

_HEADINGS = {"NAME": 0, "STATE": 0, "SINCE": 70, "TRY": 60, "NEXT TRY": 45, "ID": 100}
"""Each column, and how wide the window must be for it: what is least needed goes first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A device as it is shown."""

    state: DeviceState | None
    cells: tuple[str, ...]


class Picture(NamedTuple):
    """All that is shown; two that are equal look the same."""

    size: tuple[int, int]
    head: tuple[tuple[str, str], ...]
    rows: tuple[Row, ...]
    foot: tuple[tuple[str, str], ...]


class ScreenDisplay(Display):
    """Draws the devices that need a person most, and the last events.

    Args:
        writer: Where to.
        output: The terminal.
        title: What is watched.
        note: What a person should know of how it is watched, or an empty text.
        clock: Returns seconds since 1970: the wall clock, by which the supervisor tells times.
    """

    def __init__(
        self,
        writer: Writer,
        output: Output,
        *,
        title: str,
        note: str,
        clock: Callable[[], float],
    ) -> None:
        super().__init__(writer)
        self._console = output.console
        self._console.file = writer.file
        self._title = title
        self._foot = f"{note} Press Ctrl-C to stop.".lstrip()
        self._clock = clock
        self._last = deque[str](maxlen=MOST_EVENTS)
        self._account: AccountChanged | None = None
        self._store: StoreTrouble | None = None
        self._is_waiting = False

    @override
    async def show(self, event: Event) -> None:
        match event:
            case StateChanged(reason=Reason.FIRST_SEEN | Reason.RETRY):
                # The table shows it, and there are so many that they would push out all else.
                return
            case AccountChanged():
                self._account = event
            case StoreTrouble():
                self._store = event
            case OwnerChanged():
                self._is_waiting = event.role is Ownership.STANDBY
        self._last.append(words.stamped(event))

    @override
    def note(self, text: str) -> None:
        self._last.append(text)

    @override
    async def run(self, supervisor: Supervisor) -> None:
        drawn = None
        live = live_screen("", self._console)
        try:
            with live:
                while True:
                    if self._loss.done():
                        await self._loss
                    picture = self._picture(supervisor)
                    if picture != drawn:
                        live.update(_draw(picture), refresh=True)
                        drawn = picture
                    await self._writer.drain()
                    await asyncio.sleep(REDRAW_EVERY)
        finally:
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE):
                    await self._writer.drain()

    def _picture(self, supervisor: Supervisor) -> Picture:
        devices = supervisor.devices(ACCOUNT).values()
        warnings = tuple(self._warnings(supervisor.account_state(ACCOUNT)))
        size = self._console.size
        room, shown_events = room_for_rows(size.height, len(warnings), len(self._last))
        rows = worst(devices, room, self._clock())
        hidden = len(devices) - len(rows)
        events = [*self._last][-shown_events:] if shown_events else []
        return Picture(
            size=size,
            head=(
                (self._title, "bold"),
                (summary(devices), ""),
                *((warning, "wuts.bad") for warning in warnings),
                ("", ""),
            ),
            rows=rows,
            foot=(
                *([(f"… and {hidden:,} more", "")] if hidden else []),
                *((line, "") for line in (["", *events] if events else [])),
                ("", ""),
                (self._foot, "dim"),
            ),
        )

    def _warnings(self, state: AccountState) -> Iterator[str]:
        """Say what is wrong now; a state may be older than the events that were seen."""
        if self._is_waiting:
            yield words.STANDBY
        if state is AccountState.TOKEN_REFUSED:
            yield words.REFUSED
        elif state is AccountState.GATEWAY_DOWN:
            known = self._account is not None and self._account.new is state
            yield words.account(self._account) if self._account and known else words.DOWN
        if self._store is not None and self._store.problem is not None:
            yield words.store_trouble(self._store)


def summary(devices: Collection[Device]) -> str:
    """Return how many devices there are in each state."""
    counts = Counter(device.state for device in devices)
    noun = "device" if len(devices) == 1 else "devices"
    parts = [f"{counts[state]:,} {words.STATES[state]}" for state in WORST_FIRST if counts[state]]
    return ": ".join(filter(None, [f"{len(devices):,} {noun}", ", ".join(parts)]))


def worst(devices: Iterable[Device], limit: int, now: float) -> tuple[Row, ...]:
    """Return the devices that need a person most."""
    found = nsmallest(limit, devices, worst_first)
    return tuple(Row(device.state, _cells(device, now)) for device in found)


def room_for_rows(height: int, warnings: int, events: int) -> tuple[int, int]:
    """Return how many devices and how many events there is room for."""
    room = max(0, height - warnings - _OTHER_LINES)
    shown_events = min(events, MOST_EVENTS, room // 3)
    # The events have a blank before them.
    return room - shown_events - (shown_events > 0), shown_events


def _draw(picture: Picture) -> RenderableType:
    head, foot = (
        [Text(text, style=style, no_wrap=True, overflow="ellipsis") for text, style in lines]
        for lines in (picture.head, picture.foot)
    )
    table = [_table(picture.rows, picture.size[0])] if picture.rows else []
    return Group(*head, *table, *foot)


def _table(rows: Sequence[Row], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    shown = [least <= width for least in _HEADINGS.values()]
    for heading in compress(_HEADINGS, shown):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for row in rows:
        style = _STYLES.get(row.state, "") if row.state else ""
        name, state, *others = row.cells
        cells: tuple[str | Text, ...] = (name, Text(state, style=style), *others)
        table.add_row(*compress(cells, shown))
    return table


def _cells(device: Device, now: float) -> tuple[str, ...]:
    attempt, wait = NOTHING, NOTHING
    if device.state is DeviceState.RECONNECTING:
        attempt = str(device.attempt)
        wait = words.next_try((device.next_try or now) - now)
    return (
        printable(device.name) or NOTHING,
        words.STATES[device.state],
        words.since(device.since),
        attempt,
        wait,
        printable(device.id),
    )
