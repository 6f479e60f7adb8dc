"""Orders as rows of a SQL store; every function works in the caller's transaction."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import ColumnElement, RowMapping, and_, bindparam, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from ...errors import ErrorCode
from .orders import Order, Refusal, Verb, encoded
from .rows import as_utc, storable, text
from .schema import ORDERS


def row(
    account: str,
    device_id: str,
    verb: Verb,
    at: datetime,
    argument: Mapping[str, object] | None,
) -> dict[str, object]:
    """Return the row of an order.

    Raises:
        InvalidInputError: The argument is too long, or not JSON.
    """
    return {
        "account": storable(account),
        "device_id": storable(device_id),
        "verb": verb.value,
        "at": at,
        "argument": encoded(argument),
    }


async def add(connection: AsyncConnection, order: Mapping[str, object]) -> int:
    """Add an order; return its id.

    A wake takes the place of an earlier one, so that those that nobody reads do not pile up. It
    gets an id of its own: a supervisor that has read the earlier one looks again.
    """
    if order["verb"] == Verb.WAKE:
        same = (ORDERS.c[name] == order[name] for name in ("account", "device_id", "verb"))
        await connection.execute(delete(ORDERS).where(*same))
    added = insert(ORDERS).values(dict(order)).returning(ORDERS.c.id)
    order_id: int = (await connection.execute(added)).scalar_one()
    return order_id


async def read(connection: AsyncConnection) -> tuple[Order, ...]:
    """Return all orders, the oldest first, except those that only a newer version knows."""
    rows = (await connection.execute(select(ORDERS).order_by(ORDERS.c.id))).mappings()
    return tuple(order for one in rows if (order := _order(one)))


async def take(connection: AsyncConnection, order_id: int, owner: str) -> bool:
    """Let ``owner`` have an order in hand, unless somebody has; return whether."""
    taken = update(ORDERS).where(_is_free(order_id)).values(taken_by=owner)
    return (await connection.execute(taken)).rowcount > 0


async def replace(connection: AsyncConnection, order_id: int, verb: Verb) -> bool:
    """Change what an order asks for, unless somebody has it in hand; return whether."""
    replaced = update(ORDERS).where(_is_free(order_id)).values(verb=verb.value)
    return (await connection.execute(replaced)).rowcount > 0


async def drop(connection: AsyncConnection, order_ids: Collection[int]) -> None:
    """Delete orders."""
    if order_ids:
        await connection.execute(delete(ORDERS).where(ORDERS.c.id.in_(order_ids)))


async def refuse(connection: AsyncConnection, refusals: Mapping[int, Refusal]) -> None:
    """Record why orders were not carried out."""
    if not refusals:
        return
    reasons = [
        {"order": order_id, "why": json.dumps({"code": one.code, "message": one.message})}
        for order_id, one in refusals.items()
    ]
    refused = update(ORDERS).where(ORDERS.c.id == bindparam("order"))
    await connection.execute(refused.values(refusal=bindparam("why")), reasons)


def _is_free(order_id: int) -> ColumnElement[bool]:
    return and_(ORDERS.c.id == order_id, ORDERS.c.taken_by.is_(None), ORDERS.c.refusal.is_(None))


def _order(found: RowMapping) -> Order | None:
    """Return the order in a row, or None if only a newer version knows what it asks."""
    if found["verb"] not in set(Verb):
        return None
    return Order(
        id=found["id"],
        account=text(found["account"]),
        device_id=text(found["device_id"]),
        verb=Verb(found["verb"]),
        at=as_utc(found["at"]),
        argument=_object(found["argument"]),
        is_taken=found["taken_by"] is not None,
        refusal=_refusal(found["refusal"]),
    )


def _refusal(kept: str | None) -> Refusal | None:
    if kept is None:
        return None
    found = _object(kept)
    code = str(found.get("code"))
    # A newer version may know other codes.
    known = ErrorCode(code) if code in set(ErrorCode) else ErrorCode.REFUSED
    return Refusal(known, str(found.get("message") or ""))


def _object(kept: str | None) -> dict[str, object]:
    """Return an object of ours; what was changed to something else says nothing."""
    try:
        found = json.loads(kept or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
