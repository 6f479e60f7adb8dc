"""How a device did, from the lines of its history."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.supervisor.virtual import DAY, HOUR, World
from wuts.supervisor import DeviceState, HistoryKind, HistoryLine, SupervisorSettings, uptimes
from wuts.supervisor.alerts.journal import Journal
from wuts.supervisor.alerts.records import RecordBox

START = datetime(2026, 11, 1, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return START + timedelta(minutes=minutes)


def state(minutes: float, new: DeviceState, device_id: str = "d0") -> HistoryLine:
    return HistoryLine(
        account="home", device_id=device_id, kind=HistoryKind.STATE, detail=new, at=at(minutes)
    )


def watched(begin: float, end: float) -> HistoryLine:
    return HistoryLine(
        account="home",
        device_id=None,
        kind=HistoryKind.WATCHED,
        detail="",
        at=at(begin),
        until=at(end),
    )


UP, DOWN, PAUSED = DeviceState.CONNECTED, DeviceState.RECONNECTING, DeviceState.PAUSED


def test_an_hour_with_one_drop() -> None:
    lines = [watched(0, 60), state(0, UP), state(20, DOWN), state(35, UP)]
    [found] = uptimes(lines, at(0), at(60))
    assert (found.drops, found.longest_outage) == (1, timedelta(minutes=15))
    assert found.connected == timedelta(minutes=45)
    assert found.share == pytest.approx(0.75)


def test_what_was_before_counts_from_the_beginning() -> None:
    lines = [watched(-100, 60), state(-50, DOWN), state(30, UP)]
    [found] = uptimes(lines, at(0), at(60))
    assert (found.share, found.drops) == (0.5, 0)


def test_what_is_paused_or_was_never_paired_does_not_count() -> None:
    lines = [
        watched(0, 60),
        state(0, DeviceState.NEVER_PAIRED),
        state(10, UP),
        state(20, PAUSED),
        state(50, UP),
    ]
    [found] = uptimes(lines, at(0), at(60))
    assert (found.counted, found.share, found.drops) == (timedelta(minutes=20), 1.0, 0)


def test_what_nobody_watched_does_not_count_and_is_no_outage() -> None:
    lines = [watched(0, 10), watched(50, 60), state(0, UP), state(5, DOWN), state(55, UP)]
    [found] = uptimes(lines, at(0), at(60))
    assert found.counted == timedelta(minutes=20)
    assert found.connected == timedelta(minutes=10)
    assert found.longest_outage == timedelta(minutes=10)


def test_an_outage_goes_through_several_states() -> None:
    lines = [watched(0, 60), state(0, UP), state(10, DOWN), state(20, DeviceState.NEEDS_PAIRING)]
    [found] = uptimes(lines, at(0), at(60))
    assert (found.drops, found.longest_outage) == (1, timedelta(minutes=50))


def test_nothing_watched_is_no_share() -> None:
    [found] = uptimes([state(0, UP)], at(0), at(60))
    assert found.share is None


@given(
    changes=st.lists(
        st.tuples(st.integers(-50, 70), st.sampled_from(list(DeviceState))), max_size=20
    ),
    spans=st.lists(st.tuples(st.integers(0, 10), st.integers(0, 5)), max_size=6),
)
def test_no_history_counts_more_than_there_was(
    changes: list[tuple[int, DeviceState]], spans: list[tuple[int, int]]
) -> None:
    lines, moment = [], -20
    for length, gap in spans:
        lines.append(watched(moment, moment + length))
        moment += length + gap
    lines += [state(minute, new) for minute, new in sorted(changes, key=lambda one: one[0])]
    for found in uptimes(lines, at(0), at(60)):
        assert timedelta() <= found.connected <= found.counted <= timedelta(minutes=60)
        assert found.longest_outage <= found.counted - found.connected
        assert 0 <= found.drops <= len(changes)


def journal(history_for: float = 90 * DAY) -> tuple[Journal, RecordBox]:
    box = RecordBox()
    return Journal(box, history_for), box


def test_an_account_is_watched_as_long_as_it_is_listed() -> None:
    found, box = journal()
    for minute in range(0, 60, 1):
        found.note_watched("home", 60.0 * minute)
    [(key, until)] = box.watched.items()
    assert key == ("home", datetime.fromtimestamp(0, UTC))
    assert until.timestamp() >= 55 * 60


def test_a_gateway_that_was_away_leaves_a_gap() -> None:
    found, box = journal()
    for minute in (0, 5, 10, 60, 65):
        found.note_watched("home", 60.0 * minute)
    spans = [
        (since.timestamp() / 60, end.timestamp() / 60) for (_, since), end in box.watched.items()
    ]
    assert spans == [(0, 10), (60, 65)]


def test_what_is_too_old_is_forgotten_once_a_day() -> None:
    found, box = journal(90 * DAY)
    found.note_watched("home", 100 * DAY)
    assert box.prune == {"home": datetime.fromtimestamp(10 * DAY, UTC)}
    box.take(None)
    found.note_watched("home", 100 * DAY + HOUR)
    assert box.prune == {}
    found.note_watched("home", 101 * DAY)
    assert box.prune == {"home": datetime.fromtimestamp(11 * DAY, UTC)}


def test_no_history_is_wanted() -> None:
    world = World(SupervisorSettings(history_for=0.0))
    world.gateway.add("d0", "d1", "d2")
    world.start()
    world.run(HOUR)
    world.gateway.unlink("d0")
    world.run(HOUR)
    assert world.history == []
    assert world.watched == {}


def test_a_state_is_written_down_once() -> None:
    world = World()
    world.gateway.add("d0", "d1", "d2")
    world.start()
    world.run(HOUR)
    world.gateway.drop("d0")
    world.run(HOUR)
    lines = [one for one in world.history if one.device_id == "d0"]
    assert [one.detail for one in lines] == ["connected", "reconnecting", "connected"]
    assert {one.kind for one in lines} == {HistoryKind.STATE}
