"""How a pairing begins: with a look at what there is already."""

import pytest

from tests.core.wuts.pairing.course import (
    CONNECTED,
    LINKING,
    NEEDS_QR,
    READY,
    UNPAIRED,
    Answer,
    Course,
    status,
    usual,
)
from tests.core.wuts.values import PHONE
from wuts.errors import (
    AlreadyConnectedError,
    AlreadyPairedError,
    CertificateExpiredError,
    CertificateHostError,
    CertificateUntrustedError,
    DeviceNotFoundError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidPhoneNumberError,
    InvalidTokenError,
    NameNotFoundError,
    PortClosedError,
    RequestRefusedError,
    TooManyOpenFilesError,
    UnexpectedAnswerError,
    WrongDeviceError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from wuts.models import SessionStatus
from wuts.pairing import Failed, FailureReason, Paired, PairedHow, QrReady, Waiting
from wuts.pairing.state import Call


def test_a_connected_device_is_paired_at_once() -> None:
    course = Course(status=READY)
    assert course.outcome == Paired(phone_number=PHONE, how=PairedHow.ALREADY_CONNECTED)
    assert course.calls == [(0, Call.STATUS)]


def test_a_device_that_was_never_paired_is_shown_a_qr_at_once() -> None:
    course = Course()
    assert course.calls[:2] == [(0, Call.STATUS), (0, Call.QR)]
    assert len(course.told(QrReady)) == 1
    assert not course.times(Call.CONNECT)


@pytest.mark.parametrize(
    "credentials",
    [LINKING, status(phone=PHONE), status(logged_in=True), status(connected=False, phone=PHONE)],
    ids=["both", "a jid", "a login", "a jid and no login"],
)
def test_stored_credentials_are_tried_before_anything_is_shown(credentials: SessionStatus) -> None:
    course = Course(status=credentials, connect=None)
    assert course.calls == [(0, Call.STATUS), (0, Call.CONNECT)]
    assert course.events == []


def test_a_device_that_comes_back_with_its_credentials_is_paired() -> None:
    course = Course(status=LINKING, connect=None)
    course.answer(status=READY)
    course.say(CONNECTED)
    assert course.outcome == Paired(phone_number=PHONE, how=PairedHow.RECONNECTED)
    assert not course.times(Call.QR)


def test_a_device_that_comes_back_slowly_is_waited_for() -> None:
    course = Course(status=LINKING, connect=CONNECTED)
    course.run(10)
    assert course.outcome is None
    course.answer(status=READY)
    course.run(2)
    assert course.outcome == Paired(phone_number=PHONE, how=PairedHow.RECONNECTED)


def test_a_device_that_only_says_it_is_connected_is_asked_again() -> None:
    course = Course(status=LINKING, connect=CONNECTED)
    assert course.run_to(Call.CONNECT) == 20
    assert not course.times(Call.QR)


def test_a_qr_is_shown_only_once_the_gateway_says_that_one_is_needed() -> None:
    course = Course(status=LINKING, connect=None)
    course.run(30)
    assert course.events == []
    course.answer(status=UNPAIRED)
    course.say(NEEDS_QR)
    assert len(course.told(QrReady)) == 1


def test_credentials_that_no_longer_work_are_not_taken_for_a_scan() -> None:
    course = Course(status=LINKING, connect=NEEDS_QR)
    course.run(10)
    assert [type(event) for event in course.events] == [QrReady]


def test_a_reconnect_that_fails_is_tried_again_later_each_time() -> None:
    course = Course(status=LINKING, connect=GatewayBusyError(status=503))
    course.run(60)
    assert course.times(Call.CONNECT) == [0, 1, 3, 7, 15, 25, 35, 45, 55]
    assert [event.retry_in for event in course.told(Waiting)] == [1]


def test_credentials_that_show_only_when_a_qr_is_asked_for_are_tried() -> None:
    course = Course(qr=AlreadyConnectedError(), connect=None)
    assert [call for _, call in course.calls] == [Call.STATUS, Call.QR, Call.CONNECT]
    course.answer(status=READY)
    course.say(CONNECTED)
    assert course.outcome == Paired(phone_number=PHONE, how=PairedHow.RECONNECTED)


def test_credentials_that_show_only_when_a_code_is_asked_for_are_tried() -> None:
    course = Course(usual(phone=PHONE), code=AlreadyPairedError(), connect=None)
    assert [call for _, call in course.calls] == [Call.STATUS, Call.CODE, Call.CONNECT]


def test_a_gateway_that_contradicts_itself_is_not_asked_without_pause() -> None:
    course = Course(qr=AlreadyConnectedError(), connect=NEEDS_QR)
    course.run(300)
    assert len(course.times(Call.QR)) < 25
    assert isinstance(course.outcome, Failed)


@pytest.mark.parametrize("call", ["connect", "status"])
def test_a_device_that_is_connected_already_when_it_is_reconnected(call: str) -> None:
    course = Course(status=LINKING, connect=AlreadyConnectedError())
    course.answer(**{call: AlreadyConnectedError()})
    course.run(2)
    course.answer(status=READY)
    course.run(4)
    assert course.outcome == Paired(phone_number=PHONE, how=PairedHow.RECONNECTED)


@pytest.mark.parametrize(
    ("error", "reason", "tries"),
    [
        (InvalidPhoneNumberError("No number."), FailureReason.INVALID_PHONE_NUMBER, [0]),
        (InvalidTokenError("Check the token."), FailureReason.TOKEN_REFUSED, [0, 1]),
        (ForbiddenError("Not yours."), FailureReason.NOT_ALLOWED, [0, 1]),
        (RequestRefusedError("No."), FailureReason.REFUSED, [0, 1]),
        (DeviceNotFoundError("No such device."), FailureReason.DEVICE_GONE, [0, 1, 3]),
        (WrongDeviceError("Another."), FailureReason.WRONG_DEVICE, [0, 1, 3]),
        (WutsConnectionError("No way."), FailureReason.GATEWAY_UNREACHABLE, [0, 1, 3]),
        (NameNotFoundError("No name."), FailureReason.NAME_NOT_FOUND, [0, 1, 3]),
        (PortClosedError("No door."), FailureReason.CONNECTION_REFUSED, [0, 1, 3]),
        (CertificateExpiredError("Old."), FailureReason.CERTIFICATE_EXPIRED, [0, 1, 3]),
        (CertificateHostError("Whose?"), FailureReason.CERTIFICATE_WRONG_HOST, [0, 1, 3]),
        (CertificateUntrustedError("Who?"), FailureReason.CERTIFICATE_UNTRUSTED, [0, 1, 3]),
        (TooManyOpenFilesError("Full."), FailureReason.TOO_MANY_OPEN_FILES, [0, 1, 3]),
    ],
)
def test_what_waiting_cannot_mend_ends_it_once_it_was_said_again(
    error: WutsError, reason: FailureReason, tries: list[float]
) -> None:
    course = Course(status=error)
    course.run(60)
    assert course.outcome == Failed(reason=reason, message=error.message)
    assert course.times(Call.STATUS) == tries


@pytest.mark.parametrize(
    "error", [InvalidTokenError(), ForbiddenError(), RequestRefusedError(), DeviceNotFoundError()]
)
def test_one_refusal_ends_nothing(error: WutsError) -> None:
    course = Course(status=error)
    assert course.outcome is None
    assert len(course.told(Waiting)) == 1
    course.answer(status=READY)
    course.run(5)
    assert isinstance(course.outcome, Paired)


def test_a_refusal_between_others_errors_is_not_the_second_in_a_row() -> None:
    course = Course(usual(deadline=3600), status=InvalidTokenError())
    for error in (GatewayBusyError(), InvalidTokenError(), UnexpectedAnswerError()) * 3:
        course.answer(status=error)
        course.run_to(Call.STATUS)
    assert course.outcome is None


@pytest.mark.parametrize(
    "error",
    [
        GatewayBusyError(),
        GatewayError(),
        UnexpectedAnswerError(),
        AlreadyConnectedError(),
        WutsTimeoutError(),
        WutsConnectionError(),
    ],
)
def test_what_may_mend_itself_is_waited_for(error: WutsError) -> None:
    course = Course(status=error)
    assert course.outcome is None
    course.answer(status=READY)
    course.run(5)
    assert isinstance(course.outcome, Paired)


def test_a_gateway_that_is_lost_after_it_was_reached_is_waited_for() -> None:
    course = Course()
    course.answer(status=WutsConnectionError())
    course.run(30)
    course.answer(status=READY)
    course.run(30)
    assert isinstance(course.outcome, Paired)


@pytest.mark.parametrize(
    "error", [UnexpectedAnswerError("Not a gateway."), WutsTimeoutError("Too late.")]
)
def test_odd_and_slow_answers_are_outlived_for_as_long_as_a_pairing_lasts(
    error: WutsError,
) -> None:
    course = Course(status=error)
    course.run(290)
    assert course.outcome is None
    assert [event.reason for event in course.told(Waiting)] == [error.message]
    course.answer(status=READY)
    course.run(10)
    assert course.outcome == Paired(phone_number=PHONE, how=PairedHow.ALREADY_CONNECTED)


@pytest.mark.parametrize(
    ("first", "connect"), [(UNPAIRED, None), (LINKING, CONNECTED), (LINKING, None)]
)
def test_a_blip_before_anything_is_shown_does_not_end_it(first: Answer, connect: Answer) -> None:
    course = Course(status=first, connect=connect, qr=None)
    course.answer(status=WutsConnectionError(), connect=WutsConnectionError())
    course.run(10)
    assert course.outcome is None
