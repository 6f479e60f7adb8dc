"""What an answer proves, from the bytes on the wire to the verdict."""

import json

import pytest

from tests.core.wuts.values import TOKEN
from wuts.errors import (
    AlreadyConnectedError,
    InvalidInputError,
    PortClosedError,
    UnexpectedAnswerError,
    WrongDeviceError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from wuts.evidence import Evidence, Verdict, weigh
from wuts.http.classify import Answer, error_from
from wuts.http.endpoints import (
    CONNECT,
    DISCONNECT,
    GET_QR,
    GET_STATUS,
    LIST_DEVICES,
    LOGOUT,
    Endpoint,
    Request,
)

PAGE = b"<html><title>Access denied</title></html>"
DEVICE_CALLS = [GET_STATUS, CONNECT, DISCONNECT, LOGOUT, GET_QR]


def said(text: str = "no", **more: object) -> bytes:
    """The gateway's own envelope."""
    return json.dumps({"success": False, "error": text, **more}).encode()


def answered(
    endpoint: Endpoint, status: int, body: bytes, *, retry_after: str | None = None
) -> Evidence:
    answer = Answer(status=status, body=body, date=None, retry_after=retry_after)
    request = Request(endpoint, None if endpoint is LIST_DEVICES else "d0")
    return weigh(endpoint, error_from(answer, request, token=TOKEN, problems=""))


@pytest.mark.parametrize("endpoint", [LIST_DEVICES, *DEVICE_CALLS])
def test_a_good_answer_proves_that_the_token_is_good_and_the_gateway_up(
    endpoint: Endpoint,
) -> None:
    evidence = weigh(endpoint, object())
    assert evidence.verdict is Verdict.ANSWERED
    assert evidence.is_gateway_up


@pytest.mark.parametrize("status", [401, 403])
def test_only_a_refused_listing_proves_that_the_token_is_refused(status: int) -> None:
    evidence = answered(LIST_DEVICES, status, said("Invalid token"))
    assert evidence.verdict is Verdict.TOKEN_REFUSED


@pytest.mark.parametrize("endpoint", DEVICE_CALLS)
def test_a_401_about_a_device_only_puts_the_token_in_doubt(endpoint: Endpoint) -> None:
    evidence = answered(endpoint, 401, said("unauthorized"))
    assert evidence.verdict is Verdict.TOKEN_DOUBTED


@pytest.mark.parametrize("endpoint", DEVICE_CALLS)
def test_a_403_about_a_device_is_that_device_s(endpoint: Endpoint) -> None:
    evidence = answered(endpoint, 403, said("forbidden"))
    assert evidence.verdict is Verdict.DEVICE_REFUSED


@pytest.mark.parametrize("endpoint", [LIST_DEVICES, *DEVICE_CALLS])
@pytest.mark.parametrize("status", [302, 400, 401, 403, 404, 408, 421, 425])
@pytest.mark.parametrize(
    "body",
    [PAGE, b"", b"null", b"[]", b'"no"', b'{"error":""}', b'{"message":"denied"}', b'{"succ'],
)
def test_what_is_not_the_gateway_s_word_proves_nothing(
    endpoint: Endpoint, status: int, body: bytes
) -> None:
    evidence = answered(endpoint, status, body)
    assert evidence.verdict is Verdict.NOTHING
    assert not evidence.is_gateway_up


@pytest.mark.parametrize("body", [b'{"error":"forbidden"}', b'{"success":true,"error":"no"}'])
@pytest.mark.parametrize("status", [401, 403])
def test_a_refusal_without_the_whole_envelope_proves_nothing(status: int, body: bytes) -> None:
    for endpoint in (LIST_DEVICES, CONNECT):
        assert answered(endpoint, status, body).verdict is Verdict.NOTHING


@pytest.mark.parametrize("endpoint", [GET_STATUS, CONNECT, LOGOUT])
def test_a_404_about_a_device_leaves_it_to_the_listing(endpoint: Endpoint) -> None:
    evidence = answered(endpoint, 404, said("device not found"))
    assert evidence.verdict is Verdict.DEVICE_UNKNOWN


def test_a_404_of_disconnect_does_not_even_say_that_the_device_is_unknown() -> None:
    evidence = answered(DISCONNECT, 404, said("device not found or not connected"))
    assert evidence.verdict is Verdict.DEVICE_FAILED


def test_a_404_to_the_listing_proves_nothing() -> None:
    assert answered(LIST_DEVICES, 404, said("not found")).verdict is Verdict.NOTHING


@pytest.mark.parametrize("status", [500, 502, 503])
@pytest.mark.parametrize("endpoint", [GET_STATUS, CONNECT])
def test_a_5xx_in_the_gateway_s_own_words_is_the_device_s_own_failure(
    endpoint: Endpoint, status: int
) -> None:
    evidence = answered(endpoint, status, said("reconnect failed"))
    assert evidence.verdict is Verdict.DEVICE_FAILED
    assert evidence.is_gateway_up


@pytest.mark.parametrize("status", [500, 502, 503, 504])
@pytest.mark.parametrize("endpoint", [LIST_DEVICES, GET_STATUS, CONNECT])
def test_a_5xx_in_nobody_s_words_is_the_gateway_s_failure(endpoint: Endpoint, status: int) -> None:
    evidence = answered(endpoint, status, PAGE)
    assert evidence.verdict is Verdict.GATEWAY_FAILED


@pytest.mark.parametrize("status", [500, 503])
def test_a_listing_that_fails_is_the_gateway_s_failure_in_any_words(status: int) -> None:
    assert answered(LIST_DEVICES, status, said("busy")).verdict is Verdict.GATEWAY_FAILED


@pytest.mark.parametrize("error", [WutsConnectionError(), WutsTimeoutError(), PortClosedError()])
@pytest.mark.parametrize("endpoint", [LIST_DEVICES, CONNECT])
def test_no_answer_is_the_gateway_s_failure(endpoint: Endpoint, error: WutsError) -> None:
    assert weigh(endpoint, error).verdict is Verdict.GATEWAY_FAILED


@pytest.mark.parametrize("endpoint", [LIST_DEVICES, CONNECT])
def test_a_429_asks_for_patience_and_says_how_much(endpoint: Endpoint) -> None:
    evidence = answered(endpoint, 429, PAGE, retry_after="50")
    assert evidence == Evidence(Verdict.RATE_LIMITED, 50.0)


def test_a_device_s_503_may_ask_for_patience_too() -> None:
    evidence = answered(CONNECT, 503, said("reconnect failed"), retry_after="7")
    assert evidence == Evidence(Verdict.DEVICE_FAILED, 7.0)


@pytest.mark.parametrize(
    ("endpoint", "text"),
    [
        (CONNECT, "device not ready"),
        (GET_QR, "timeout waiting for QR code"),
        (CONNECT, "something we never heard of"),
    ],
)
def test_a_refusal_in_the_gateway_s_own_words_is_the_device_s(
    endpoint: Endpoint, text: str
) -> None:
    assert answered(endpoint, 400, said(text)).verdict is Verdict.DEVICE_FAILED


def test_a_device_that_is_connected_already_is_a_good_answer() -> None:
    assert answered(CONNECT, 400, said("already connected")).verdict is Verdict.ANSWERED
    assert weigh(CONNECT, AlreadyConnectedError()).is_gateway_up


@pytest.mark.parametrize("endpoint", DEVICE_CALLS)
def test_an_answer_about_another_device_proves_nothing_about_ours(endpoint: Endpoint) -> None:
    evidence = weigh(endpoint, WrongDeviceError(asked="d0", answered="d1"))
    assert evidence.verdict is Verdict.WRONG_DEVICE
    assert not evidence.is_gateway_up


@pytest.mark.parametrize("error", [UnexpectedAnswerError(), InvalidInputError("odd")])
@pytest.mark.parametrize("endpoint", [LIST_DEVICES, CONNECT])
def test_an_odd_answer_or_none_that_was_asked_for_proves_nothing(
    endpoint: Endpoint, error: WutsError
) -> None:
    assert weigh(endpoint, error).verdict is Verdict.NOTHING
