"""Answers as plain data, so that a fault can spoil one before it is sent."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from typing import Self

JSON_TYPE = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """One HTTP answer.

    Attributes:
        body: Its bytes.
        status: Its HTTP status.
        headers: More headers.
        content_type: What the body is.
    """

    body: bytes = field(repr=False)
    status: int = HTTPStatus.OK
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    content_type: str = JSON_TYPE

    @classmethod
    def of(cls, value: object, status: int = HTTPStatus.OK) -> Self:
        """Answer with a JSON value."""
        return cls(dump(value), status)

    @classmethod
    def of_data(cls, data: Mapping[str, object]) -> Self:
        """Answer with the ``data`` envelope of the contract."""
        return cls.of({"success": True, "data": data})


def dump(value: object) -> bytes:
    """Return a value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def rfc3339(moment: datetime) -> str:
    """Return a time in UTC as the contract writes it, to the millisecond."""
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
