"""Answers that are not the gateway's word, or contradict themselves: they settle nothing."""

from dataclasses import replace
from typing import Any

from wuts_simulator import Fault, FaultKind


def answer_of(content: object, status: int = 200, **details: Any) -> Fault:  # noqa: ANN401 - of a Fault
    """Return a fault that answers with a body, as JSON unless it is a text."""
    return Fault(kind=FaultKind.BODY, body=content, status=status, **details)


ODD_ANSWERS: dict[str, Fault] = {
    "a page with 401": Fault(kind=FaultKind.HTML, status=401),
    "a page with 403": Fault(kind=FaultKind.HTML, status=403),
    "a page with 404": Fault(kind=FaultKind.HTML, status=404),
    "a page with 200": Fault(kind=FaultKind.HTML, status=200),
    "JSON of a proxy with 401": answer_of({"message": "Unauthorized"}, 401),
    "an error alone with 401": answer_of({"error": "Unauthorized"}, 401),
    "a login page": answer_of("", 302, headers={"Location": "/login"}),
    "an error envelope with 200": answer_of({"success": False, "error": "database is locked"}),
    "an error alone with 200": answer_of({"error": "database is locked"}),
    "no gzip": answer_of("garbage", headers={"Content-Encoding": "gzip"}),
    "cut JSON": Fault(kind=FaultKind.TRUNCATED),
    "wrong types": Fault(kind=FaultKind.WRONG_TYPES),
    "null": answer_of(None),
    "a list": answer_of([]),
    "503": Fault(kind=FaultKind.STATUS, status=503),
    "429": Fault(kind=FaultKind.STATUS, status=429),
    "a reset": Fault(kind=FaultKind.RESET),
}


def odd_answer(name: str, *, endpoint: str, times: int) -> Fault:
    """Return the fault that answers a call oddly so many times."""
    return replace(ODD_ANSWERS[name], endpoint=endpoint, times=times)
