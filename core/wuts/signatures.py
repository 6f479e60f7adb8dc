"""The signature of a delivery: checked in every way that is plausible, and never trusted.

A delivery has a field ``signature`` where the webhook has a ``secret``, but no page that could be
read says what is hashed. So each way is tried and the outcome counted: a secret of your own in the
webhook's ``headers`` is what keeps strangers out.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

_PREFIX: Final = "sha256="
_DECODER: Final = json.JSONDecoder()
_SPACE: Final = re.compile(r"[ \t\r\n]*")


class Signature(StrEnum):
    """The result of checking a signature."""

    OF_BODY = "of_body"
    """It is of the whole body except the field itself."""

    OF_DATA = "of_data"
    """It is of ``data`` alone."""

    WRONG = "wrong"
    """It is made in another way, with another secret, or by a stranger."""

    MISSING = "missing"
    """There is none: the gateway may have no secret."""


@dataclass(frozen=True, slots=True)
class _Member:
    """One field of the body: where it begins and ends, where its value begins, and the value."""

    begin: int
    value_at: int
    end: int
    value: Any


def check_signature(body: bytes, secret: str) -> Signature:
    """Check the signature of a delivery's body: HMAC-SHA256, in hexadecimal after ``sha256=``.

    Args:
        body: As it was received.
        secret: What the webhook was configured with.
    """
    try:
        text = body.decode()
        members = dict(_members(text))
    except (ValueError, RecursionError):
        return Signature.MISSING
    signature = members.get("signature")
    if signature is None or not isinstance(signature.value, str) or not signature.value:
        return Signature.MISSING
    given = signature.value.removeprefix(_PREFIX).encode(errors="backslashreplace")
    for signed in _bodies(text, signature):
        if hmac.compare_digest(_hexdigest(signed, secret), given):
            return Signature.OF_BODY
    data = members.get("data")
    if data is not None:
        signed = text[data.value_at : data.end]
        if hmac.compare_digest(_hexdigest(signed, secret), given):
            return Signature.OF_DATA
    return Signature.WRONG


def _bodies(text: str, signature: _Member) -> Iterator[str]:
    """Yield the body without the field, and with an empty one."""
    before, after = text[: signature.begin].rstrip(), text[signature.end :].lstrip()
    if after.startswith(","):
        after = after[1:].lstrip()
    else:
        before = before.removesuffix(",")
    yield before + after
    yield f'{text[: signature.value_at]}""{text[signature.end :]}'


def _members(text: str) -> Iterator[tuple[str, _Member]]:
    """Yield the fields of a JSON object with their places, since bytes are what is signed.

    Raises:
        ValueError: It is not a JSON object.
    """
    at = _skip(text, 0)
    if text[at : at + 1] != "{":
        raise ValueError("not a JSON object")
    at = _skip(text, at + 1)
    while text[at : at + 1] == '"':
        begin = at
        name, at = _DECODER.raw_decode(text, at)
        at = _skip(text, at)
        if text[at : at + 1] != ":":
            raise ValueError("no value")
        value_at = _skip(text, at + 1)
        value, end = _DECODER.raw_decode(text, value_at)
        yield name, _Member(begin, value_at, end, value)
        at = _skip(text, end)
        if text[at : at + 1] == ",":
            at = _skip(text, at + 1)


def _skip(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _hexdigest(signed: str, secret: str) -> bytes:
    return hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest().encode()
