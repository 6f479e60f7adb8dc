import asyncio
from datetime import UTC, datetime

import pytest

from tests.core.wuts.supervisor.home import until
from wuts.supervisor import (
    Alert,
    AlertKind,
    AlertStatus,
    DeviceState,
    Event,
    EventsLost,
    Reason,
    StateChanged,
    StoreTrouble,
)
from wuts.supervisor.alerts.notifications import Notification
from wuts.supervisor.delivery.subscribers import EVENTS_A_TURN, Bus

AT = datetime(2026, 5, 4, tzinfo=UTC)


def change(number: int) -> StateChanged:
    return StateChanged(
        account="home",
        device_id="d0",
        device_name="",
        old=DeviceState.RECONNECTING,
        new=DeviceState.RECONNECTING,
        reason=Reason.RETRY,
        attempt=number,
        next_try=None,
        at=AT,
    )


def alert(number: int) -> Alert:
    return Alert(
        id=str(number),
        kind=AlertKind.NEEDS_PAIRING,
        status=AlertStatus.RAISED,
        account="home",
        device_id="d0",
        device_name="",
        since=AT,
        at=AT,
    )


class Slow:
    """A subscriber that waits until it is let go."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self.let_go = asyncio.Event()

    async def __call__(self, event: Event) -> None:
        await self.let_go.wait()
        self.heard.append(event)


async def heard_of(events: list[Event], limit: int) -> list[Event]:
    """Return what a slow subscriber hears of many events at once."""
    bus, slow = Bus(limit), Slow()
    bus.subscribe(slow)
    bus.publish(StoreTrouble(problem=None, at=AT))
    await asyncio.sleep(0)
    for event in events:
        bus.publish(event)
    slow.let_go.set()
    await bus.finish()
    await bus.close()
    return slow.heard[1:]


async def test_events_come_in_the_order_they_were_published() -> None:
    events: list[Event] = [change(number) for number in range(3 * EVENTS_A_TURN)]
    assert await heard_of(events, 1_000) == events


async def test_the_oldest_state_changes_are_dropped_and_the_loss_is_told_first() -> None:
    lost, *heard = await heard_of([change(number) for number in range(100)], 10)
    assert isinstance(lost, EventsLost)
    assert lost.count == 100 - len(heard)
    assert heard == [change(number) for number in range(100 - len(heard), 100)]
    assert 5 <= len(heard) <= 10


async def test_alerts_are_never_dropped() -> None:
    events: list[Event] = []
    for number in range(100):
        events += [alert(number), change(number)]
    heard = await heard_of(events, 10)
    assert [event for event in heard if isinstance(event, Alert)] == events[::2]
    lost = sum(event.count for event in heard if isinstance(event, EventsLost))
    changes = [event for event in heard if isinstance(event, StateChanged)]
    assert lost + len(changes) == 100
    assert changes[-1] == change(99)


async def test_an_alert_at_the_head_does_not_let_the_queue_grow_for_ever() -> None:
    heard = await heard_of([alert(0), *(change(number) for number in range(1_000))], 10)
    assert len(heard) <= 12


async def test_a_queue_of_one_works() -> None:
    lost, last = await heard_of([change(number) for number in range(5)], 1)
    assert lost == EventsLost(count=4)
    assert last == change(4)


async def test_it_is_known_when_all_have_taken_an_event() -> None:
    bus, slow, quick = Bus(), Slow(), Slow()
    quick.let_go.set()
    bus.subscribe(slow)
    bus.subscribe(quick)
    done: list[Event] = []
    bus.publish(alert(1), lambda _: done.append(alert(1)))
    await until(lambda: quick.heard != [])
    assert done == []
    slow.let_go.set()
    await bus.finish()
    assert done == [alert(1)]
    await bus.close()


async def test_what_waits_for_one_who_leaves_is_taken() -> None:
    bus, slow = Bus(), Slow()
    leave = bus.subscribe(slow)
    done: list[int] = []
    for number in range(3):
        bus.publish(alert(number), lambda _, number=number: done.append(number))  # type: ignore[misc]
    await asyncio.sleep(0)
    await leave()
    assert done == [0, 1, 2]
    await bus.finish()


async def test_one_may_leave_while_it_is_being_told() -> None:
    bus = Bus()
    heard: list[Event] = []
    done: list[int] = []

    async def leaves(event: Event) -> None:
        await leave()
        heard.append(event)

    leave = bus.subscribe(leaves)
    for number in range(3):
        bus.publish(alert(number), lambda _, number=number: done.append(number))  # type: ignore[misc]
    await until(lambda: heard != [])
    await bus.finish()
    assert heard == [alert(0)]
    assert done == [0, 1, 2]
    await bus.close()


async def test_what_was_not_taken_at_the_end_was_not_told() -> None:
    bus, slow = Bus(), Slow()
    bus.subscribe(slow)
    done: list[int] = []
    bus.publish(alert(1), lambda _: done.append(1))
    await asyncio.sleep(0)
    await bus.close()
    assert done == []


async def test_one_who_swallows_the_cancellation_hears_nothing_more() -> None:
    bus = Bus()
    heard: list[Event] = []

    async def swallows(event: Event) -> None:
        heard.append(event)
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            return

    bus.subscribe(swallows)
    done: list[int] = []
    bus.publish(alert(1), lambda _: done.append(1))
    bus.publish(alert(2), lambda _: done.append(2))
    await until(lambda: heard != [])
    await bus.close()
    assert heard == [alert(1)]
    assert done == []


async def test_a_close_that_is_cancelled_as_it_begins_ends_every_subscription() -> None:
    async def takes(_event: Event) -> None:
        return

    bus = Bus()
    for _ in range(3):
        bus.subscribe(takes)
    closing = asyncio.create_task(bus.close())
    await asyncio.sleep(0)
    closing.cancel()
    await asyncio.wait([closing])
    await until(lambda: "wuts subscriber" not in {task.get_name() for task in asyncio.all_tasks()})


async def test_a_subscriber_that_never_waits_lets_others_have_the_loop() -> None:
    bus = Bus()
    heard = 0

    async def never_waits(_event: Event) -> None:
        nonlocal heard
        heard += 1

    bus.subscribe(never_waits)
    for number in range(EVENTS_A_TURN * 10):
        bus.publish(change(number))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert 0 < heard < EVENTS_A_TURN * 10
    await bus.finish()
    assert heard == EVENTS_A_TURN * 10
    await bus.close()


async def test_nobody_listens() -> None:
    bus = Bus()
    bus.publish(alert(1), lambda _: pytest.fail("nobody was told"))
    await bus.finish()
    await bus.close()


class Guard:
    """Says whether alerts may be sent."""

    def __init__(self) -> None:
        self.is_open = False
        self.asked = 0

    def __call__(self, event: Event | Notification) -> bool:
        self.asked += isinstance(event, Alert)
        return self.is_open or not isinstance(event, Alert)


async def test_an_alert_that_may_not_be_told_waits_and_holds_nothing_else_up() -> None:
    bus, guard, delivered = Bus(), Guard(), list[Event]()
    bus.guard(guard)
    one, two = Slow(), Slow()
    for slow in (one, two):
        slow.let_go.set()
        bus.subscribe(slow)
    bus.publish(alert(1), delivered.append)
    bus.publish(change(2))
    await bus.finish()
    assert one.heard == two.heard == [change(2)]
    assert delivered == []
    bus.retry()
    await bus.finish()
    assert guard.asked == 4  # each subscriber's turn is asked for again
    guard.is_open = True
    bus.retry()
    await bus.finish()
    assert one.heard == two.heard == [change(2), alert(1)]
    assert delivered == [alert(1)]
    await bus.close()


async def test_what_is_dropped_is_neither_told_nor_counted_as_told() -> None:
    bus, guard, delivered = Bus(), Guard(), list[Event]()
    bus.guard(guard)
    slow = Slow()
    bus.subscribe(slow)
    bus.publish(StoreTrouble(problem=None, at=AT))
    await asyncio.sleep(0)
    bus.publish(alert(1), delivered.append)
    bus.publish(change(2))
    bus.drop({"office"})
    slow.let_go.set()
    await until(lambda: len(slow.heard) == 2)
    bus.drop({"home"})
    guard.is_open = True
    bus.retry()
    bus.publish(change(3))
    await bus.finish()
    assert slow.heard[1:] == [change(2), change(3)]
    assert delivered == []
    await bus.close()


async def test_whoever_waits_until_an_account_was_told_of_waits_for_what_is_under_way() -> None:
    bus, slow = Bus(), Slow()
    bus.subscribe(slow)
    bus.publish(alert(1))
    await asyncio.sleep(0)
    await bus.until_taken({"office"})
    waiting = asyncio.create_task(bus.until_taken({"home"}))
    await asyncio.sleep(0.01)
    assert not waiting.done()
    slow.let_go.set()
    await waiting
    assert slow.heard == [alert(1)]
    await bus.close()
