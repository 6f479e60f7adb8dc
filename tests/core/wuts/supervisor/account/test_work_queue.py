from hypothesis import given
from hypothesis import strategies as st

from wuts.supervisor.account.work_queue import (
    NEVER,
    PROBES,
    CallKind,
    DueQueue,
    Key,
    Limiter,
    WorkQueue,
)

HOME, DEVICE, OTHER = Key("home"), Key("home", "d0"), Key("office", "d0")


def test_keys_are_due_in_the_order_of_their_moments() -> None:
    due = DueQueue()
    due.put(HOME, 3.0)
    due.put(DEVICE, 1.0)
    due.put(OTHER, 2.0)
    assert due.next() == 1.0
    assert [*due.take(0.9)] == []
    assert [*due.take(2.0)] == [DEVICE, OTHER]
    assert (due.next(), due[HOME], due[DEVICE]) == (3.0, 3.0, NEVER)


def test_a_key_is_due_once_at_its_newest_moment() -> None:
    due = DueQueue()
    for when in (5.0, 1.0, 3.0, 3.0):
        due.put(HOME, when)
    assert due.next() == 3.0
    assert [*due.take(9.0)] == [HOME]
    assert due.next() == NEVER


def test_a_key_that_is_never_due_is_taken_out() -> None:
    due = DueQueue()
    due.put(HOME, 1.0)
    due.put(HOME, NEVER)
    assert due.next() == NEVER
    assert [*due.take(9.0)] == []


def test_what_is_due_is_not_lost_when_one_look_fails() -> None:
    due = DueQueue()
    for key in (HOME, DEVICE, OTHER):
        due.put(key, 1.0)
    assert next(due.take(1.0)) == HOME
    assert [*due.take(1.0)] == [DEVICE, OTHER]


def test_what_is_due_again_at_once_waits_for_the_next_look() -> None:
    due = DueQueue()
    due.put(HOME, 1.0)
    for key in due.take(1.0):
        due.put(key, 1.0)
    assert [*due.take(1.0)] == [HOME]


def test_an_account_takes_its_devices_with_it() -> None:
    due = DueQueue()
    for key in (HOME, DEVICE, OTHER):
        due.put(key, 1.0)
    due.drop("home")
    assert [*due.take(1.0)] == [OTHER]


def test_moments_that_were_replaced_do_not_pile_up() -> None:
    due = DueQueue()
    for number in range(10_000):
        due.put(HOME, 10_000.0 - number)
    assert len(due._heap) < 200
    assert [*due.take(1.0)] == [HOME]


def queue_of(*ids: str, limit: int = 3) -> WorkQueue:
    queue = WorkQueue(limit)
    for one in ids:
        queue.add(one)
    return queue


def taken(queue: WorkQueue) -> list[str]:
    return [queue.take() for _ in range(len(queue))]


def test_first_come_first_served() -> None:
    assert taken(queue_of("a", "b", "c")) == ["a", "b", "c"]


def test_a_device_waits_once_and_keeps_its_place() -> None:
    queue = queue_of("a", "b", "a")
    assert len(queue) == 2
    assert taken(queue) == ["a", "b"]


def test_a_device_may_wait_again_after_its_turn() -> None:
    queue = queue_of("a")
    queue.take()
    assert "a" not in queue
    queue.add("a")
    assert "a" in queue


def test_one_in_a_hurry_goes_first() -> None:
    queue = queue_of("a", "b", "c")
    queue.hurry("c")
    assert taken(queue) == ["c", "a", "b"]


def test_one_that_does_not_wait_cannot_hurry() -> None:
    queue = queue_of("a")
    queue.hurry("b")
    assert taken(queue) == ["a"]


def test_the_room_is_what_the_window_leaves() -> None:
    queue = queue_of(limit=4)
    queue.in_flight.update(a=CallKind.STATUS, b=CallKind.CONNECT)
    assert queue.room == 2
    queue.limiter = queue.limiter.failed()
    queue.limiter = queue.limiter.failed()
    assert queue.limiter.failures == 2
    assert queue.room == -1
    queue.limiter = Limiter.full(4)
    assert queue.room == 2
    del queue.in_flight["a"]
    assert queue.room == 3
    queue.limiter = queue.limiter.probing()
    assert queue.room == 2


def test_a_new_limiter_allows_all_it_may() -> None:
    limiter = Limiter.full(20)
    assert (limiter.size, limiter.is_full) == (20, True)


def test_probing_allows_a_few() -> None:
    assert Limiter.full(20).probing().size == PROBES
    assert Limiter.full(2).probing().size == 2


def test_each_success_allows_one_more_up_to_the_limit() -> None:
    limiter = Limiter.full(5).probing()
    sizes = [(limiter := limiter.answered()).size for _ in range(4)]
    assert sizes == [4, 5, 5, 5]
    assert limiter.is_full


def test_each_failure_halves_down_to_one_and_is_counted() -> None:
    limiter = Limiter.full(20)
    seen = [((limiter := limiter.failed()).size, limiter.failures) for _ in range(6)]
    assert seen == [(10, 1), (5, 2), (2, 3), (1, 4), (1, 5), (1, 6)]


def test_a_success_ends_the_row_of_failures() -> None:
    limiter = Limiter.full(1).failed()
    assert not limiter.is_full
    assert limiter.answered().is_full
    assert limiter.answered().failures == 0


def test_a_device_s_own_failure_allows_one_more_too_but_is_counted() -> None:
    limiter = Limiter.full(5).probing().answered(well=False)
    assert (limiter.size, limiter.failures, limiter.is_full) == (4, 1, False)


def test_a_full_limiter_has_forgotten_its_failures() -> None:
    assert Limiter.full(9).failed().failed().failures == 2
    assert Limiter.full(9).failures == 0


@given(limit=st.integers(1, 200), outcomes=st.lists(st.sampled_from(["ok", "failed", "probe"])))
def test_the_size_stays_between_one_and_the_limit(limit: int, outcomes: list[str]) -> None:
    limiter = Limiter.full(limit)
    for outcome in outcomes:
        limiter = {"ok": limiter.answered, "failed": limiter.failed, "probe": limiter.probing}[
            outcome
        ]()
        assert 1 <= limiter.size <= limit
