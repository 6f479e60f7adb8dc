"""Saves what must survive, then tells it: an alert is on disk before anybody hears of it.

So a process that is killed at any moment loses no alert. That one was told is on disk before its
subscriber hears of another, so at most the one that was being told at that very moment comes again,
with the same id.

Nothing is written before what is there was read: it would be lost.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Collection, Iterable
from dataclasses import replace
from functools import partial

from ..alerts.episodes import utc
from ..controller import Outbox
from ..device.snapshot import DeviceFacts
from ..events import Alert, AlertStatus, Event, StoreTrouble
from ..store import Changes, Saved, Store, StoreError, StoreInterruptedError
from .subscribers import Bus

_LOGGER = logging.getLogger(__name__)

RETRY_AFTER = 5.0
"""Seconds from a failed save to the next; events are told without waiting for it."""


class Relay:
    """Between the fleet, the store and the subscribers.

    Args:
        store: Where to save.
        bus: Whom to tell.
        clock: Returns seconds since 1970.
        on_late_load: Is given what was saved, when that could not be read at the start.
    """

    def __init__(
        self,
        store: Store,
        bus: Bus,
        clock: Callable[[], float],
        on_late_load: Callable[[Saved], None],
    ) -> None:
        self._store = store
        self._bus = bus
        self._clock = clock
        self._on_late_load = on_late_load
        self._is_loaded = False
        self._events: deque[Event] = deque()
        self._facts: dict[tuple[str, str], DeviceFacts | None] = {}
        self._alerts: dict[str, Alert] = {}
        self._delivered: dict[str, AlertStatus] = {}
        self._filled = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._trouble: str | None = None
        self._retry_at = 0.0
        self._task: asyncio.Task[None] | None = None

    async def load(self) -> Saved:
        """Return what an earlier process left; nothing, and say so, if it cannot be read now."""
        return await self._load() or Saved()

    def start(self) -> None:
        """Begin to save and to tell."""
        self._task = asyncio.create_task(self._run(), name="wuts relay")

    def put(self, outbox: Outbox) -> None:
        """Save and tell what came of something."""
        self._events.extend(outbox.events)
        self._facts |= outbox.facts
        self._alerts |= outbox.alerts
        self._filled.set()

    def tell_again(self, saved: Saved, *, but: Collection[Alert] = ()) -> None:
        """Tell the alerts that were saved but not delivered, ``but`` for some."""
        waiting = [one.alert for one in saved.alerts if not one.delivered]
        self.put(Outbox(events=[alert for alert in waiting if alert not in but]))

    def drop(self, alerts: Iterable[Alert]) -> None:
        """Forget saved alerts without a word."""
        for alert in alerts:
            self._alerts[alert.id] = replace(alert, status=AlertStatus.RESOLVED)
            self._delivered[alert.id] = AlertStatus.RESOLVED

    async def settle(self) -> None:
        """Wait until all that was put is saved, or the store is known not to work."""
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
            events, self._events = self._events, deque()
            waiters, self._waiters = self._waiters, []
            try:
                await self._save()
            finally:
                _release(waiters)
            for event in events:
                self._tell(event)

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
            saved = await self._load()
            if saved is None:
                return
            self._on_late_load(saved)
        changes = Changes(self._facts, self._alerts, self._delivered)
        if not changes and self._trouble is None:
            return
        self._facts, self._alerts, self._delivered = {}, {}, {}
        try:
            await _uninterrupted(self._store.save(changes))
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._facts = {**changes.facts, **self._facts}
            self._alerts = {**changes.alerts, **self._alerts}
            self._delivered = {**changes.delivered, **self._delivered}
            self._retry_at = self._clock() + RETRY_AFTER
            self._report(_problem(error))
            return
        if self._trouble is not None:
            self._report(None)

    async def _load(self) -> Saved | None:
        try:
            saved = await _uninterrupted(self._store.load())
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._retry_at = self._clock() + RETRY_AFTER
            self._report(_problem(error))
            return None
        self._is_loaded = True
        return saved

    def _report(self, problem: str | None) -> None:
        """Log and tell a trouble once, and its end once."""
        if problem == self._trouble:
            return
        self._trouble = problem
        if problem is None:
            _LOGGER.info("The supervisor's store works again")
        else:
            _LOGGER.warning("%s Supervision goes on without it", problem)
        self._bus.publish(StoreTrouble(problem=problem, at=utc(self._clock())))

    def _tell(self, event: Event) -> None:
        if not isinstance(event, Alert):
            self._bus.publish(event)
            return
        self._bus.publish(event, partial(self._note_delivered, event), self.settle)

    def _note_delivered(self, alert: Alert) -> None:
        self._delivered[alert.id] = alert.status
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
