"""Saves what must survive, then tells it: an alert is on disk before anybody hears of it.

So a process that is killed at any moment loses no alert. That one was told is on disk before its
subscriber hears of another, so at most the one that was being told at that very moment comes again,
with the same id.

Nothing is written before what is there was read: it would be lost.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import replace

from ...clock import Clock
from ..device.device import DeviceSnapshot
from ..events import Alert, AlertStatus, Event, StoreTrouble, shifted, utc
from ..store import Changes, Saved, Store, StoreError, StoreInterruptedError
from .subscribers import Bus, TaskTroubles

_LOGGER = logging.getLogger(__name__)

RETRY_AFTER = 5.0
"""Seconds from a failed save to the next; events are told without waiting for it."""


class Outbox:
    """What is to be saved and to be told: the one queue between a decision and the subscribers'.

    Attributes:
        events: To be told, in the order they happened.
        snapshots: To be saved, by account and device; None where nothing is to be kept.
        alerts: To be saved, by their ids, as they are now.
        delivered: To be saved, by id, the status that all subscribers were told of.
        orders: To be deleted, the ids of orders that were carried out.
    """

    def __init__(self) -> None:
        self.events: deque[Event] = deque()
        self.snapshots: dict[tuple[str, str], DeviceSnapshot | None] = {}
        self.alerts: dict[str, Alert] = {}
        self.delivered: dict[str, AlertStatus] = {}
        self.orders: set[int] = set()

    def keep(self, account: str, device_id: str, snapshot: DeviceSnapshot | None) -> None:
        """Save a device's snapshot, or forget it."""
        self.snapshots[account, device_id] = snapshot

    def tell(self, alert: Alert) -> None:
        """Save an alert, and tell it."""
        self.events.append(alert)
        self.alerts[alert.id] = alert

    def drop(self, alert: Alert) -> None:
        """Forget a saved alert without a word."""
        self.alerts[alert.id] = replace(alert, status=AlertStatus.RESOLVED)
        self.delivered[alert.id] = AlertStatus.RESOLVED

    def take_events(self) -> deque[Event]:
        """Take out what is to be told."""
        events, self.events = self.events, deque()
        return events

    def take_changes(self) -> Changes:
        """Take out what is to be saved."""
        changes = Changes(self.snapshots, self.alerts, self.delivered, frozenset(self.orders))
        self.snapshots, self.alerts, self.delivered, self.orders = {}, {}, {}, set()
        return changes

    def put_back(self, changes: Changes) -> None:
        """Take in what could not be saved; what is newer counts."""
        self.snapshots = {**changes.snapshots, **self.snapshots}
        self.alerts = {**changes.alerts, **self.alerts}
        self.delivered = {**changes.delivered, **self.delivered}
        self.orders |= changes.orders


class OutboxRelay:
    """Empties the outbox into the store and the subscribers' queues.

    Args:
        outbox: What to save and tell.
        store: Where to save.
        bus: Whom to tell.
        clock: Returns seconds since 1970.
        on_load: Is given what was saved as soon as that can be read.
        offset: Returns the seconds from the clock to the wall's, for what people are told.

    Attributes:
        troubles: Is told what broke in the background.
    """

    def __init__(  # noqa: PLR0913 - it stands between so many
        self,
        outbox: Outbox,
        store: Store,
        bus: Bus,
        clock: Clock,
        on_load: Callable[[Saved], None],
        *,
        offset: Clock = float,
    ) -> None:
        self._outbox = outbox
        self._store = store
        self._bus = bus
        self._clock = clock
        self._on_load = on_load
        self._offset = offset
        self.troubles = TaskTroubles(bus.publish, lambda: clock() + offset())
        self._is_loaded = False
        self._filled = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._trouble: str | None = None
        self._retry_at = 0.0
        self._task: asyncio.Task[None] | None = None

    @property
    def is_loaded(self) -> bool:
        """Whether what an earlier process left is known."""
        return self._is_loaded

    async def start(self) -> None:
        """Read what an earlier process left, or tell that it cannot be read; begin to save."""
        await self._load()
        self._task = asyncio.create_task(self._run(), name="wuts outbox")

    def wake(self) -> None:
        """Look at the outbox."""
        self._filled.set()

    def delete_orders(self, orders: set[int]) -> None:
        """Delete orders that were carried out, together with what is saved next."""
        self._outbox.orders |= orders
        self._filled.set()

    async def settle(self) -> None:
        """Wait until all that is in the outbox is saved, or the store is known not to work."""
        if self._task is None or self._task.done():
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._filled.set()
        await waiter

    async def finish(self) -> None:
        """Save and tell what is left, and save that it was told."""
        self._retry_at = 0.0
        await self.settle()
        await self._bus.finish()
        await self.settle()

    async def close(self) -> None:
        """End now, and let go of the store."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
        _release(self._waiters)
        try:
            await self._store.close()
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            _problem(error)

    async def _run(self) -> None:
        while True:
            await self._wait()
            self._filled.clear()
            events = self._outbox.take_events()
            waiters, self._waiters = self._waiters, []
            try:
                await self._save()
            except Exception as error:  # noqa: BLE001 - a task that ends tells nothing any more
                self.troubles.report("outbox", error)
            finally:
                _release(waiters)
            for event in events:
                try:
                    self._tell(event)
                except Exception as error:  # noqa: BLE001 - as above
                    self.troubles.report("outbox", error)

    async def _wait(self) -> None:
        """Wait for something to do, but not longer than until the next try to save."""
        if self._trouble is None:
            await self._filled.wait()
            return
        try:
            async with asyncio.timeout(max(0.0, self._retry_at - self._clock())):
                await self._filled.wait()
        except TimeoutError:
            return

    async def _save(self) -> None:
        if self._trouble is not None and self._clock() < self._retry_at:
            return
        if not self._is_loaded:
            await self._load()
            if not self._is_loaded:
                return
        changes = self._outbox.take_changes()
        if not changes and self._trouble is None:
            return
        try:
            await _uninterrupted(self._store.save(self._by_wall(changes)))
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._outbox.put_back(changes)
            self._fail(error)
        else:
            self._report(None)

    async def _load(self) -> None:
        try:
            saved = await _uninterrupted(self._store.load())
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._fail(error)
        else:
            self._is_loaded = True
            back = -self._offset()
            alerts = (replace(one, alert=shifted(one.alert, back)) for one in saved.alerts)
            try:
                self._on_load(replace(saved, alerts=tuple(alerts)))
            except Exception as error:  # noqa: BLE001 - a task that ends tells nothing any more
                self.troubles.report("restore", error)

    def _fail(self, error: Exception) -> None:
        self._retry_at = self._clock() + RETRY_AFTER
        self._report(_problem(error))

    def _report(self, problem: str | None) -> None:
        """Log and tell a trouble once, and its end once."""
        if problem == self._trouble:
            return
        self._trouble = problem
        if problem is None:
            _LOGGER.info("The supervisor's store works again")
        else:
            _LOGGER.warning("%s Supervision goes on without it", problem)
        at = utc(self._clock() + self._offset())
        self._bus.publish(StoreTrouble(problem=problem, at=at))

    def _by_wall(self, changes: Changes) -> Changes:
        offset = self._offset()
        alerts = {id_: shifted(alert, offset) for id_, alert in changes.alerts.items()}
        return replace(changes, alerts=alerts)

    def _tell(self, event: Event) -> None:
        event = shifted(event, self._offset())
        if isinstance(event, Alert):
            self._bus.publish(event, self._note_delivered, self.settle)
        else:
            self._bus.publish(event)

    def _note_delivered(self, event: Event) -> None:
        if isinstance(event, Alert):
            self._outbox.delivered[event.id] = event.status
            self._filled.set()


async def _uninterrupted[T](answer: Awaitable[T]) -> T:
    """Await a store; what is cancelled under it is its failure, not the end of this task.

    Raises:
        StoreInterruptedError: It was cancelled, but not by whoever cancels this task.
    """
    try:
        return await answer
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise StoreInterruptedError from error


def _problem(error: Exception) -> str:
    """Say what is wrong with a store; one that breaks its protocol is logged in full."""
    if isinstance(error, StoreError):
        return error.message
    _LOGGER.error("The supervisor's store broke", exc_info=error)
    return StoreError.advice


def _release(waiters: list[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)
