"""Wakes for accounts that another process looks after, passed on through the store."""

import asyncio
import logging
from collections.abc import Callable
from datetime import UTC, datetime

from ..delivery.subscribers import TaskTroubles
from .base import Store
from .errors import StoreError
from .orders import OrderBook, Verb

_LOGGER = logging.getLogger(__name__)

EVERY = 1.0
"""Seconds from one wake of a device that is passed on to its next."""

MOST_WAITING = 1_000
"""Devices that a wake is remembered for; beyond that their accounts are looked at."""

type _Key = tuple[str, str]


class Wakes:
    """Passes wakes on: one at once, and those of a device within a second as one at its end.

    A wake is a hint, so one that cannot be passed on before the end is dropped.

    Args:
        store: Where the other process reads orders; any other kind of store does nothing.
        troubles: Reports what broke here.
        now: Returns the wall's seconds since 1970.
    """

    def __init__(self, store: Store, troubles: TaskTroubles, now: Callable[[], float]) -> None:
        self._book = store if isinstance(store, OrderBook) else None
        self._troubles = troubles
        self._now = now
        self._waiting: dict[_Key, None] = {}
        self._recent: dict[_Key, asyncio.TimerHandle] = {}
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def pass_on(self, account: str, device_id: str | None) -> None:
        """Have whoever looks after an account look at it, or at one of its devices, soon."""
        if self._book is None:
            return
        key = account, device_id or ""
        if len(self._waiting) >= MOST_WAITING and key not in self._waiting:
            key = account, ""
        self._waiting[key] = None
        self._due.set()
        if self._task is None:
            self._task = asyncio.create_task(self._run(self._book), name="wuts wakes")

    async def close(self) -> None:
        """Stop passing things on."""
        for timer in self._recent.values():
            timer.cancel()
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])

    async def _run(self, book: OrderBook) -> None:
        while True:
            await self._due.wait()
            self._due.clear()
            for key in [one for one in self._waiting if one not in self._recent]:
                del self._waiting[key]
                self._recent[key] = asyncio.get_running_loop().call_later(
                    EVERY, self._may_come_again, key
                )
                await self._order(book, key)

    async def _order(self, book: OrderBook, key: _Key) -> None:
        at = datetime.fromtimestamp(self._now(), UTC)
        try:
            await book.add_order(*key, Verb.WAKE, at)
        except StoreError as error:
            _LOGGER.debug("A wake is passed on later: %s", error.message)
            self._waiting[key] = None
        except Exception as error:  # noqa: BLE001 - a store may be anybody's
            self._troubles.report("wake", error)

    def _may_come_again(self, key: _Key) -> None:
        del self._recent[key]
        if key in self._waiting:
            self._due.set()
