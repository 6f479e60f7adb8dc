"""Faults: what the gateway does wrong, at which call, for whom and how often."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count

from .answers import Answer, dump
from .contract import EndpointName, documented_error, phrase
from .errors import InvalidError, UnknownError

EVERYWHERE = "*"
_HTML = """<!DOCTYPE html>
<html><head><title>{status} {phrase}</title></head>
<body><center><h1>{status} {phrase}</h1></center><hr><center>nginx</center></body></html>
"""


class FaultKind(StrEnum):
    """What happens instead of the right answer."""

    STATUS = "status"
    LATENCY = "latency"
    HANG = "hang"
    RESET = "reset"
    HTML = "html"
    TRUNCATED = "truncated"
    WRONG_TYPES = "wrong_types"
    MISSING_FIELDS = "missing_fields"
    BODY = "body"


@dataclass(slots=True, kw_only=True)
class Fault:
    """One fault.

    Attributes:
        kind: What happens.
        endpoint: At which call, such as ``GET /status``; ``*`` for all.
        device_id: Only for this device; None for any.
        tenant: Only for this tenant's tokens; None for any.
        times: How often it still happens; None for ever.
        status: The HTTP status of the kinds ``status``, ``html`` and ``body``.
        error: The envelope's ``error``; None for what the contract documents for that status.
        error_code: The envelope's ``error_code``.
        seconds: How late ``latency`` answers.
        retry_after: The ``Retry-After`` header, sent as it is.
        body: What ``body`` sends: a text as it is, anything else as JSON.
        fields: What ``missing_fields`` leaves out, as dotted paths; all but ``success`` when empty.
        headers: More headers of the answer.
        id: Names the fault in the control API.
    """

    kind: FaultKind
    endpoint: str = EVERYWHERE
    device_id: str | None = None
    tenant: str | None = None
    times: int | None = None
    status: int | None = None
    error: str | None = None
    error_code: str | None = None
    seconds: float = 1.0
    retry_after: str | None = None
    body: object = field(default=None, repr=False)
    fields: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    id: str = ""

    def concerns(self, endpoint: EndpointName, device_id: str | None, tenant: str | None) -> bool:
        """Tell whether it strikes this request."""
        return (
            self.endpoint in {EVERYWHERE, endpoint}
            and self.device_id in {None, device_id}
            and self.tenant in {None, tenant}
        )


class Faults:
    """The faults that are set, oldest first. A request meets at most one: the first that fits."""

    def __init__(self) -> None:
        self._faults: dict[str, Fault] = {}
        self._numbers = count(1)

    def __len__(self) -> int:
        """Return how many are set."""
        return len(self._faults)

    def __iter__(self) -> Iterator[Fault]:
        """Walk through them, oldest first."""
        return iter(tuple(self._faults.values()))

    def add(self, fault: Fault) -> str:
        """Set a fault and return its id.

        Raises:
            InvalidError: The endpoint is not one of the contract, or a number makes no sense.
        """
        if fault.endpoint != EVERYWHERE and fault.endpoint not in set(EndpointName):
            raise InvalidError(f"no such endpoint: {fault.endpoint}")
        if fault.times is not None and fault.times < 1:
            raise InvalidError("times must be 1 or more, or null for ever")
        if fault.seconds < 0:
            raise InvalidError("seconds must not be negative")
        fault.id = f"fault-{next(self._numbers)}"
        self._faults[fault.id] = fault
        return fault.id

    def remove(self, fault_id: str) -> None:
        """Lift one fault.

        Raises:
            UnknownError: There is none of that id; perhaps it was used up.
        """
        if self._faults.pop(fault_id, None) is None:
            raise UnknownError("no such fault")

    def clear(self) -> None:
        """Lift all faults."""
        self._faults.clear()

    def take(
        self, endpoint: EndpointName, device_id: str | None, tenant: str | None
    ) -> Fault | None:
        """Return the fault that strikes this request, and count it."""
        for fault in self._faults.values():
            if fault.concerns(endpoint, device_id, tenant):
                self._use(fault)
                return fault
        return None

    def _use(self, fault: Fault) -> None:
        if fault.times is None:
            return
        fault.times -= 1
        if not fault.times:
            del self._faults[fault.id]


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
