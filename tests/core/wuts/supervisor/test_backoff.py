from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.supervisor import SupervisorSettings
from wuts.supervisor.settings import LONGEST_RETRY_AFTER, honoured


@given(
    attempt=st.integers(1, 10_000),
    base=st.floats(0.001, 100),
    factor=st.floats(1, 1_000),
    seed=st.integers(),
)
def test_a_wait_is_never_negative_and_never_above_its_bounds(
    attempt: int, base: float, factor: float, seed: int
) -> None:
    cap = base * factor
    wait = SupervisorSettings(base=base, cap=cap).backoff(attempt, Random(seed))
    assert 0 <= wait <= cap
    if attempt < 20:
        assert wait <= base * 2 ** (attempt - 1)


def test_the_whole_wait_is_random() -> None:
    rng, settings = Random(7), SupervisorSettings(base=5, cap=300)
    waits = sorted(settings.backoff(3, rng) for _ in range(4_000))
    for quarter in range(1, 4):
        assert waits[quarter * 1_000] == pytest.approx(quarter * 5, abs=0.5)


@pytest.mark.parametrize(
    ("asked", "floor"),
    [(None, 0.0), (0.0, 0.0), (17.5, 17.5), (3_600.0, 3_600.0), (1e9, LONGEST_RETRY_AFTER)],
)
def test_retry_after_is_a_floor_of_an_hour_at_most(asked: float | None, floor: float) -> None:
    assert honoured(asked) == floor
