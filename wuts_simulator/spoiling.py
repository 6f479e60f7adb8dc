"""Turns a right answer into a wrong one, as a fault asks."""

import json
from collections.abc import Callable
from dataclasses import replace

from .answers import Answer, dump
from .endpoint_names import EndpointName
from .error_answers import documented_error, phrase
from .faults import Fault, FaultKind

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
