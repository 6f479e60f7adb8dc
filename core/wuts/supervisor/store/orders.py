"""Orders: what one process asks of a supervisor in another, through the store they share.

Whoever gives an order adds a row and may wait until it is gone. The supervisor reads the rows once
a second, and deletes each in the transaction that saves what came of it: an order is neither lost
nor forgotten when either process is killed.
"""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

PATIENCE = 5.0
"""Seconds to wait for an order to be carried out: somebody looks at the screen."""

_LOOK_AGAIN = 0.1


class Verb(StrEnum):
    """What can be ordered of a device."""

    PAUSE = "pause"
    RESUME = "resume"


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order.

    Attributes:
        id: Counts up; a later order of a device has a higher one.
        account: The account's name in the supervisor that has the store open.
        device_id: The device.
        verb: What to do with it.
        at: When it was given, in UTC.
    """

    id: int
    account: str
    device_id: str
    verb: Verb
    at: datetime


@runtime_checkable
class OrderBook(Protocol):
    """A store that several processes may open. Every method may raise a `StoreError`."""

    async def add_order(self, account: str, device_id: str, verb: Verb, at: datetime) -> int:
        """Keep an order until it is carried out; return its id."""

    async def orders(self) -> tuple[Order, ...]:
        """Return all orders that are not carried out yet, the oldest first."""


async def give_order(  # noqa: PLR0913 - an order has so many parts
    book: OrderBook,
    account: str,
    device_id: str,
    verb: Verb,
    *,
    at: datetime,
    patience: float = PATIENCE,
) -> bool:
    """Give an order; return whether a supervisor carried it out within ``patience`` seconds.

    If none did, the order stays: the next supervisor that opens the store carries it out before it
    makes any call.

    Raises:
        StoreError: The store does not work; the order may or may not have been given.
    """
    order_id = await book.add_order(account, device_id, verb, at)
    try:
        async with asyncio.timeout(patience):
            while any(one.id == order_id for one in await book.orders()):  # noqa: ASYNC110
                # Nobody tells another process that a row is gone.
                await asyncio.sleep(_LOOK_AGAIN)
    except TimeoutError:
        return False
    return True
