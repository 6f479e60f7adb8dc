"""Hands events to subscribers in order; none can harm the others or the supervision."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass

from ...clock import Clock
from ..alerts.notifications import Notification
from ..events import Event, EventsLost, StateChanged, TaskTrouble, utc
from .receivers import Receivers, must_end

_LOGGER = logging.getLogger(__name__)

LONGEST_QUEUE = 100_000
"""Events that wait for a subscriber before its oldest state changes become `EventsLost`."""

EVENTS_A_TURN = 100
"""Events after which a subscriber that never waits lets others have the event loop."""

GRACE = 1.0
"""Seconds that a subscriber may take to end when it is cancelled."""

type Subscriber = Callable[[Event], Awaitable[None]]


@dataclass(slots=True)
class Delivery:
    """An event on its way to several subscribers.

    Attributes:
        event: What happened.
        waiting: How many have not taken it yet.
        on_done: Called with it when all have.
        settle: Awaited by the last to take it before that one takes another event.
    """

    event: Event
    waiting: int
    on_done: Callable[[Event], None] | None
    settle: Callable[[], Awaitable[None]] | None

    def taken(self) -> None:
        """Note that one more subscriber has taken it."""
        self.waiting -= 1
        if self.waiting == 0 and self.on_done is not None:
            self.on_done(self.event)


class Subscription:
    """One subscriber, its queue and the task that feeds it.

    Args:
        subscriber: Awaited for one event after another; what it raises is logged, and the
            next follows.
        limit: How long its queue may get before state changes are dropped.
        may_tell: Asked just before an event is sent; one that may not be waits for `retry`.
    """

    def __init__(
        self, subscriber: Subscriber, limit: int, may_tell: Callable[[Event], bool]
    ) -> None:
        self._subscriber = subscriber
        self._limit = limit
        self._may_tell = may_tell
        self._held: deque[Delivery] = deque()
        self._turned = asyncio.Event()
        self._queue: deque[Delivery] = deque()
        self._under_way: Delivery | None = None
        self._lost = 0
        self._is_over = False
        self._filled = asyncio.Event()
        self._idle = asyncio.Event()
        self._idle.set()
        self._task = asyncio.create_task(self._run(), name="wuts subscriber")

    def put(self, delivery: Delivery) -> None:
        """Queue an event; of those that wait only state changes are ever dropped."""
        if len(self._queue) >= self._limit:
            self._make_room()
        self._queue.append(delivery)
        self._filled.set()
        self._idle.clear()

    async def finish(self) -> None:
        """Wait until the queue is empty and the subscriber has returned."""
        await self._idle.wait()

    def retry(self) -> None:
        """Send what might not be sent before."""
        if self._held:
            self._queue.extendleft(reversed(self._held))
            self._held.clear()
            self._filled.set()
            self._idle.clear()

    def drop(self, accounts: Collection[str]) -> None:
        """Drop what waits and is about these accounts; nobody hears of it."""
        for queue in (self._queue, self._held):
            kept = [one for one in queue if _account_of(one.event) not in accounts]
            queue.clear()
            queue.extend(kept)

    async def until_taken(self, accounts: Collection[str]) -> None:
        """Wait until nothing about these accounts waits to be sent, or is being sent."""
        while any(_account_of(one.event) in accounts for one in self._unfinished()):
            self._turned.clear()
            await self._turned.wait()

    async def leave(self) -> None:
        """End the subscription of a subscriber that has had enough: nothing waits for it."""
        waiting = self._unfinished()
        self._queue.clear()
        self._held.clear()
        await self.cancel(asyncio.current_task())
        for delivery in waiting:
            delivery.taken()

    async def cancel(self, asker: asyncio.Task[object] | None) -> None:
        """End the subscription now; what it has not taken counts as not told.

        A subscriber that asks for it itself is let finish: it cannot wait for its own end.
        """
        self.end(asker)
        await self.ended(asker)

    def end(self, asker: asyncio.Task[object] | None) -> None:
        """Begin what `cancel` does."""
        self._is_over = True
        self._idle.set()
        if asker is not self._task:
            self._task.cancel()

    async def ended(self, asker: asyncio.Task[object] | None) -> None:
        """Wait for the end of what `end` began."""
        if asker is self._task:
            return
        _, stubborn = await asyncio.wait([self._task], timeout=GRACE)
        if stubborn:
            _LOGGER.error("A subscriber ignores its cancellation, and was left running")

    def _unfinished(self) -> list[Delivery]:
        return [*filter(None, [self._under_way]), *self._held, *self._queue]

    def _make_room(self) -> None:
        """Drop the older half of the state changes at once: one by one would be slow."""
        droppable = sum(isinstance(one.event, StateChanged) for one in self._queue)
        drop = min(droppable, max(1, droppable // 2))
        kept: deque[Delivery] = deque()
        for delivery in self._queue:
            if drop and isinstance(delivery.event, StateChanged):
                drop -= 1
                self._lost += 1
                delivery.taken()
            else:
                kept.append(delivery)
        self._queue = kept

    async def _run(self) -> None:
        while not self._is_over:
            await self._filled.wait()
            self._filled.clear()
            fed = 0
            while self._queue and not self._is_over:
                await self._feed()
                self._turned.set()
                fed += 1
                if fed % EVENTS_A_TURN == 0:
                    await asyncio.sleep(0)
            self._idle.set()

    async def _feed(self) -> None:
        if self._lost:
            lost, self._lost = self._lost, 0
            await self._call(EventsLost(count=lost))
        delivery = self._queue.popleft()
        if not self._may_tell(delivery.event):
            self._held.append(delivery)
            return
        self._under_way = delivery
        await self._call(delivery.event)
        self._under_way = None
        if self._is_over:
            return
        delivery.taken()
        if delivery.waiting == 0 and delivery.settle is not None:
            await delivery.settle()

    async def _call(self, event: Event) -> None:
        try:
            await self._subscriber(event)
        except asyncio.CancelledError:
            if must_end():
                raise
            # Something that it awaited was cancelled: its failure, not the end of this task.
            _LOGGER.exception("A subscriber failed on %s", type(event).__name__)
        except Exception:
            # The boundary to code that is not ours: whatever it raises must stop nothing else.
            _LOGGER.exception("A subscriber failed on %s", type(event).__name__)


def _account_of(event: Event) -> str | None:
    return getattr(event, "account", None)


class Bus:
    """All subscribers and receivers of one supervisor.

    Args:
        limit: How long a subscriber's queue may get before state changes are dropped.
        receivers: Those who get notifications.
    """

    def __init__(self, limit: int = LONGEST_QUEUE, receivers: Receivers | None = None) -> None:
        self.receivers = receivers or Receivers({})
        self._limit = limit
        self._subscriptions: list[Subscription] = []
        self._guard: Callable[[Event], bool] | None = None

    def guard(self, may_tell: Callable[[Event | Notification], bool]) -> None:
        """Ask ``may_tell`` just before each subscriber or receiver gets something."""
        self._guard = may_tell
        self.receivers.may_tell = may_tell

    def subscribe(self, subscriber: Subscriber) -> Callable[[], Awaitable[None]]:
        """Send ``subscriber`` every event from now on; await what this returns to end it."""
        subscription = Subscription(subscriber, self._limit, self._may_tell)
        self._subscriptions.append(subscription)

        async def unsubscribe() -> None:
            if subscription in self._subscriptions:
                self._subscriptions.remove(subscription)
                await subscription.leave()

        return unsubscribe

    def publish(
        self,
        event: Event,
        on_done: Callable[[Event], None] | None = None,
        settle: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """Queue an event for all.

        Args:
            event: What happened.
            on_done: Called with it when the last subscriber has taken it.
            settle: Awaited by that last one before it takes another event.
        """
        delivery = Delivery(event, len(self._subscriptions), on_done, settle)
        for subscription in self._subscriptions:
            subscription.put(delivery)

    def _may_tell(self, event: Event) -> bool:
        return self._guard is None or self._guard(event)

    def retry(self) -> None:
        """Send what might not be sent before."""
        for one in self._subscriptions:
            one.retry()
        self.receivers.retry()

    def drop(self, accounts: Collection[str]) -> None:
        """Drop what waits and is about these accounts; nobody hears of it."""
        for one in self._subscriptions:
            one.drop(accounts)
        self.receivers.drop(accounts)

    async def until_taken(self, accounts: Collection[str]) -> None:
        """Wait until nothing about these accounts waits or is being told."""
        await asyncio.gather(*(one.until_taken(accounts) for one in self._subscriptions))

    async def finish(self) -> None:
        """Wait until every subscriber and receiver has taken what waits for it."""
        finishing = [one.finish() for one in self._subscriptions]
        await asyncio.gather(*finishing, self.receivers.finish())

    async def close(self) -> None:
        """End all subscriptions now."""
        self.receivers.end()
        subscriptions, self._subscriptions = self._subscriptions, []
        asker = asyncio.current_task()
        for one in subscriptions:
            one.end(asker)  # all of them, before a wait that may be cancelled
        await asyncio.gather(*(one.ended(asker) for one in subscriptions), self.receivers.ended())


class TaskTroubles:
    """Logs and reports what broke in the background, once for each task and kind of error.

    Args:
        publish: Is handed the event.
        clock: Returns seconds since 1970.
        offset: Returns the seconds from the clock to the wall's, for what people read.
    """

    def __init__(self, publish: Callable[[Event], None], clock: Clock, offset: Clock) -> None:
        self._publish = publish
        self._clock = clock
        self._offset = offset
        self._seen: set[tuple[str, type[BaseException]]] = set()

    def report(self, task: str, error: BaseException) -> None:
        """Note that a task failed where it should not."""
        if (task, type(error)) in self._seen:
            _LOGGER.debug("The supervisor's %s task failed again (%s)", task, type(error).__name__)
            return
        self._seen.add((task, type(error)))
        _LOGGER.error("The supervisor's %s task failed and was restarted", task, exc_info=error)
        problem = type(error).__name__
        at = utc(self._clock() + self._offset())
        self._publish(TaskTrouble(task=task, problem=problem, at=at))
