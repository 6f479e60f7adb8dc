"""How a device did within each part of a time."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.supervisor import DeviceState, HistoryKind, HistoryLine, uptimes
from wuts.supervisor.alerts.history import Frame, Span, StateChange, microseconds, strip, within

START = datetime(2026, 11, 1, tzinfo=UTC)
UP, DOWN, PAUSED = DeviceState.CONNECTED, DeviceState.RECONNECTING, DeviceState.PAUSED

type Change = tuple[int, DeviceState]


def at(minutes: float) -> int:
    return microseconds(START + timedelta(minutes=minutes))


def cells(changes: list[Change], *watched: tuple[int, int], parts: int = 4, end: int = 60) -> str:
    frame = Frame(at(0), at(end), parts)
    spans = within([(at(one), at(other)) for one, other in watched], frame)
    return strip("d0", [(at(minute), state) for minute, state in changes], spans, frame).cells


def test_each_part_has_a_sign_of_its_own() -> None:
    assert cells([(0, UP), (15, DOWN), (30, UP)], (0, 60)) == "9099"
    assert cells([(0, DOWN), (15, UP), (52, DOWN)], (0, 60)) == "0994"


def test_what_does_not_count_is_neither_up_nor_down() -> None:
    assert cells([(0, UP)], (0, 15), (45, 60)) == "9--9"
    assert cells([(0, UP), (15, PAUSED), (45, UP)], (0, 60)) == "9--9"
    assert cells([(30, UP)], (0, 60)) == "--99"


def test_a_moment_of_either_is_seen() -> None:
    changes = [(0, UP), (7, DOWN), (8, UP), (15, DOWN), (20, UP), (21, DOWN)]
    assert cells(changes, (0, 60)) == "8100"


@given(
    changes=st.lists(
        st.tuples(st.integers(-50, 70), st.sampled_from(list(DeviceState))), max_size=20
    ),
    spans=st.lists(st.tuples(st.integers(0, 10), st.integers(0, 5)), max_size=6),
    parts=st.integers(1, 12),
)
def test_a_part_is_what_a_report_of_that_time_says(
    changes: list[Change], spans: list[tuple[int, int]], parts: int
) -> None:
    changes.sort(key=lambda one: one[0])
    watched, moment = list[tuple[int, int]](), -20
    for length, gap in spans:
        watched.append((moment, moment + length))
        moment += length + gap
    frame = Frame(at(0), at(60), parts)
    found = cells(changes, *watched, parts=parts)
    lines = [_line(HistoryKind.STATE, minute, state) for minute, state in changes]
    lines += [_line(HistoryKind.WATCHED, begin, until=end) for begin, end in watched]
    assert len(found) == parts
    for place, sign in enumerate(found):
        begin = START + place * frame.length * timedelta(microseconds=1)
        end = min(begin + frame.length * timedelta(microseconds=1), START + timedelta(minutes=60))
        report = next(iter(uptimes(lines, begin, end)), None)
        share = report.share if report else None
        assert sign == ("-" if share is None else _sign(share))


def _sign(share: float) -> str:
    return {0.0: "0", 1.0: "9"}.get(share) or str(min(8, 1 + int(share * 8 + 1e-9)))


def _line(
    kind: HistoryKind, minute: int, detail: str = "", *, until: int | None = None
) -> HistoryLine:
    return HistoryLine(
        account="home",
        device_id=None if kind is HistoryKind.WATCHED else "d0",
        kind=kind,
        detail=detail,
        at=START + timedelta(minutes=minute),
        until=None if until is None else START + timedelta(minutes=until),
    )


@pytest.mark.parametrize("parts", [1, 7, 90, 96])
def test_the_total_is_the_same_however_it_is_cut(parts: int) -> None:
    changes: list[StateChange] = [(at(0), UP), (at(11), DOWN), (at(13), UP), (at(40), DOWN)]
    watched: list[Span] = [(at(0), at(30)), (at(33), at(60))]
    whole = strip("d0", changes, watched, Frame(at(0), at(60))).uptime
    assert strip("d0", changes, watched, Frame(at(0), at(60), parts)).uptime == whole
    assert (whole.drops, whole.longest_outage) == (2, timedelta(minutes=20))
