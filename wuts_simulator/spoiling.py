"""What a fault makes of an answer: another in its place, or the right one spoiled."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from random import Random

from .answers import Answer, dump
from .contract import EndpointName, documented_error, phrase
from .faults import Fault, FaultKind

type _Row = dict[str, object]

_ANOTHER = "00000000-0000-4000-8000-000000000000"
_HTML = """<!DOCTYPE html>
<html><head><title>{status} {phrase}</title></head>
<body><center><h1>{status} {phrase}</h1></center><hr><center>nginx</center></body></html>
"""


def substitute(fault: Fault, endpoint: EndpointName) -> Answer | None:
    """Return the answer of a fault that keeps the request from the gateway; None for the others."""
    match fault.kind:
        case FaultKind.STATUS:
            return _status(fault, endpoint)
        case FaultKind.HTML:
            status = fault.status or 502
            page = _HTML.format(status=status, phrase=phrase(status))
            return Answer(page.encode(), status, content_type="text/html")
        case FaultKind.BODY:
            text = fault.body if isinstance(fault.body, str) else None
            body = dump(fault.body) if text is None else text.encode()
            return Answer(body, fault.status or 200)
        case _:
            return None


def spoil(answer: Answer, fault: Fault) -> Answer:
    """Return a right answer as the fault would have it."""
    match fault.kind:
        case FaultKind.TRUNCATED:
            return replace(answer, body=answer.body[: len(answer.body) // 2])
        case FaultKind.WRONG_TYPES:
            return _remade(answer, _with_wrong_types)
        case FaultKind.MISSING_FIELDS:
            return _remade(answer, lambda value: _without(value, fault.fields))
        case FaultKind.WRONG_DEVICE:
            return _remade(answer, lambda value: _about_another(value, fault.body))
        case _ if fault.kind in _LISTS:
            return _remade(answer, lambda value: _with_other_rows(value, fault))
        case _:
            return answer


def with_headers(answer: Answer, fault: Fault) -> Answer:
    """Return an answer with the headers of the fault."""
    headers = dict(answer.headers) | dict(fault.headers)
    if fault.retry_after is not None:
        headers["Retry-After"] = fault.retry_after
    return replace(answer, headers=headers)


def _status(fault: Fault, endpoint: EndpointName) -> Answer:
    status = fault.status or 503
    error = documented_error(endpoint, status) if fault.error is None else fault.error
    envelope: dict[str, object] = {"success": False, "error": error}
    if fault.error_code is not None:
        envelope["error_code"] = fault.error_code
    return Answer.of(envelope, status)


def _remade(answer: Answer, change: Callable[[dict[str, object]], object]) -> Answer:
    return replace(answer, body=dump(change(json.loads(answer.body))))


def _with_wrong_types(value: object) -> object:
    """Keep the object's shape and ``success``; every other value gets a type it cannot have."""
    match value:
        case dict():
            return {
                name: inner if name == "success" else _with_wrong_types(inner)
                for name, inner in value.items()
            }
        case list():
            return {"unexpected": len(value)}
        case str() | bool():
            return ["unexpected"]
        case _:
            return {"unexpected": True}


def _without(answer: dict[str, object], paths: tuple[str, ...]) -> dict[str, object]:
    if not paths:
        return {"success": answer["success"]}
    for path in paths:
        _remove(answer, path.split("."))
    return answer


def _remove(value: object, path: list[str]) -> None:
    if isinstance(value, list):
        for inner in value:
            _remove(inner, path)
        return
    if not isinstance(value, dict):
        return
    first, *rest = path
    if rest:
        _remove(value.get(first), rest)
        return
    value.pop(first, None)


def _about_another(answer: dict[str, object], device_id: object) -> dict[str, object]:
    """Answer about another device, which has lost its phone: the worst that could be believed."""
    data = answer.get("data")
    if not isinstance(data, dict) or "device_id" not in data:
        return answer
    worse = {"connected": False, "is_logged_in": False, "needs_qr": True}
    status = {"status": "logged_out" if "needs_qr" in data else "disconnected"}
    changed = {name: value for name, value in (worse | status).items() if name in data}
    lost = {"jid", "phone_number"}
    kept = {name: value for name, value in data.items() if name not in lost}
    return answer | {"data": kept | changed | {"device_id": device_id or _ANOTHER}}


def _with_other_rows(answer: dict[str, object], fault: Fault) -> dict[str, object]:
    rows = answer.get("devices")
    if not isinstance(rows, list):
        return answer
    return answer | {"devices": _LISTS[fault.kind](rows, fault)}


def _emptied(_rows: list[_Row], fault: Fault) -> object:
    return None if fault.variant % 2 else []


def _with_an_odd_row(rows: list[_Row], fault: Fault) -> object:
    if not rows:
        return rows
    place, way = fault.variant % len(rows), fault.variant // len(rows) % len(_ODDITIES)
    return [*rows[:place], _ODDITIES[way](rows[place]), *rows[place + 1 :]]


def _with_one_left_out(rows: list[_Row], fault: Fault) -> object:
    if fault.fields:
        return [row for row in rows if row["id"] not in fault.fields]
    place = fault.variant % max(1, len(rows))
    return rows[:place] + rows[place + 1 :]


def _reordered(rows: list[_Row], fault: Fault) -> object:
    return Random(fault.variant).sample(rows, len(rows))  # noqa: S311 - it hides no secret


def _duplicated(rows: list[_Row], fault: Fault) -> object:
    """Repeat one row at the end; every second time the repeat is a stale one."""
    if not rows:
        return rows
    row = rows[fault.variant // 2 % len(rows)]
    return [*rows, row if fault.variant % 2 else row | {"connected": False}]


def _in_gos_own_form(row: _Row) -> _Row:
    seen = str(row.get("last_seen", "2026-03-14T12:05:30Z"))
    return row | {"last_seen": seen.replace("T", " ").removesuffix("Z") + " +0000 UTC"}


_ODDITIES: Sequence[Callable[[_Row], object]] = (
    lambda row: row | {"connected": None},
    lambda row: {name: value for name, value in row.items() if name != "connected"},
    lambda row: row | {"id": 7},
    lambda row: [*row.values()],
    _in_gos_own_form,
    lambda row: row | {"name": None},
    lambda row: row | {"created_at": 0, "updated_at": ""},
    lambda row: row | {"whatsapp_jid": 5511999999999},
    lambda _row: None,
)
"""What was seen in place of a row that a client can read."""

_LISTS: Mapping[FaultKind, Callable[[list[_Row], Fault], object]] = {
    FaultKind.EMPTY_LIST: _emptied,
    FaultKind.ODD_ROW: _with_an_odd_row,
    FaultKind.LEFT_OUT: _with_one_left_out,
    FaultKind.REORDERED: _reordered,
    FaultKind.DUPLICATED: _duplicated,
}
