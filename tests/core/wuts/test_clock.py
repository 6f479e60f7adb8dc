"""The steady clock."""

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
