"""Reads the orders of other processes, and has the controller carry them out."""

import asyncio
import logging
from collections.abc import Callable, Collection

from ...clock import Clock
from ..controller import Controller
from ..delivery.outbox import OutboxRelay
from ..dispatcher import Dispatcher
from .adoption import Adoption
from .errors import StoreError
from .hints import ORDERS, HintingStore, sleep_until_hinted
from .order_verbs import EFFECTS, Hands
from .order_work import OrderWork
from .orders import Order, OrderBook

_LOGGER = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds between two looks for orders."""

LONGEST_GOODBYE = 0.5
"""Seconds that a look in flight gets to finish."""

KEPT = 60.0
"""Seconds that whoever gave an order has to learn why it was not carried out."""


class OrderReader:
    """Looks for orders once a second, if the store is one that several processes may open.

    Args:
        controller: Carries them out.
        dispatcher: Knows which calls are under way.
        relay: Deletes an order in the transaction that saves its result.
        adoption: Knows whose orders may be carried out; those of others are left to them.
        hands: Does what takes more than a word to the controller.
        clock: Returns seconds since 1970.
        offset: Returns the seconds from the clock to the wall's.
    """

    def __init__(  # noqa: PLR0913 - it stands between so many
        self,
        controller: Controller,
        dispatcher: Dispatcher,
        relay: OutboxRelay,
        adoption: Adoption,
        hands: Hands,
        *,
        clock: Clock,
        offset: Clock = float,
    ) -> None:
        self._book = adoption.store if isinstance(adoption.store, OrderBook) else None
        self._adoption = adoption
        self._controller = controller
        self._dispatcher = dispatcher
        self._relay = relay
        self._clock = clock
        self._waiting: dict[int, Order] = {}
        self._work = OrderWork(
            adoption.store, hands, relay.troubles, lambda: clock() + offset(), self.look
        )
        self._refused_since: dict[int, float] = {}
        self._stopping = asyncio.Event()
        self._hinted = asyncio.Event()
        self._unhear: Callable[[], None] = lambda: None
        self._is_broken = False
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read what was ordered while nobody was there, then look again and again."""
        if self._book is not None:
            if self._adoption.is_loaded:
                await self.read()
                self.look()
            if isinstance(self._book, HintingStore):
                self._unhear = self._book.hints.hear(self._hear)
            self._task = asyncio.create_task(self._run(), name="wuts orders")

    async def finish(self) -> None:
        """Let what is under way come to its end, and begin nothing else."""
        self._stop()
        await self._work.finish()
        self.look()

    async def close(self) -> None:
        """Stop looking; a look that has begun may finish."""
        self._stop()
        self._unhear()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=LONGEST_GOODBYE)
            self._task.cancel()
        await self._work.end()

    def look(self) -> None:
        """Carry out what was read; call it when there is another account."""
        busy: set[tuple[str, str]] = set()
        for order in self._waiting.values():
            key = order.account, order.device_id
            if order.account not in self._controller.accounts or key in busy:
                continue
            if not self._adoption.is_adopted(order.account):
                continue
            if order.refusal is not None:
                self._drop_in_time(order)
                continue
            if order.id not in self._work.begun and not self._stopping.is_set():
                self._work.begin(self._controller, order, self._clock())
            if self._is_done(order):
                self._relay.end_order(order.id, self._work.results.get(order.id))
            elif EFFECTS[order.verb].finish is not None:
                busy.add(key)

    def forget(self, accounts: Collection[str]) -> None:
        """Count what was carried out of these accounts' orders for nothing: it was not saved."""
        theirs = [one.id for one in self._waiting.values() if one.account in accounts]
        self._work.forget(theirs)

    async def let_go(self, account: str, *, patience: float) -> None:
        """Give up what is under way for an account that is no longer looked after.

        Args:
            account: Which.
            patience: Seconds that it may take to end.
        """
        await self._work.end(account, patience)
        self.forget([account])

    def _stop(self) -> None:
        self._stopping.set()
        self._hinted.set()

    def _is_done(self, order: Order) -> bool:
        if order.id not in self._work.begun:
            return False
        if order.id in self._work.results:
            return True
        effect = EFFECTS[order.verb]
        is_calling = self._dispatcher.is_calling(order.account, order.device_id)
        return effect.finish is None and not (effect.waits_for_calls and is_calling)

    def _drop_in_time(self, order: Order) -> None:
        since = self._refused_since.setdefault(order.id, self._clock())
        if self._clock() >= since + KEPT:
            self._relay.end_order(order.id)

    async def read(self) -> None:
        """Read the orders that there are; `look` must follow."""
        if self._book is None:
            return
        try:
            orders = await self._book.orders()
        except StoreError:
            return  # the relay reports what is wrong with the store
        except Exception:
            if not self._is_broken:
                _LOGGER.exception("Orders cannot be read")
            self._is_broken = True
            return
        self._is_broken = False
        gone = self._waiting.keys() - {order.id for order in orders}
        self._waiting = {order.id: order for order in orders}
        self._work.forget(gone)
        for order_id in gone:
            self._refused_since.pop(order_id, None)

    def _hear(self, hint: str) -> None:
        if hint == ORDERS:
            self._hinted.set()

    async def _run(self) -> None:
        while True:
            await sleep_until_hinted(self._hinted, EVERY)
            if self._stopping.is_set():
                return
            # Orders come on top of what was saved, so that has to be known first.
            if self._adoption.is_loaded:
                await self.read()
                self.look()
