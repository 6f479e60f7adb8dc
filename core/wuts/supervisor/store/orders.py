"""Orders: what one process asks of a supervisor in another, through the store they share.

Whoever gives an order adds a row and may wait until it is gone. The supervisor reads the rows once
a second, and deletes each in the transaction that saves its result: an order is neither lost
nor forgotten when either process is killed. One that cannot be carried out stays for a while, with
the reason.
"""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol, runtime_checkable

from ...errors import ErrorCode, InvalidInputError, NotVerifiedError, WutsError

PATIENCE = 5.0
"""Seconds to wait for an order to be carried out: somebody looks at the screen."""

LONGEST_WORK = 60.0
"""Seconds to wait for a supervisor that has an order in hand: a gateway may be slow."""

LONGEST_ARGUMENT = 2_000
"""Characters of an order's argument, as JSON."""

_LOOK_AGAIN = 0.1


class Verb(StrEnum):
    """What can be ordered; `order_verbs` says what a supervisor does then."""

    PAUSE = "pause"
    RESUME = "resume"
    WAKE = "wake"
    """Look at a device, or at an account, now. The newest one replaces an earlier one."""
    EXPECT_NUMBER = "expect_number"
    REPORT_PHONE = "report_phone"
    KEEP_PHONE = "keep_phone"
    DISCONNECT = "disconnect"
    """Pause a device and end its session."""
    ACKNOWLEDGE = "acknowledge"
    """Take an open alert; `alert_orders` says what these three take as arguments."""
    MUTE = "mute"
    """Mute an account's alerts, or only a device's, or only of a kind."""
    UNMUTE = "unmute"
    """End a mute."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an order was not carried out.

    Attributes:
        code: The error's.
        message: The same in English, without any secret.
    """

    code: ErrorCode
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """One order.

    Attributes:
        id: Counts up; a later order of a device has a higher one.
        account: The account's name in the supervisor that has the store open.
        device_id: The device; empty if the order is about the account.
        verb: What to do with it.
        at: When it was given, in UTC.
        argument: What the verb needs to know beside that; never a secret.
        is_taken: Whether a supervisor has it in hand, so that it cannot be taken back.
        refusal: Why it was not carried out, if that is certain.
    """

    id: int
    account: str
    device_id: str
    verb: Verb
    at: datetime
    argument: Mapping[str, object] = field(default_factory=dict, repr=False)
    is_taken: bool = False
    refusal: Refusal | None = None


class OrderRefusedError(WutsError):
    """A supervisor in another process could not carry an order out.

    Attributes:
        code: What went wrong there.
    """

    def __init__(self, refusal: Refusal) -> None:
        """Say what went wrong there."""
        super().__init__(refusal.message)
        self.code = refusal.code


@runtime_checkable
class OrderBook(Protocol):
    """A store that several processes may open. Every method may raise a `StoreError`."""

    async def add_order(
        self,
        account: str,
        device_id: str,
        verb: Verb,
        at: datetime,
        argument: Mapping[str, object] | None = None,
    ) -> int:
        """Keep an order until it is carried out; return its id.

        Raises:
            InvalidInputError: The argument is too long, or not JSON.
        """

    async def orders(self) -> tuple[Order, ...]:
        """Return all orders that are not carried out yet, the oldest first."""

    async def take_order(self, order_id: int) -> bool:
        """Take an order in hand; return whether it was still there for that."""

    async def replace_order(self, order_id: int, verb: Verb) -> bool:
        """Ask for something else unless a supervisor has the order in hand; return whether."""

    async def drop_order(self, order_id: int) -> None:
        """Delete an order; one that is gone is no error."""


def encoded(argument: Mapping[str, object] | None) -> str | None:
    """Return an order's argument as JSON; None if there is none.

    Raises:
        InvalidInputError: It is too long, or no JSON.
    """
    if not argument:
        return None
    try:
        text = json.dumps(dict(argument), allow_nan=False)
    except (TypeError, ValueError):
        raise InvalidInputError("An order's argument must be JSON.") from None
    if len(text) > LONGEST_ARGUMENT:
        raise InvalidInputError(
            f"An order's argument must have {LONGEST_ARGUMENT} characters at most."
        )
    return text


async def give_order(  # noqa: PLR0913 - an order has so many parts
    book: OrderBook,
    account: str,
    device_id: str,
    verb: Verb,
    *,
    at: datetime,
    argument: Mapping[str, object] | None = None,
    patience: float = PATIENCE,
) -> bool:
    """Give an order; return whether a supervisor carried it out within ``patience`` seconds.

    If none did, the order stays: the next supervisor that opens the store carries it out before it
    makes any call.

    Raises:
        InvalidInputError: The argument is too long, or not JSON.
        OrderRefusedError: A supervisor could not carry it out.
        StoreError: The store does not work; the order may or may not have been given.
    """
    order_id = await book.add_order(account, device_id, verb, at, argument)
    return await _is_done(book, order_id, patience)


async def give_disconnect(
    book: OrderBook, account: str, device_id: str, *, at: datetime, patience: float = PATIENCE
) -> bool:
    """Have a device disconnected; return whether a supervisor did.

    If none takes the order, it becomes one that only pauses the device, and no supervisor makes
    the call: make it yourself. So exactly one process makes it.

    Raises:
        OrderRefusedError: The supervisor could not do it; the device is paused in any case.
        NotVerifiedError: A supervisor has the order in hand, and has not reported its result.
        StoreError: The store does not work.
    """
    order_id = await book.add_order(account, device_id, Verb.DISCONNECT, at)
    if await _is_done(book, order_id, patience):
        return True
    if await book.replace_order(order_id, Verb.PAUSE):
        return False
    if await _is_done(book, order_id, LONGEST_WORK):
        return True
    raise NotVerifiedError(
        "The process that watches the device has not said whether it disconnected it. "
        "Check the device before you change anything.",
        action=Verb.DISCONNECT,
    )


async def _is_done(book: OrderBook, order_id: int, patience: float) -> bool:
    try:
        async with asyncio.timeout(patience):
            while order := await _find(book, order_id):
                if order.refusal is not None:
                    await book.drop_order(order_id)
                    raise OrderRefusedError(order.refusal)
                # Nobody tells another process that a row is gone.
                await asyncio.sleep(_LOOK_AGAIN)
    except TimeoutError:
        return False
    return True


async def _find(book: OrderBook, order_id: int) -> Order | None:
    return next((one for one in await book.orders() if one.id == order_id), None)
