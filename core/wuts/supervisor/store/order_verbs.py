"""What a supervisor does for each verb of an order: add a verb here, and in `Verb`."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from ..controller import Controller
from ..device import phone_changes
from . import alert_orders
from .orders import Order, Verb


class Hands(Protocol):
    """What carries orders out that take more than a word to the controller."""

    async def disconnect(self, name: str, device_id: str) -> None:
        """See `Supervisor.disconnect`."""


type Finish = Callable[[Hands, Order], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What an order brings about.

    Attributes:
        begin: Tells the controller, given the present moment. It may be called again for the same
            order, after a restart, and may raise a `WutsError`: the order is then refused with it.
        waits_for_calls: Whether the order is carried out only when no call about its device is
            under way any longer.
        finish: What is to be done then, at most once. Later orders about the device wait for it.
    """

    begin: Callable[[Controller, Order, float], None]
    waits_for_calls: bool = False
    finish: Finish | None = None


def _pause(controller: Controller, order: Order, now: float) -> None:
    controller.pause(order.account, order.device_id, now)


def _resume(controller: Controller, order: Order, now: float) -> None:
    controller.resume(order.account, order.device_id, now)


def _wake(controller: Controller, order: Order, now: float) -> None:
    controller.wake(order.account, order.device_id or None, now)


def _expect_number(controller: Controller, order: Order, now: float) -> None:
    change = phone_changes.expect(_text(order, "number"))
    controller.change_phone(order.account, order.device_id, change, now)


def _report_phone(controller: Controller, order: Order, now: float) -> None:
    change = phone_changes.report(_text(order, "linked"), _text(order, "expected"))
    controller.change_phone(order.account, order.device_id, change, now)


def _keep_phone(controller: Controller, order: Order, now: float) -> None:
    """Keep it if the question is still open: whoever asked looks at the result."""
    change = phone_changes.keep(str(order.argument.get("question_id", "")))
    controller.change_phone(order.account, order.device_id, change, now)


def _text(order: Order, name: str) -> str | None:
    """Return a text of an order, or None; whoever adds a row may write anything."""
    value = order.argument.get(name)
    return None if value is None else str(value)


async def _disconnect(hands: Hands, order: Order) -> None:
    await hands.disconnect(order.account, order.device_id)


EFFECTS: Mapping[Verb, Effect] = {
    # Whoever waits for a pause relies on it that no reconnect is still in flight.
    Verb.PAUSE: Effect(begin=_pause, waits_for_calls=True),
    Verb.RESUME: Effect(begin=_resume),
    Verb.WAKE: Effect(begin=_wake),
    Verb.EXPECT_NUMBER: Effect(begin=_expect_number),
    Verb.REPORT_PHONE: Effect(begin=_report_phone),
    Verb.KEEP_PHONE: Effect(begin=_keep_phone),
    Verb.DISCONNECT: Effect(begin=_pause, finish=_disconnect),
    Verb.ACKNOWLEDGE: Effect(begin=alert_orders.acknowledge),
    Verb.MUTE: Effect(begin=alert_orders.mute),
    Verb.UNMUTE: Effect(begin=alert_orders.unmute),
}
