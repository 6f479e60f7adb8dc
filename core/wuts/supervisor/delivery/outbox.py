"""Saves what must survive, then tells it: an alert is on disk before anybody hears of it.

So a process that is killed at any moment loses no alert. That one was told is on disk before its
subscriber hears of another, so at most the one that was being told at that very moment comes again,
with the same id.

Nothing is written before what is there was read: it would be lost. If another process can become
the owner of an account, an alert waits until it is saved: the next owner would tell it as well.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Collection
from contextlib import suppress
from dataclasses import replace

from ...clock import Clock
from ..alerts.notifications import Notification, moved
from ..alerts.records import RecordBox, split
from ..device.device import DeviceSnapshot
from ..events import Alert, AlertStatus, AlertUpdated, Event, shifted
from ..store import Changes, Refusal, StoreLostError, StoreOtherAccountError
from ..store.adoption import Adoption
from ..store.ownership import uninterrupted
from .store_health import StoreHealth, StoreState, problem_of
from .subscribers import Bus, TaskTroubles

RETRY_AFTER = 5.0
"""Seconds from a failed save to the next; what is not saved is sent without waiting for it."""


_SAVED_FIRST = (Alert, AlertUpdated, Notification)


class Outbox:
    """What is to be saved and sent: the one queue between a decision and the subscribers'.

    Attributes:
        events: To be sent, in the order they happened.
        snapshots: To be saved, by account and device; None if nothing is to be kept.
        alerts: To be saved, by their ids, as they are now.
        delivered: To be saved, by id, the status that all subscribers were told of.
        orders: By id, None for an order to be deleted, or why it is refused, to be saved.
        users: To be saved, by account, the user id that the gateway gives its devices.
        records: To be saved, what people and receivers have to do with alerts.
    """

    def __init__(self) -> None:
        self.events: deque[Event | Notification] = deque()
        self.snapshots: dict[tuple[str, str], DeviceSnapshot | None] = {}
        self.alerts: dict[str, Alert] = {}
        self.delivered: dict[str, AlertStatus] = {}
        self.orders: dict[int, Refusal | None] = {}
        self.users: dict[str, str] = {}
        self.records = RecordBox()

    @property
    def unsaved(self) -> int:
        """How many records are to be saved."""
        of_devices = len(self.snapshots) + len(self.alerts) + len(self.delivered) + len(self.users)
        return of_devices + len(self.orders) + len(self.records)

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

    def take_events(self) -> deque[Event | Notification]:
        """Take out what is to be sent."""
        events, self.events = self.events, deque()
        return events

    def take_changes(self, accounts: Collection[str] | None = None) -> Changes:
        """Take out what is to be saved of these accounts, or of all."""
        snapshots, self.snapshots = split(self.snapshots, lambda key, _: key[0], accounts)
        alerts, self.alerts = split(self.alerts, lambda _, alert: alert.account, accounts)
        users, self.users = split(self.users, lambda name, _: name, accounts)
        delivered, self.delivered = self.delivered, {}
        orders, self.orders = self.orders, {}
        done = frozenset(order_id for order_id, refusal in orders.items() if refusal is None)
        refusals = {order_id: one for order_id, one in orders.items() if one is not None}
        records = self.records.take(accounts)
        return Changes(snapshots, alerts, delivered, done, users, refusals, records)

    def put_back(self, changes: Changes) -> None:
        """Take in what could not be saved; what is newer counts."""
        self.snapshots = {**changes.snapshots, **self.snapshots}
        self.alerts = {**changes.alerts, **self.alerts}
        self.delivered = {**changes.delivered, **self.delivered}
        self.users = {**changes.users, **self.users}
        self.orders = {**dict.fromkeys(changes.orders), **changes.refusals, **self.orders}
        self.records.put_back(changes.records)

    def forget(self, accounts: Collection[str]) -> None:
        """Neither save nor tell what there is of these accounts: they are another process's now."""
        # An order that is not deleted then is found again by whoever it is for.
        self.delivered = dict(self.take_changes(accounts).delivered)
        self.events = deque(
            event for event in self.events if getattr(event, "account", None) not in accounts
        )


class OutboxRelay:
    """Empties the outbox into the store and the subscribers' queues.

    Args:
        outbox: What to save and send.
        adoption: Knows the store, and what may be saved.
        bus: Whom to tell.
        clock: Returns seconds since 1970.
        offset: Returns the seconds from the clock to the wall's, for what people read.

    Attributes:
        troubles: Reports what broke in the background.
    """

    def __init__(
        self, outbox: Outbox, adoption: Adoption, bus: Bus, clock: Clock, *, offset: Clock = float
    ) -> None:
        self._outbox = outbox
        self._adoption = adoption
        self._bus = bus
        self._clock = clock
        self._offset = offset
        self.troubles = TaskTroubles(bus.publish, clock, offset)
        self._filled = asyncio.Event()
        self._waiters: list[asyncio.Future[None]] = []
        self._retry_at = 0.0
        self._saving = 0
        self._health = StoreHealth(adoption, bus.publish, clock, offset)
        self._must_check = False
        self._refused: list[StoreOtherAccountError] = []
        self._task: asyncio.Task[None] | None = None
        bus.guard(self._may_tell)

    async def start(self) -> None:
        """Read what an earlier process left, or tell that it cannot be read; begin to save."""
        try:
            await self._adoption.start()
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._fail(error)
        self._task = asyncio.create_task(self._run(), name="wuts outbox")

    @property
    def is_running(self) -> bool:
        """Whether anything is saved and sent."""
        return self._task is not None and not self._task.done()

    def wake(self) -> None:
        """Look at the outbox."""
        self._filled.set()

    def store_state(self) -> StoreState:
        """Return how the store does."""
        return self._health.state(self._outbox.unsaved + self._saving)

    def end_order(self, order_id: int, refusal: Refusal | None = None) -> None:
        """Delete an order, or save why it was refused, together with what is saved next."""
        self._outbox.orders[order_id] = refusal
        self._filled.set()

    async def settle(self) -> None:
        """Wait until all that is in the outbox is saved, or the store is known not to work."""
        if not self.is_running:
            return
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.append(waiter)
        self._filled.set()
        await waiter

    def forget(self, accounts: Collection[str]) -> None:
        """Neither save nor tell what there is of these accounts."""
        self._outbox.forget(accounts)
        self._bus.drop(accounts)
        if self._adoption.owns_nothing:
            self._outbox.delivered.clear()
            self._health.report(None)

    def refuse(self, error: StoreOtherAccountError) -> None:
        """Stop looking after an account that is another than the one in the store."""
        self._refused.append(error)
        self._filled.set()

    async def release(self, account: str, *, patience: float) -> None:
        """Let another process have an account that was dropped; save what there is of it first.

        What is on its way to subscribers may take ``patience`` seconds.
        """
        await self.settle()
        # What a slow subscriber has not taken, the next owner tells again.
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._bus.until_taken({account})
        await self.settle()
        self.forget({account})
        try:
            await self._adoption.release(account)
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._fail(error)

    async def finish(self) -> None:
        """Save and send what is left, and save that it was sent."""
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
            await self._adoption.close()
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            problem_of(error)

    async def _run(self) -> None:
        while True:
            await self._wait()
            self._filled.clear()
            events = self._outbox.take_events()
            waiters, self._waiters = self._waiters, []
            is_saved = False
            self._health.begin()
            try:
                is_saved = await self._save()
            except Exception as error:  # noqa: BLE001 - a task that ends reports nothing
                self.troubles.report("outbox", error)
            finally:
                _release(waiters)
            self._tell_all(events, is_saved=is_saved)

    async def _wait(self) -> None:
        """Wait for something to do, but not longer than until the next try."""
        moment = self._adoption.next_try() if self._health.problem is None else self._retry_at
        if moment is None:
            await self._filled.wait()
            return
        with suppress(TimeoutError):
            async with asyncio.timeout(max(0.0, moment - self._clock())):
                await self._filled.wait()

    async def _save(self) -> bool:
        """Save what is in the outbox of our own accounts; return whether it is saved."""
        if self._health.problem is not None and self._clock() < self._retry_at:
            self._adoption.begin_without()
            return False
        if not await self._works(self._adopt(), Changes()):
            return False
        unsaved = self._outbox.unsaved
        changes = self._outbox.take_changes(self._adoption.owned)
        must_save = changes or self._health.problem or self._must_check
        if must_save and not self._adoption.owns_nothing:
            self._saving = unsaved - self._outbox.unsaved
            saving = self._adoption.store.save(changes.moved(self._offset()))
            if not await self._works(uninterrupted(saving), changes):
                return False
        self._must_check = False
        self._health.report(None)
        self._bus.retry()
        return True

    async def _adopt(self) -> None:
        while self._refused:
            await self._adoption.refuse(self._refused.pop())
        await self._adoption.adopt()

    async def _works(self, asking: Awaitable[None], changes: Changes) -> bool:
        """Await the store; put back what could not be saved, unless it is another process's now."""
        try:
            await asking
        except StoreLostError as error:
            await self._adoption.lose(error)
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._outbox.put_back(changes)
            self._fail(error)
            self._adoption.begin_without()
        else:
            return True
        finally:
            self._saving = 0
        return False

    def _fail(self, error: Exception) -> None:
        self._retry_at = self._clock() + RETRY_AFTER
        self._health.report(problem_of(error))

    def _tell_all(self, events: Collection[Event | Notification], *, is_saved: bool) -> None:
        waiting: list[Event | Notification] = []
        for event in events:
            try:
                if not isinstance(event, _SAVED_FIRST):
                    self._tell(event)
                elif self._adoption.must_wait(event, is_saved=is_saved):
                    waiting.append(event)
                elif not self._adoption.is_lost(event):
                    self._tell(event)
            except Exception as error:  # noqa: BLE001 - a task that ends reports nothing
                self.troubles.report("outbox", error)
        self._outbox.events.extendleft(reversed(waiting))

    def _tell(self, event: Event | Notification) -> None:
        if isinstance(event, Notification):
            self._bus.receivers.put(event, moved(event, self._offset()))
            return
        event = shifted(event, self._offset())
        if isinstance(event, Alert):
            self._bus.publish(event, self._note_delivered, self.settle)
        else:
            self._bus.publish(event)

    def _may_tell(self, event: Event | Notification) -> bool:
        """Ask just before a subscriber gets an event; if it may not, find out what is wrong."""
        if not isinstance(event, _SAVED_FIRST) or self._adoption.may_tell(event):
            return True
        self._must_check = True
        self._filled.set()
        return False

    def _note_delivered(self, event: Event) -> None:
        if isinstance(event, Alert):
            self._outbox.delivered[event.id] = event.status
            self._filled.set()


def _release(waiters: list[asyncio.Future[None]]) -> None:
    for waiter in waiters:
        if not waiter.done():
            waiter.set_result(None)
