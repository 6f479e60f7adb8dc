"""What stands on the screen while devices are watched, for a window of any size."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import compress

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from wuts.supervisor import Device, DeviceState
from wuts_cli.text import NOTHING, printable

from . import words

MOST_EVENTS = 8
"""Last events that are shown, at most."""

_ORDER = (
    DeviceState.NEEDS_PAIRING,
    DeviceState.RECONNECTING,
    None,
    DeviceState.PAUSED,
    DeviceState.NEVER_PAIRED,
    DeviceState.CONNECTED,
)
_RANKS = {state: rank for rank, state in enumerate(_ORDER)}

_STYLES = {
    DeviceState.CONNECTED: "wuts.good",
    DeviceState.RECONNECTING: "wuts.wait",
    DeviceState.NEEDS_PAIRING: "wuts.bad",
}

_OTHER_LINES = 7
"""Title, summary, a blank, the headings, how many more, a blank, the last line."""

_HEADINGS = ("NAME", "STATE", "SINCE", "TRY", "NEXT TRY", "ID")
_COLUMNS_FROM = (0, 0, 70, 60, 45, 100)
"""How wide the window must be for each column: what is least needed goes first."""


@dataclass(frozen=True, slots=True)
class Row:
    """A device as it is shown."""

    state: DeviceState | None
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Picture:
    """All that is to be seen; two that are equal look the same.

    Attributes:
        width: Columns of the window.
        height: Rows of the window.
        title: What is watched.
        summary: How it is.
        warnings: What is wrong beyond single devices.
        rows: The devices that need a person most.
        hidden: How many more there are.
        events: The last ones, newest last.
        foot: The last line.
    """

    width: int
    height: int
    title: str
    summary: str
    warnings: tuple[str, ...]
    rows: tuple[Row, ...]
    hidden: int
    events: tuple[str, ...]
    foot: str


def summary(devices: Collection[Device]) -> str:
    """Return how many devices there are in each state."""
    counts = Counter(device.state for device in devices)
    noun = "device" if len(devices) == 1 else "devices"
    parts = [f"{counts[state]:,} {_state(state)}" for state in _ORDER if counts[state]]
    return ": ".join(filter(None, [f"{len(devices):,} {noun}", ", ".join(parts)]))


def worst(devices: Iterable[Device], limit: int, now: float) -> tuple[Row, ...]:
    """Return the devices that need a person most."""
    return tuple(
        Row(device.state, _cells(device, now)) for device in nsmallest(limit, devices, _rank)
    )


def room_for_rows(height: int, warnings: int, events: int) -> tuple[int, int]:
    """Return how many devices and how many events there is room for."""
    room = max(0, height - warnings - _OTHER_LINES)
    shown_events = min(events, MOST_EVENTS, room // 3)
    # The events have a blank before them.
    return room - shown_events - (shown_events > 0), shown_events


def draw(picture: Picture) -> RenderableType:
    """Return what is to be printed, line by line."""
    lines: list[RenderableType] = [_line(picture.title, "bold"), _line(picture.summary)]
    lines += [_line(warning, "wuts.bad") for warning in picture.warnings]
    lines.append(_line(""))
    if picture.rows:
        lines.append(_table(picture.rows, picture.width))
    if picture.hidden:
        lines.append(_line(f"… and {picture.hidden:,} more"))
    if picture.events:
        lines += [_line(""), *map(_line, picture.events)]
    return Group(*lines, _line(""), _line(picture.foot, "dim"))


def _table(rows: Sequence[Row], width: int) -> Table:
    table = Table(box=None, pad_edge=False, header_style="bold")
    shown = [least <= width for least in _COLUMNS_FROM]
    for heading in compress(_HEADINGS, shown):
        table.add_column(heading, no_wrap=True, overflow="ellipsis")
    for row in rows:
        style = _STYLES.get(row.state, "") if row.state else ""
        name, state, *others = row.cells
        cells: tuple[str | Text, ...] = (name, Text(state, style=style), *others)
        table.add_row(*compress(cells, shown))
    return table


def _line(text: str, style: str = "") -> Text:
    return Text(text, style=style, no_wrap=True, overflow="ellipsis")


def _rank(device: Device) -> tuple[int, int, str, str]:
    return _RANKS.get(device.state, len(_ORDER)), -device.attempt, device.name, device.id


def _cells(device: Device, now: float) -> tuple[str, ...]:
    attempt, wait = NOTHING, NOTHING
    if device.state is DeviceState.RECONNECTING:
        attempt = str(device.attempt)
        wait = words.next_try((device.next_try or now) - now)
    return (
        printable(device.name) or NOTHING,
        _state(device.state),
        words.since(device.since),
        attempt,
        wait,
        printable(device.id),
    )


def _state(state: DeviceState | None) -> str:
    return "not known yet" if state is None else words.STATES[state]
