"""Keeps what people and receivers have to do with alerts, and the history, in a SQL store."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import batched

from pydantic import TypeAdapter
from sqlalchemy import (
    ColumnElement,
    RowMapping,
    and_,
    bindparam,
    delete,
    insert,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from ..alerts.history import HistoryKind, HistoryLine
from ..alerts.mutes import Mute, MuteScope
from ..alerts.notifications import Notification
from ..alerts.records import AlertRecords
from ..events import AlertKind, AlertStatus
from .base import SavedNotification
from .rows import as_utc, optional_utc, storable
from .schema import ALERTS, DEVICES, HISTORY, MUTES, NOTIFICATIONS, WATCHED
from .sql_session import ROWS_AT_ONCE, SqlSession

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECOND = timedelta(milliseconds=1)


async def save(session: SqlSession, connection: AsyncConnection, records: AlertRecords) -> None:
    """Write all of ``records``."""
    mutes = [_mute_row(one) for one in records.mutes.values() if one is not None]
    await session.put(connection, MUTES, mutes)
    over = [_scope_row(scope) for scope, one in records.mutes.items() if one is None]
    if over:
        await connection.execute(_DROP_MUTE, over)
    sent = [_notification_row(one) for one in records.notifications.values() if one is not None]
    await session.put(connection, NOTIFICATIONS, sent)
    told = [
        {"of": account, "which": id_, "update": sequence}
        for (account, id_), sequence in records.told.items()
    ]
    if told:
        await connection.execute(_NOTE_TOLD, told)
    gone = [key for key, one in records.notifications.items() if one is None]
    for keys in batched(gone, ROWS_AT_ONCE):
        key = tuple_(NOTIFICATIONS.c.account, NOTIFICATIONS.c.id)
        await connection.execute(delete(NOTIFICATIONS).where(key.in_(keys)))
    for lines in batched(records.history, ROWS_AT_ONCE):
        await connection.execute(insert(HISTORY), [_line_row(line) for line in lines])
    await session.put(connection, WATCHED, _watched_rows(records.watched))
    for account, before in records.prune.items():
        old = (HISTORY.c.account == account, HISTORY.c.at < _milliseconds(before))
        await connection.execute(delete(HISTORY).where(*old))
        past = (WATCHED.c.account == account, WATCHED.c.until < _milliseconds(before))
        await connection.execute(delete(WATCHED).where(*past))


async def note_delivered(
    connection: AsyncConnection,
    delivered: Mapping[str, AlertStatus],
    is_ours: ColumnElement[bool],
) -> None:
    """Record which alerts all subscribers were told of; what is over is dropped then."""
    rows = [{"alert": alert_id, "told": status} for alert_id, status in delivered.items()]
    if not rows:
        return
    same = and_(ALERTS.c.id == bindparam("alert"), is_ours)
    await connection.execute(
        update(ALERTS).where(same).values(delivered_status=bindparam("told")), rows
    )
    over = [
        {"alert": alert_id}
        for alert_id, status in delivered.items()
        if status is AlertStatus.RESOLVED
    ]
    if over:
        # One that has begun again meanwhile stays.
        is_over = ALERTS.c.status == AlertStatus.RESOLVED.value
        await connection.execute(delete(ALERTS).where(same, is_over), over)


async def read_history(
    connection: AsyncConnection,
    account: str,
    start: datetime,
    end: datetime,
    device_id: str | None,
) -> list[HistoryLine]:
    """Return the lines of an account, or of one device; see `SqlStore.history`.

    Raises:
        TypeError, ValueError: They were not written by us.
    """
    first, last = _milliseconds(start), _milliseconds(end)
    is_it = [HISTORY.c.account == account]
    devices = [DEVICES.c.account == account]
    if device_id is not None:
        is_it.append(HISTORY.c.device_id == device_id)
        devices.append(DEVICES.c.device_id == device_id)
    before = (
        select(HISTORY.c.id)
        .where(
            HISTORY.c.account == DEVICES.c.account,
            HISTORY.c.device_id == DEVICES.c.device_id,
            HISTORY.c.at < first,
            HISTORY.c.kind == HistoryKind.STATE,
        )
        .order_by(HISTORY.c.at.desc(), HISTORY.c.id.desc())
        .limit(1)
        .correlate(DEVICES)
        .scalar_subquery()
    )
    ids = select(before).select_from(DEVICES).where(*devices)
    earlier = await connection.execute(select(HISTORY).where(HISTORY.c.id.in_(ids)))
    within = select(HISTORY).where(*is_it, HISTORY.c.at >= first, HISTORY.c.at < last)
    ordered = within.order_by(HISTORY.c.device_id, HISTORY.c.at, HISTORY.c.id)
    lines = [_line_from(row) for row in earlier.mappings()]
    lines += [_line_from(row) for row in (await connection.execute(ordered)).mappings()]
    spans = select(WATCHED).where(
        WATCHED.c.account == account, WATCHED.c.until >= first, WATCHED.c.since < last
    )
    watched = (await connection.execute(spans.order_by(WATCHED.c.since))).mappings()
    return [*map(_span_from, watched), *lines]


def mute_from(row: RowMapping) -> Mute:
    """Return the mute in a row.

    Raises:
        TypeError, ValueError: It was not written by us.
    """
    kind = AlertKind(row["kind"]) if row["kind"] else None
    return Mute(
        scope=MuteScope(row["account"], row["device_id"] or None, kind),
        until=optional_utc(row["until"]),
        by=row["who"],
        reason=row["reason"],
        at=as_utc(row["at"]),
        ended=optional_utc(row["ended"]),
    )


def notification_from(row: RowMapping) -> SavedNotification:
    """Return the notification in a row.

    Raises:
        ValueError: It was not written by us.
    """
    return SavedNotification(_adapter().validate_json(row["body"]), row["told"] >= row["sequence"])


@cache
def _adapter() -> TypeAdapter[Notification]:
    """Whoever has no receivers does not wait for it."""
    return TypeAdapter(Notification)


_DROP_MUTE = delete(MUTES).where(
    MUTES.c.account == bindparam("of"),
    MUTES.c.device_id == bindparam("device"),
    MUTES.c.kind == bindparam("about"),
)

_NOTE_TOLD = (
    update(NOTIFICATIONS)
    .where(
        and_(
            NOTIFICATIONS.c.account == bindparam("of"),
            NOTIFICATIONS.c.id == bindparam("which"),
        )
    )
    .values(told=bindparam("update"))
)


def _scope_row(scope: MuteScope) -> dict[str, object]:
    return {"of": scope.account, "device": scope.device_id or "", "about": scope.kind or ""}


def _mute_row(mute: Mute) -> dict[str, object]:
    return {
        "account": mute.scope.account,
        "device_id": storable(mute.scope.device_id or ""),
        "kind": mute.scope.kind or "",
        "until": mute.until,
        "who": storable(mute.by),
        "reason": storable(mute.reason),
        "at": mute.at,
        "ended": mute.ended,
    }


def _notification_row(notification: Notification) -> dict[str, object]:
    """Which update was told is left as it is."""
    return {
        "account": notification.account,
        "id": notification.id,
        "sequence": notification.sequence,
        "body": storable(_body(notification)),
    }


def _body(notification: Notification) -> str:
    return _adapter().dump_json(notification).decode()


def _line_row(line: HistoryLine) -> dict[str, object]:
    return {
        "account": line.account,
        "device_id": storable(line.device_id or ""),
        "at": _milliseconds(line.at),
        "until": None if line.until is None else _milliseconds(line.until),
        "kind": line.kind,
        "detail": line.detail,
        "who": storable(line.by),
        "text": storable(line.text),
    }


def _watched_rows(watched: Mapping[tuple[str, datetime], datetime]) -> list[dict[str, object]]:
    return [
        {"account": account, "since": _milliseconds(since), "until": _milliseconds(until)}
        for (account, since), until in watched.items()
    ]


def _line_from(row: RowMapping) -> HistoryLine:
    return HistoryLine(
        account=row["account"],
        device_id=row["device_id"] or None,
        kind=HistoryKind(row["kind"]),
        detail=row["detail"],
        at=_moment(row["at"]),
        until=None if row["until"] is None else _moment(row["until"]),
        by=row["who"],
        text=row["text"],
    )


def _span_from(row: RowMapping) -> HistoryLine:
    return HistoryLine(
        account=row["account"],
        device_id=None,
        kind=HistoryKind.WATCHED,
        detail="",
        at=_moment(row["since"]),
        until=_moment(row["until"]),
    )


def _milliseconds(moment: datetime) -> int:
    return (moment - _EPOCH) // _MILLISECOND


def _moment(milliseconds: int) -> datetime:
    return _EPOCH + milliseconds * _MILLISECOND
