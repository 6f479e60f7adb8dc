"""History: what happened to devices and alerts, and who acted; and what follows from it. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from ..events import DeviceState


class HistoryKind(StrEnum):
    """What a line of the history tells."""

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
        kind: What it tells.
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


_NOT_COUNTED = frozenset({DeviceState.PAUSED, DeviceState.NEVER_PAIRED, DeviceState.GONE})

_NO_OUTAGE = frozenset({"", DeviceState.CONNECTED, *_NOT_COUNTED})
"""States that end an outage; the empty one is not known."""

type _Span = tuple[datetime, datetime]


def uptimes(lines: Iterable[HistoryLine], start: datetime, end: datetime) -> list[Uptime]:
    """Return how each device of one account did from ``start`` to ``end``.

    What happened while nobody watched is not known, and does not count.

    Args:
        lines: Of the account, in the order they happened; the last state of each device before
            ``start`` among them.
        start: In UTC.
        end: In UTC.
    """
    watched: list[_Span] = []
    states: dict[str, list[tuple[datetime, str]]] = {}
    for line in lines:
        if line.kind is HistoryKind.WATCHED and line.until is not None:
            watched.append((max(line.at, start), min(line.until, end)))
        elif line.kind is HistoryKind.STATE and line.device_id is not None:
            states.setdefault(line.device_id, []).append((line.at, line.detail))
    spans = sorted(span for span in watched if span[0] < span[1])
    return [_uptime(device_id, changes, spans) for device_id, changes in sorted(states.items())]


def _uptime(device_id: str, changes: list[tuple[datetime, str]], watched: list[_Span]) -> Uptime:
    connected = counted = longest = outage = timedelta()
    drops, place, state = 0, 0, ""
    for begin, finish in watched:
        moment = begin
        while moment < finish:
            while place < len(changes) and changes[place][0] <= moment:
                was_up, state = state == DeviceState.CONNECTED, changes[place][1]
                is_drop = was_up and state not in _NO_OUTAGE
                drops += is_drop and changes[place][0] >= watched[0][0]
                place += 1
            next_change = changes[place][0] if place < len(changes) else finish
            until = min(next_change, finish)
            is_up, is_down = state == DeviceState.CONNECTED, state not in _NO_OUTAGE
            span, moment = until - moment, until
            connected += span * is_up
            counted += span * (is_up or is_down)
            outage = outage + span if is_down else timedelta()
            longest = max(longest, outage)
    return Uptime(
        device_id=device_id,
        connected=connected,
        counted=counted,
        drops=drops,
        longest_outage=longest,
    )
