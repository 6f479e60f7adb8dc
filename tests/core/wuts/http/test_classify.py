from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.classifying import DATE, about_device, classify, refusal
from tests.core.wuts.values import CODE, PAYLOAD, PHONE, TOKEN, Json, documented
from wuts.errors import (
    AlreadyConnectedError,
    AlreadyPairedError,
    DeviceNotConnectedError,
    DeviceNotFoundError,
    DeviceNotReadyError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    QrNotReadyError,
    RateLimitedError,
    RequestRefusedError,
    RetryLaterError,
    UnexpectedAnswerError,
    WutsError,
)
from wuts.http import endpoints
from wuts.http.classify import Answer
from wuts.http.endpoints import Endpoint, Request


@pytest.mark.parametrize(
    ("status", "fixture", "endpoint", "kind"),
    [
        (400, "error_400_name", endpoints.CREATE_DEVICE, RequestRefusedError),
        (401, "error_401", endpoints.GET_STATUS, InvalidTokenError),
        (401, "error_401_quickstart", endpoints.GET_STATUS, InvalidTokenError),
        (401, "error_401_with_code", endpoints.LIST_DEVICES, InvalidTokenError),
        (403, "error_403", endpoints.DELETE_DEVICE, ForbiddenError),
        (404, "error_404", endpoints.GET_STATUS, DeviceNotFoundError),
        (404, "error_404", endpoints.CONNECT, DeviceNotFoundError),
        (404, "error_404_with_code", endpoints.DELETE_DEVICE, DeviceNotFoundError),
        (404, "error_404_disconnect", endpoints.DISCONNECT, DeviceNotConnectedError),
        (500, "error_500_qr", endpoints.GET_QR, GatewayError),
        (503, "error_503_connect", endpoints.CONNECT, GatewayBusyError),
        (504, "error_504_qr", endpoints.GET_QR, QrNotReadyError),
        (504, "error_504_paircode", endpoints.CREATE_PAIR_CODE, QrNotReadyError),
        (500, "error_504_paircode", endpoints.CREATE_PAIR_CODE, QrNotReadyError),
        (400, "error_already_connected", endpoints.GET_QR, AlreadyConnectedError),
        (400, "error_already_connected", endpoints.CREATE_PAIR_CODE, AlreadyConnectedError),
        (400, "error_already_paired", endpoints.CREATE_PAIR_CODE, AlreadyPairedError),
        (409, "error_already_paired", endpoints.CREATE_PAIR_CODE, AlreadyPairedError),
        (400, "error_device_id_required", endpoints.GET_QR_STATUS, RequestRefusedError),
        (400, "error_device_not_ready", endpoints.SEND_TEXT, DeviceNotReadyError),
        (400, "error_logout_not_connected", endpoints.LOGOUT, RequestRefusedError),
        (400, "error_phone_invalid", endpoints.CREATE_PAIR_CODE, InvalidPhoneNumberError),
        (400, "error_phone_required", endpoints.CREATE_PAIR_CODE, InvalidPhoneNumberError),
    ],
)
def test_every_documented_error_has_its_class(
    status: int, fixture: str, endpoint: Endpoint, kind: type[WutsError]
) -> None:
    body = documented(fixture)
    error = classify(status, body, request=about_device(endpoint))
    assert type(error) is kind
    assert error.status == status
    assert error.error_code == body.get("error_code")
    assert error.message.startswith(kind.advice)


@pytest.mark.parametrize("status", [401, 403, 429, 502, 503])
def test_the_status_counts_before_the_code_and_the_text(status: int) -> None:
    error = classify(status, refusal("already connected", error_code="ALREADY_CONNECTED"))
    assert not isinstance(error, AlreadyConnectedError)
    assert error.error_code == "ALREADY_CONNECTED"


@pytest.mark.parametrize("code", ["ALREADY_CONNECTED", "already-connected", "Already Connected"])
def test_the_code_counts_before_the_text(code: str) -> None:
    error = classify(400, refusal("device already paired", error_code=code))
    assert isinstance(error, AlreadyConnectedError)


@pytest.mark.parametrize("text", ["ALREADY CONNECTED", "Device Is Already Connected."])
def test_the_text_counts_whatever_its_case(text: str) -> None:
    assert isinstance(classify(400, refusal(text)), AlreadyConnectedError)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
@pytest.mark.parametrize("body", ["", "<html>gateway</html>", "[]", '{"error":{"code":7}}', "nul"])
def test_a_status_that_says_enough_needs_no_envelope(status: int, body: str) -> None:
    error = classify(status, body)
    assert not isinstance(error, UnexpectedAnswerError)
    assert error.message == type(error).advice
    assert not error.from_gateway


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>Request blocked by the firewall</html>",
        "[]",
        '{"error":{"code":7}}',
        '{"message":"Forbidden"}',
        '{"error":"Forbidden"}',
        '{"success":true}',
        '{"success":false}',
        "nul",
    ],
)
def test_a_refusal_without_the_gateways_envelope_is_not_its_word(status: int, body: str) -> None:
    error = classify(status, body)
    assert type(error) is UnexpectedAnswerError
    assert (error.status, error.from_gateway) == (status, False)


@pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500, 503])
def test_the_envelope_tells_that_the_gateway_itself_answered(status: int) -> None:
    assert classify(status, refusal("no device may do that")).from_gateway


@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<html>404 Not Found</html>", id="a page"),
        pytest.param("404 page not found", id="a text"),
        pytest.param({"message": "no Route matched with those values"}, id="JSON of its own"),
        pytest.param({"error": "Not Found"}, id="JSON with an error"),
        pytest.param({"success": True}, id="a success"),
    ],
)
@pytest.mark.parametrize("endpoint", [endpoints.GET_STATUS, endpoints.DISCONNECT])
def test_a_proxys_own_404_does_not_say_that_a_device_is_gone(
    endpoint: Endpoint, body: Json
) -> None:
    error = classify(404, body, request=about_device(endpoint))
    assert isinstance(error, UnexpectedAnswerError)
    assert error.status == 404


def test_a_404_about_no_device_is_not_expected() -> None:
    error = classify(404, refusal("not found"), request=Request(endpoint=endpoints.LIST_DEVICES))
    assert isinstance(error, UnexpectedAnswerError)


def test_a_device_that_the_gateway_could_not_pick_is_not_found() -> None:
    error = classify(
        404, refusal("device not found"), request=Request(endpoint=endpoints.GET_STATUS)
    )
    assert isinstance(error, DeviceNotFoundError)


@pytest.mark.parametrize("endpoint", [endpoints.GET_STATUS, endpoints.CONNECT])
def test_a_504_of_a_call_that_waits_for_no_qr_is_a_busy_gateway(endpoint: Endpoint) -> None:
    error = classify(
        504, "<html>Gateway Time-out</html>", request=about_device(endpoint), retry_after="3"
    )
    assert isinstance(error, GatewayBusyError)
    assert error.retry_after == 3


@pytest.mark.parametrize(
    ("status", "kind"), [(429, RateLimitedError), (502, GatewayBusyError), (503, GatewayBusyError)]
)
@pytest.mark.parametrize(
    ("retry_after", "seconds"),
    [("17", 17), ("Sat, 14 Mar 2026 12:00:17 GMT", 17), ("soon", None), (None, None)],
)
def test_a_wait_is_read_from_both_forms_of_retry_after(
    status: int, kind: type[RetryLaterError], retry_after: str | None, seconds: float | None
) -> None:
    error = classify(status, refusal("wait"), retry_after=retry_after)
    assert isinstance(error, RetryLaterError)
    assert type(error) is kind
    assert error.retry_after == seconds


def test_without_a_date_of_its_own_a_retry_after_date_is_read_by_our_clock() -> None:
    long_ago, in_years = DATE, f"Wed, 01 Jan {datetime.now(UTC).year + 2} 12:00:00 GMT"
    past = classify(429, date=None, retry_after=long_ago)
    future = classify(429, date="never", retry_after=in_years)
    assert isinstance(past, RetryLaterError)
    assert isinstance(future, RetryLaterError)
    assert past.retry_after == 0
    assert future.retry_after is not None
    assert future.retry_after > 300 * 24 * 3600


@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_a_success_that_says_it_is_none_is_a_refusal(status: int) -> None:
    error = classify(status, refusal("name taken"))
    assert type(error) is RequestRefusedError
    assert error.message == "The gateway refused the request. It said: name taken"


def test_a_success_that_says_why_it_is_none_has_that_class() -> None:
    assert isinstance(classify(200, refusal("already connected")), AlreadyConnectedError)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_named_as_what_it_is(status: int) -> None:
    error = classify(status, refusal("moved"))
    assert isinstance(error, UnexpectedAnswerError)
    assert error.status == status
    assert f"a redirect ({status})" in error.message


@pytest.mark.parametrize("body", ["", "Bad Request", {}, {"success": True}, {"error": ""}, []])
def test_a_refusal_without_an_error_is_not_expected(body: Json) -> None:
    error = classify(400, body)
    assert isinstance(error, UnexpectedAnswerError)
    assert "It answered 400." in error.message


def test_a_refusal_repeats_the_gateways_words_and_complaints() -> None:
    error = classify(
        400, documented("error_400_name"), request=about_device(endpoints.CREATE_DEVICE)
    )
    assert error.message == (
        "The gateway refused the request. It said: name is required; name: name is required"
    )


def test_a_failure_repeats_the_gateways_words() -> None:
    error = classify(500, documented("error_500_qr"), request=about_device(endpoints.GET_QR))
    assert error.message.endswith("It said: failed to initialize device")


@pytest.mark.parametrize("status", [200, 400, 401, 404, 409, 422, 429, 500, 503])
@pytest.mark.parametrize("secret", [TOKEN, PHONE, "+55 (11) 99999-9999", PAYLOAD, CODE])
def test_no_secret_that_the_gateway_echoes_is_repeated(status: int, secret: str) -> None:
    complaint = {"field": secret, "message": f"{secret} is bad", "value": secret}
    body = refusal(f"cannot do {secret}", error_code=f"NO {secret}", validation=[complaint])
    error = classify(status, body)
    assert secret not in f"{error!r} {error} {error.error_code}"


@given(st.integers(200, 599), st.binary(), st.none() | st.text(), st.none() | st.text())
@pytest.mark.slow
def test_any_answer_at_all_stands_for_some_error(
    status: int, body: bytes, date: str | None, retry_after: str | None
) -> None:
    error = classify(status, body, date=date, retry_after=retry_after)
    assert error.status == status
    assert error.message


def test_an_answer_shows_nothing_of_its_body() -> None:
    answer = Answer(status=200, body=PAYLOAD.encode(), date=None, retry_after=None)
    assert PAYLOAD not in repr(answer)


def test_an_answer_knows_the_gateways_time() -> None:
    answer = Answer(status=200, body=b"", date=DATE, retry_after=None)
    assert answer.answered_at == datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
