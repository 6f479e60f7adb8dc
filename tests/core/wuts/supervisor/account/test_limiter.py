from hypothesis import given
from hypothesis import strategies as st

from wuts.supervisor.account.limiter import PROBES, Window


def test_a_new_window_allows_all_it_may() -> None:
    window = Window.open(20)
    assert (window.size, window.is_open) == (20, True)


def test_probing_allows_a_few() -> None:
    assert Window.open(20).probing().size == PROBES
    assert Window.open(2).probing().size == 2


def test_each_success_allows_one_more_up_to_the_limit() -> None:
    window = Window.open(5).probing()
    sizes = [(window := window.succeeded()).size for _ in range(4)]
    assert sizes == [4, 5, 5, 5]
    assert window.is_open


def test_each_failure_halves_down_to_one_and_is_counted() -> None:
    window = Window.open(20)
    seen = [((window := window.failed()).size, window.failures) for _ in range(6)]
    assert seen == [(10, 1), (5, 2), (2, 3), (1, 4), (1, 5), (1, 6)]


def test_a_success_ends_the_row_of_failures() -> None:
    window = Window.open(1).failed()
    assert not window.is_open
    assert window.succeeded().is_open
    assert window.succeeded().failures == 0


def test_a_reopened_window_has_forgotten_its_failures() -> None:
    assert Window.open(9).failed().failed().reopened() == Window.open(9)


@given(limit=st.integers(1, 200), outcomes=st.lists(st.sampled_from(["ok", "failed", "probe"])))
def test_the_size_stays_between_one_and_the_limit(limit: int, outcomes: list[str]) -> None:
    window = Window.open(limit)
    for outcome in outcomes:
        window = {"ok": window.succeeded, "failed": window.failed, "probe": window.probing}[
            outcome
        ]()
        assert 1 <= window.size <= limit
