"""The steady clock, and the one that keeps the event loop's pace."""

import time

import pytest

from wuts import clock


def test_the_clock_goes_on_at_the_pace_of_seconds() -> None:
    # Read around and within: however long a busy machine holds us up between two readings.
    around, before, within = time.monotonic(), clock.steady_time(), time.monotonic()
    time.sleep(0.05)
    shortest = time.monotonic() - within
    passed = clock.steady_time() - before
    longest = time.monotonic() - around
    assert shortest - 0.001 <= passed <= longest + 0.001


def test_the_time_that_the_machine_slept_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "clock_gettime", lambda clock_id: {clock._CLOCK_ID: 4711.0}[clock_id])
    assert clock.steady_time() == 4711.0


def test_a_system_without_such_a_clock_has_the_usual_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(time, "CLOCK_BOOTTIME", raising=False)
    assert clock._find() is None


def test_a_kernel_that_refuses_such_a_clock_has_the_usual_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(_clock_id: int) -> float:
        raise OSError

    monkeypatch.setattr(time, "clock_gettime", refuse)
    assert clock._find() is None


def test_the_clock_tells_the_time_and_never_goes_back() -> None:
    loop_clock = clock.loop_clock()
    readings = [loop_clock() for _ in range(100)]
    assert readings == sorted(readings)
    assert abs(readings[-1] - time.time()) < 60


def test_setting_the_machine_s_clock_does_not_set_the_loop_s(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    loop_clock = clock.loop_clock()
    before = loop_clock()
    monkeypatch.setattr(time, "time", lambda: 0.0)
    assert before <= loop_clock() < before + 60


@pytest.mark.parametrize(
    ("wall", "offset"), [(100.9, 0.0), (99.1, 0.0), (102.0, 2.0), (0.0, -100.0)]
)
def test_the_wall_s_clock_is_off_by_more_than_a_second_or_not_at_all(
    wall: float, offset: float
) -> None:
    assert clock.wall_offset(lambda: 100.0, lambda: wall)() == offset
