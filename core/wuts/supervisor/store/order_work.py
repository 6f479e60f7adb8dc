"""Carries orders out, one at a time for a device; what takes long is a task of its own."""

import asyncio
from collections.abc import Callable, Collection

from ...errors import ErrorCode, WutsError
from ..controller import Controller
from ..delivery.subscribers import TaskTroubles
from .base import Store
from .errors import StoreError
from .order_verbs import EFFECTS, Finish, Hands
from .orders import Order, OrderBook, Refusal

LONGEST_DELAY = 600.0
"""Seconds after which what a person asked for may surprise more than help, by their clock."""

TOO_LATE = Refusal(
    ErrorCode.NO_ANSWER,
    "The order is more than ten minutes old, so the device was only paused. Give the order "
    "again, and compare the clocks of the machines.",
)

HALF_DONE = Refusal(
    ErrorCode.NOT_VERIFIED,
    "The process that had the order has ended, so it is unknown whether the order was "
    "carried out. Check the device before you change anything.",
)

BROKEN = Refusal(ErrorCode.REFUSED, "The order could not be carried out because of a bug in WUTS.")


class OrderWork:
    """What happens to each order that was begun.

    Args:
        store: Where the orders are.
        hands: Does what the controller alone cannot.
        troubles: Reports what broke here.
        now: Returns the wall's seconds since 1970.
        on_end: Called when something that took long has ended.

    Attributes:
        begun: The orders that were begun; those that must be begun again are none of them.
        results: By order, None if it was carried out in full, or why it was not.
    """

    def __init__(
        self,
        store: Store,
        hands: Hands,
        troubles: TaskTroubles,
        now: Callable[[], float],
        on_end: Callable[[], None],
    ) -> None:
        self.begun: set[int] = set()
        self.results: dict[int, Refusal | None] = {}
        self._store = store
        self._hands = hands
        self._troubles = troubles
        self._now = now
        self._on_end = on_end
        self._tasks: dict[int, tuple[str, asyncio.Task[None]]] = {}

    def begin(self, controller: Controller, order: Order, now: float) -> None:
        """Carry an order out as far as that needs no waiting, and begin the rest."""
        self.begun.add(order.id)
        effect = EFFECTS[order.verb]
        try:
            effect.begin(controller, order, now)
        except Exception as error:  # noqa: BLE001 - one order must not keep the others waiting
            self.results[order.id] = self._refusal(error)
            return
        if effect.finish is None or order.id in self._tasks:
            return
        if order.is_taken:
            self.results[order.id] = HALF_DONE
        elif self._now() - order.at.timestamp() > LONGEST_DELAY:
            self.results[order.id] = TOO_LATE
        else:
            task = asyncio.create_task(self._finish(order, effect.finish), name="wuts order")
            self._tasks[order.id] = order.account, task

    def forget(self, order_ids: Collection[int]) -> None:
        """Forget these orders."""
        self.begun.difference_update(order_ids)
        for order_id in order_ids:
            self.results.pop(order_id, None)

    async def finish(self) -> None:
        """Wait until all that is under way has ended."""
        tasks = [task for _, task in self._tasks.values()]
        if tasks:
            await asyncio.wait(tasks)

    async def end(self, account: str | None = None, patience: float = 0.0) -> None:
        """Give up what is under way for an account, or for all, after ``patience`` seconds."""
        tasks = [task for name, task in self._tasks.values() if account in (None, name)]
        if not tasks:
            return
        await asyncio.wait(tasks, timeout=patience)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)

    async def _finish(self, order: Order, finish: Finish) -> None:
        try:
            # From here on nobody else makes the call, and nobody makes it again.
            if not await self._take(order):
                self.begun.discard(order.id)
                return
            self.results[order.id] = await self._outcome(order, finish)
        finally:
            del self._tasks[order.id]
        self._on_end()

    async def _take(self, order: Order) -> bool:
        """Take an order in hand, unless it was taken back or the store does not work."""
        try:
            return isinstance(self._store, OrderBook) and await self._store.take_order(order.id)
        except StoreError:
            return False  # the relay reports what is wrong with the store
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._troubles.report("order", error)
            return False

    async def _outcome(self, order: Order, finish: Finish) -> Refusal | None:
        try:
            await finish(self._hands, order)
        except Exception as error:  # noqa: BLE001 - whoever gave the order gets it
            return self._refusal(error)
        return None

    def _refusal(self, error: Exception) -> Refusal:
        if isinstance(error, WutsError):
            return Refusal(error.code, error.message)
        self._troubles.report("order", error)
        return BROKEN
