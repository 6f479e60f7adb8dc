"""The signature of a delivery, made in each way that a gateway may make it."""

import hashlib
import hmac
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.signatures import Signature, check_signature

SECRET = "shared"
BODY: dict[str, Any] = {
    "id": "1",
    "event": "message.received",
    "data": {"text": "a, b & <c> \u00e9 \U0001f600", "signature": "of the message"},
}


def sign(signed: str, secret: str = SECRET) -> str:
    return "sha256=" + hmac.new(secret.encode(), signed.encode(), hashlib.sha256).hexdigest()


def compact(body: object) -> str:
    return json.dumps(body, separators=(",", ":"), ensure_ascii=False)


def spaced(body: object) -> str:
    return json.dumps(body, indent=2)


def escaped(body: object) -> str:
    """Write as Go does, which escapes what HTML would read."""
    return compact(body).replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e")


@pytest.mark.parametrize("write", [compact, escaped])
def test_a_signature_of_the_body_is_known_wherever_the_field_stands(write: Any) -> None:  # noqa: ANN401 - a function
    signature = sign(write(BODY))
    items = list(BODY.items())
    for place in range(len(items) + 1):
        sent = dict([*items[:place], ("signature", signature), *items[place:]])
        assert check_signature(write(sent).encode(), SECRET) is Signature.OF_BODY


@pytest.mark.parametrize("write", [compact, spaced, escaped])
def test_a_signature_of_a_body_with_an_empty_field_is_known(write: Any) -> None:  # noqa: ANN401 - a function
    signature = sign(write({**BODY, "signature": ""}))
    sent = write({**BODY, "signature": signature})
    assert check_signature(sent.encode(), SECRET) is Signature.OF_BODY


@pytest.mark.parametrize("write", [compact, escaped])
def test_a_signature_of_the_data_is_known(write: Any) -> None:  # noqa: ANN401 - a function
    sent = write({**BODY, "signature": sign(write(BODY["data"]))})
    assert check_signature(sent.encode(), SECRET) is Signature.OF_DATA


def test_a_bare_digest_is_known_too() -> None:
    sent = compact({**BODY, "signature": sign(compact(BODY)).removeprefix("sha256=")})
    assert check_signature(sent.encode(), SECRET) is Signature.OF_BODY


@pytest.mark.parametrize("signature", ["sha256=00", "x", sign(compact(BODY), "another"), "é\ud800"])
def test_any_other_signature_is_wrong(signature: str) -> None:
    sent = json.dumps({**BODY, "signature": signature})
    assert check_signature(sent.encode(), SECRET) is Signature.WRONG


def test_a_signature_of_another_body_is_wrong() -> None:
    sent = compact({**BODY, "id": "2", "data": {}, "signature": sign(compact(BODY))})
    assert check_signature(sent.encode(), SECRET) is Signature.WRONG


@pytest.mark.parametrize(
    "body",
    [
        compact(BODY).encode(),
        compact({**BODY, "signature": ""}).encode(),
        compact({**BODY, "signature": None}).encode(),
        compact({**BODY, "signature": 7}).encode(),
        b"",
        b"no JSON",
        b"[]",
        b"{",
        b'{"signature"',
        b'{"signature" "x"}',
        b"\xff",
        b"[" * 60_000,
        b'{"a":' + b"[" * 60_000,
        b'{"a":' + b"1" * 60_000 + b"}",
    ],
)
def test_a_body_without_a_signature_has_none(body: bytes) -> None:
    assert check_signature(body, SECRET) is Signature.MISSING


@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_any_body_is_checked(body: bytes) -> None:
    assert check_signature(body, SECRET) in (Signature.MISSING, Signature.WRONG)
