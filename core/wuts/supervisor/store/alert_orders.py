"""Orders about alerts: their arguments, and what is done when one is carried out.

Whoever gives one may be of another version: what an argument lacks is refused, never guessed.
"""

from collections.abc import Mapping
from datetime import datetime

from ...errors import InvalidInputError
from ..alerts.desk import LONGEST_TEXT
from ..alerts.mutes import MuteScope
from ..controller import Controller
from ..events import AlertKind
from .orders import Order

_NOT_UNDERSTOOD = (
    "The process that is watching does not understand the order. Use the same version."
)


def acknowledge_argument(alert_id: str, by: str, note: str) -> dict[str, object]:
    """Return the argument of an order to take an alert."""
    return {"alert": alert_id, "by": by[:LONGEST_TEXT], "note": note[:LONGEST_TEXT]}


def mute_argument(
    kind: AlertKind | None, until: datetime | None, by: str, reason: str
) -> dict[str, object]:
    """Return the argument of an order to mute; the order names the account and the device."""
    return {
        "kind": kind,
        "until": None if until is None else until.isoformat(),
        "by": by[:LONGEST_TEXT],
        "reason": reason[:LONGEST_TEXT],
    }


def unmute_argument(kind: AlertKind | None, by: str) -> dict[str, object]:
    """Return the argument of an order to end a mute."""
    return {"kind": kind, "by": by[:LONGEST_TEXT]}


def acknowledge(controller: Controller, order: Order, now: float) -> None:
    """Take an alert.

    Raises:
        InvalidInputError: There is no such alert, or the order is not understood.
    """
    alert_id, by = _text(order.argument, "alert"), _text(order.argument, "by")
    note = _text(order.argument, "note")
    controller.desk.acknowledge(order.account, alert_id, by, note, now)


def mute(controller: Controller, order: Order, now: float) -> None:
    """Mute alerts.

    Raises:
        InvalidInputError: The end is past, or the order is not understood.
    """
    until, argument = order.argument.get("until"), order.argument
    try:
        end = None if until is None else datetime.fromisoformat(_text(argument, "until"))
    except ValueError:
        raise InvalidInputError(_NOT_UNDERSTOOD) from None
    if end is not None and end.tzinfo is None:
        raise InvalidInputError(_NOT_UNDERSTOOD)
    by, reason = _text(argument, "by"), _text(argument, "reason")
    controller.desk.mute(_scope(order), end, by, reason, now)


def unmute(controller: Controller, order: Order, now: float) -> None:
    """End a mute.

    Raises:
        InvalidInputError: There is none, or the order is not understood.
    """
    if not controller.desk.unmute(_scope(order), _text(order.argument, "by"), now):
        raise InvalidInputError("There is no mute of exactly that.")


def _scope(order: Order) -> MuteScope:
    kind = order.argument.get("kind")
    try:
        wanted = None if kind is None else AlertKind(_text(order.argument, "kind"))
    except ValueError:
        raise InvalidInputError(_NOT_UNDERSTOOD) from None
    return MuteScope(order.account, order.device_id or None, wanted)


def _text(argument: Mapping[str, object], name: str) -> str:
    value = argument.get(name)
    if not isinstance(value, str):
        raise InvalidInputError(_NOT_UNDERSTOOD)
    return value
