"""The budget for looking numbers up, with the time passed in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.check_budget import DEFAULT_LIMIT, CheckBudget
from wuts.errors import CheckBudgetUsedUpError

NOW = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_two_hundred_numbers_an_hour_unless_told_otherwise() -> None:
    assert DEFAULT_LIMIT == 200
    assert CheckBudget().left(NOW) == 200


def test_what_is_spent_comes_back_after_an_hour() -> None:
    budget = CheckBudget(limit=10).spend(4, NOW).spend(6, NOW + 10 * MINUTE)
    assert budget.left(NOW + 10 * MINUTE) == 0
    assert budget.left(NOW + HOUR - MINUTE) == 0
    assert budget.left(NOW + HOUR) == 4
    assert budget.left(NOW + HOUR + 10 * MINUTE) == 10


def test_more_than_is_left_is_refused_and_told_when() -> None:
    budget = CheckBudget(limit=10).spend(4, NOW).spend(5, NOW + 10 * MINUTE)
    with pytest.raises(CheckBudgetUsedUpError) as refused:
        budget.spend(6, NOW + 20 * MINUTE)
    error = refused.value
    assert (error.code, error.limit, error.left) == ("check_budget_used_up", 10, 1)
    assert error.free_at == NOW + HOUR + 10 * MINUTE
    assert budget.spend(1, NOW + 20 * MINUTE).left(NOW + 20 * MINUTE) == 0


def test_more_than_an_hours_worth_is_never_free() -> None:
    with pytest.raises(CheckBudgetUsedUpError) as refused:
        CheckBudget(limit=10).spend(11, NOW)
    assert refused.value.free_at is None


def test_zero_is_no_limit() -> None:
    budget = CheckBudget(limit=0).spend(1_000_000, NOW)
    assert budget.left(NOW) is None
    assert budget.free_at(1_000_000, NOW) == NOW
    assert budget.spent == ()


def test_it_survives_being_written_down() -> None:
    budget = CheckBudget(limit=10).spend(4, NOW).spend(2, NOW + MINUTE)
    assert CheckBudget.from_text(budget.as_text(), limit=10) == budget


@pytest.mark.parametrize(
    "text", [None, "", "{", "7", "[[1]]", '[["a", "b"]]', "[[1e400, 1]]", "[[99999999999999, 1]]"]
)
def test_what_is_not_readable_counts_as_nothing_spent(text: str | None) -> None:
    assert CheckBudget.from_text(text, limit=10) == CheckBudget(limit=10)


def test_a_clock_that_was_set_back_blocks_for_two_hours_at_most() -> None:
    budget = CheckBudget(limit=10).spend(10, NOW)
    assert budget.left(NOW - 3 * HOUR) == 10
    assert budget.left(NOW - MINUTE) == 0


@given(st.lists(st.tuples(st.integers(0, 7200), st.integers(1, 60)), max_size=60))
def test_no_hour_ever_sees_more_than_the_limit(asked: list[tuple[int, int]]) -> None:
    budget = CheckBudget(limit=100)
    granted: list[tuple[datetime, int]] = []
    for second, count in sorted(asked):
        now = NOW + timedelta(seconds=second)
        free_at = budget.free_at(count, now)
        assert free_at is not None
        assert (budget.left(free_at) or 0) >= count
        if free_at > now:
            with pytest.raises(CheckBudgetUsedUpError):
                budget.spend(count, now)
        else:
            budget = CheckBudget.from_text(budget.spend(count, now).as_text(), limit=100)
            granted.append((now, count))
    for start, _ in granted:
        assert sum(count for at, count in granted if start <= at < start + HOUR) <= 100
