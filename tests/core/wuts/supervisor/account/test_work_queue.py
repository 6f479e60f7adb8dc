from wuts.supervisor.account.work_queue import CallQueue
from wuts.supervisor.device.calls import CallKind


def queue_of(*ids: str, limit: int = 3) -> CallQueue:
    queue = CallQueue(limit)
    for one in ids:
        queue.add(one)
    return queue


def taken(queue: CallQueue) -> list[str]:
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
    assert queue.failed() == 1
    assert queue.failed() == 2
    assert queue.room == -1
    queue.reopen()
    assert queue.room == 2
    queue.answered("a")
    assert queue.room == 3
    queue.probe()
    assert queue.room == 2
