"""History: what happened to devices and alerts, and who acted; and what follows from it. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from ..events import DeviceState


class HistoryKind(StrEnum):
    """What a line of the history says."""

    STATE = "state"
    """A device's state changed; `detail` is the new one."""
    WATCHED = "watched"
    """The account was watched, from `at` to `until`."""
    RAISED = "raised"
    """An alert was raised; `detail` is its kind."""
    RESOLVED = "resolved"
    """It was resolved; `detail` is its kind."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody took an alert; `detail` is its kind."""
    MUTED = "muted"
    """Somebody muted alerts; `detail` is their kind, or empty for all."""
    UNMUTED = "unmuted"
    """A mute ended; `detail` is as above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One line of the history.

    Attributes:
        account: The account's name.
        device_id: The device, or None when it is about the account.
        kind: What it says.
        detail: See `HistoryKind`.
        at: When it happened, or began, in UTC.
        until: When it ended, in UTC, for what lasts.
        by: Who acted, or an empty text.
        text: What that person wrote, or an empty text.
    """

    account: str
    device_id: str | None
    kind: HistoryKind
    detail: str
    at: datetime
    until: datetime | None = None
    by: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uptime:
    """How a device did within a time.

    Attributes:
        device_id: The device.
        connected: How long it was connected.
        counted: How long it was known to be connected or not: while it was watched, not paused, and
            had been paired.
        drops: How often it lost its session.
        longest_outage: The longest time in a row without one, of what is counted.
    """

    device_id: str
    connected: timedelta
    counted: timedelta
    drops: int
    longest_outage: timedelta

    @property
    def share(self) -> float | None:
        """The share of the counted time it was connected, from 0 to 1; None if none counts."""
        return self.connected / self.counted if self.counted else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Strip:
    """How a device did within each part of a time.

    Attributes:
        uptime: How it did in all.
        cells: A sign for each part: ``9`` connected all the time that counts, ``0`` none of it,
            ``1`` to ``8`` a share of it, ``-`` where nothing counts.
    """

    uptime: Uptime
    cells: str


class Frame(NamedTuple):
    """A time that is cut into parts of the same length; in microseconds since 1970.

    Attributes:
        start: Its beginning.
        end: Its end.
        parts: How many parts.
    """

    start: int
    end: int
    parts: int = 1

    @property
    def length(self) -> int:
        """How long a part is; the last one may be shorter."""
        return -((self.start - self.end) // self.parts)


_NOT_COUNTED = frozenset({DeviceState.PAUSED, DeviceState.NEVER_PAIRED, DeviceState.GONE})

_NO_OUTAGE = frozenset({"", DeviceState.CONNECTED, *_NOT_COUNTED})
"""States that end an outage; the empty one is not known."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_LEVELS = 8
"""Shares that are told apart between none and all."""

type Span = tuple[int, int]
"""A time, in microseconds since 1970."""

type StateChange = tuple[int, str]
"""When a device's state changed, in microseconds since 1970, and the new one."""


def microseconds(moment: datetime) -> int:
    """Return a moment in microseconds since 1970."""
    return (moment - _EPOCH) // _MICROSECOND


def uptimes(lines: Iterable[HistoryLine], start: datetime, end: datetime) -> list[Uptime]:
    """Return how each device of one account did from ``start`` to ``end``.

    What happened while nobody watched is not known, and does not count.

    Args:
        lines: Of the account, in the order they happened; the last state of each device before
            ``start`` among them.
        start: In UTC.
        end: In UTC.
    """
    watched: list[Span] = []
    states: dict[str, list[StateChange]] = {}
    for line in lines:
        if line.kind is HistoryKind.WATCHED and line.until is not None:
            watched.append((microseconds(line.at), microseconds(line.until)))
        elif line.kind is HistoryKind.STATE and line.device_id is not None:
            change = microseconds(line.at), line.detail
            states.setdefault(line.device_id, []).append(change)
    frame = Frame(microseconds(start), microseconds(end))
    spans = within(watched, frame)
    return [strip(id_, changes, spans, frame).uptime for id_, changes in sorted(states.items())]


def within(watched: Iterable[Span], frame: Frame) -> list[Span]:
    """Return what of these times is within a frame, in order."""
    cut = ((max(begin, frame.start), min(end, frame.end)) for begin, end in watched)
    return sorted(span for span in cut if span[0] < span[1])


def strip(
    device_id: str, changes: Sequence[StateChange], watched: Sequence[Span], frame: Frame
) -> Strip:
    """Return how a device did.

    Args:
        device_id: The device.
        changes: Of its state, in order; the last one before the frame among them.
        watched: When its account was watched, in order, within the frame.
        frame: The time in question.
    """
    connected = counted = drops = longest = outage = 0
    parts = [[0, 0] for _ in range(frame.parts)]
    for begin, end, state, dropped in _stretches(changes, watched):
        drops += dropped
        is_up, is_down = state == DeviceState.CONNECTED, state not in _NO_OUTAGE
        outage = outage + end - begin if is_down else 0
        longest = max(longest, outage)
        if is_up or is_down:
            connected += (end - begin) * is_up
            counted += end - begin
            _add(parts, frame, begin, end, is_up=is_up)
    uptime = Uptime(
        device_id=device_id,
        connected=connected * _MICROSECOND,
        counted=counted * _MICROSECOND,
        drops=drops,
        longest_outage=longest * _MICROSECOND,
    )
    return Strip(uptime=uptime, cells="".join(_sign(*part) for part in parts))


def _stretches(
    changes: Sequence[StateChange], watched: Sequence[Span]
) -> Iterator[tuple[int, int, str, int]]:
    """Yield what was watched of each state: from when, until when, and the drops just before."""
    place, state, drops = 0, "", 0
    for moment, finish in watched:
        while moment < finish:
            while place < len(changes) and changes[place][0] <= moment:
                was_up, state = state == DeviceState.CONNECTED, changes[place][1]
                is_drop = was_up and state not in _NO_OUTAGE
                drops += is_drop and changes[place][0] >= watched[0][0]
                place += 1
            next_change = changes[place][0] if place < len(changes) else finish
            until = min(next_change, finish)
            yield moment, until, state, drops
            moment, drops = until, 0  # noqa: PLW2901 - the rest of the span


def _add(parts: list[list[int]], frame: Frame, begin: int, end: int, *, is_up: bool) -> None:
    """Add a stretch to the parts that it is in."""
    length = frame.length
    first, last = (begin - frame.start) // length, (end - 1 - frame.start) // length
    for place in range(first, last + 1):
        edge = frame.start + place * length
        piece = min(end, edge + length) - max(begin, edge)
        parts[place][0] += piece * is_up
        parts[place][1] += piece


def _sign(connected: int, counted: int) -> str:
    if not counted:
        return "-"
    if connected >= counted:
        return str(_LEVELS + 1)
    return str(min(_LEVELS, 1 + connected * _LEVELS // counted)) if connected else "0"
