import pytest

from wuts_cli.watching.calls import MOST_CALLS, MOST_SHARED_CALLS, calls_of


@pytest.mark.parametrize(
    ("budget", "members", "calls"),
    [(20, 1, 20), (20, 3, 6), (20, 64, 1), (400, 1, 100), (400, 3, 100), (400, 8, 50)],
)
def test_processes_divide_a_budget_and_none_makes_more_calls_than_it_has_connections_for(
    budget: int, members: int, calls: int
) -> None:
    assert calls_of(budget, members) == calls


def test_as_many_processes_as_there_are_shards_can_use_the_largest_budget() -> None:
    assert calls_of(MOST_SHARED_CALLS, 64) == MOST_CALLS
