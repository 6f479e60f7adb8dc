"""Reads the orders of other processes, and has the controller carry them out."""

import asyncio
import logging
from collections.abc import Callable, Collection

from ..controller import Controller
from ..delivery.outbox import OutboxRelay
from ..dispatcher import Dispatcher
from .adoption import Adoption
from .errors import StoreError
from .orders import Order, OrderBook, Verb

_LOGGER = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks for orders."""

LONGEST_GOODBYE = 2.0
"""Seconds that a look under way gets to end in good order."""


class OrderReader:
    """Looks for orders once a second, if the store is one that several processes may open.

    Args:
        store: Where they are.
        controller: Carries them out.
        dispatcher: Knows which calls are under way.
        relay: Deletes an order in the transaction that saves what came of it.
        adoption: Knows whose orders may be carried out; those of others are left to them.
        clock: Returns seconds since 1970.
    """

    def __init__(
        self,
        controller: Controller,
        dispatcher: Dispatcher,
        relay: OutboxRelay,
        adoption: Adoption,
        clock: Callable[[], float],
    ) -> None:
        self._book = adoption.store if isinstance(adoption.store, OrderBook) else None
        self._adoption = adoption
        self._controller = controller
        self._dispatcher = dispatcher
        self._relay = relay
        self._clock = clock
        self._waiting: dict[int, Order] = {}
        self._carried_out: set[int] = set()
        self._stopping = asyncio.Event()
        self._is_broken = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read what was ordered while nobody was there, then look again and again."""
        if self._book is not None:
            if self._adoption.is_loaded:
                await self.read()
                self.look()
            self._task = asyncio.create_task(self._run(), name="wuts orders")

    async def close(self) -> None:
        """Look no more; a look that is under way is let to its end."""
        self._stopping.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=LONGEST_GOODBYE)
            self._task.cancel()

    def look(self) -> None:
        """Carry out what was read; call it when there is another account."""
        done: set[int] = set()
        for order in self._waiting.values():
            is_ours = self._adoption.is_adopted(order.account)
            if not is_ours or order.account not in self._controller.accounts:
                continue
            if order.id not in self._carried_out:
                self._carried_out.add(order.id)
                self._carry_out(order)
            if not self._may_be_undone(order):
                done.add(order.id)
        if done:
            self._relay.delete_orders(done)

    def forget(self, accounts: Collection[str]) -> None:
        """Count what was carried out of these accounts' orders for nothing: it was not saved."""
        theirs = {order.id for order in self._waiting.values() if order.account in accounts}
        self._carried_out -= theirs

    def _carry_out(self, order: Order) -> None:
        match order.verb:
            case Verb.PAUSE:
                self._controller.pause(order.account, order.device_id, self._clock())
            case Verb.RESUME:
                self._controller.resume(order.account, order.device_id, self._clock())

    def _may_be_undone(self, order: Order) -> bool:
        """Whoever waits for a pause relies on it that no reconnect is under way any more."""
        is_pause = order.verb is Verb.PAUSE
        return is_pause and self._dispatcher.is_calling(order.account, order.device_id)

    async def read(self) -> None:
        """Read the orders that there are; `look` must follow."""
        if self._book is None:
            return
        try:
            orders = await self._book.orders()
        except StoreError:
            return  # the relay tells what is wrong with the store
        except Exception:
            if not self._is_broken:
                _LOGGER.exception("Orders cannot be read")
            self._is_broken = True
            return
        self._is_broken = False
        self._waiting = {order.id: order for order in orders}
        self._carried_out &= self._waiting.keys()

    async def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                async with asyncio.timeout(EVERY):
                    await self._stopping.wait()
            except TimeoutError:
                # Orders come on top of what was saved, so that has to be known first.
                if self._adoption.is_loaded:
                    await self.read()
                    self.look()
