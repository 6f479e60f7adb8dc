"""What goes wrong in the middle of a pairing, and how it continues or ends."""

import pytest

from tests.core.wuts.pairing.course import CONNECTED, LINKING, READY, UNPAIRED, Course, usual
from tests.core.wuts.values import PAYLOAD
from wuts.errors import (
    AlreadyConnectedError,
    DeviceNotFoundError,
    ForbiddenError,
    GatewayBusyError,
    GatewayError,
    InvalidTokenError,
    QrNotReadyError,
    RateLimitedError,
    RequestRefusedError,
    UnexpectedAnswerError,
    WutsConnectionError,
    WutsError,
    WutsTimeoutError,
)
from wuts.models import QrCode
from wuts.pairing import Failed, FailureReason, Paired, QrReady, Waiting
from wuts.pairing.state import Call, Phase

LONG = usual(deadline=3600)


@pytest.mark.parametrize("call", ["status", "qr"])
@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (InvalidTokenError("Check the token."), FailureReason.TOKEN_REFUSED),
        (ForbiddenError("Not yours."), FailureReason.NOT_ALLOWED),
        (DeviceNotFoundError("No such device."), FailureReason.DEVICE_GONE),
        (RequestRefusedError("No."), FailureReason.REFUSED),
    ],
)
def test_what_waiting_cannot_mend_ends_it_in_the_middle_once_it_lasts(
    call: str, error: WutsError, reason: FailureReason
) -> None:
    course = Course()
    before = len(course.times(Call(call)))
    course.answer(**{call: error})
    course.run(70)
    assert course.outcome == Failed(reason=reason, message=error.message)
    tries = course.times(Call(call))[before:]
    assert [when - tries[0] for when in tries] == [0, 1, 3, 7]


@pytest.mark.parametrize("call", ["status", "qr"])
def test_a_refusal_of_some_seconds_in_the_middle_is_survived(call: str) -> None:
    course = Course()
    for error in (InvalidTokenError(), ForbiddenError(), DeviceNotFoundError()):
        course.answer(**{call: error})
        course.run_to(Call(call))
        course.run(6)
        course.answer(status=UNPAIRED, qr=QrCode(qr_code=PAYLOAD, ttl=60))
        course.run(20)
    assert course.outcome is None
    course.answer(status=READY)
    course.run(30)
    assert isinstance(course.outcome, Paired)


@pytest.mark.parametrize("error", [InvalidTokenError(), ForbiddenError(), DeviceNotFoundError()])
def test_a_hint_that_is_refused_ends_nothing(error: WutsError) -> None:
    course = Course(qr_status=error)
    course.run(100)
    assert course.outcome is None
    assert course.told(Waiting) == []


@pytest.mark.parametrize(
    "error",
    [
        WutsConnectionError("No way."),
        WutsTimeoutError("Too late."),
        GatewayBusyError("Busy."),
        GatewayError("Broken."),
        RateLimitedError("Slower."),
        QrNotReadyError("Not yet."),
    ],
)
def test_what_may_mend_itself_is_waited_for_and_told_once(error: WutsError) -> None:
    course = Course(LONG)
    course.answer(status=error)
    course.run(40)
    assert [event.reason for event in course.told(Waiting)] == [error.message]
    course.answer(status=READY)
    course.run(30)
    assert course.state.phase is Phase.ENDED


def test_trouble_after_a_recovery_is_told_again() -> None:
    course = Course(LONG)
    for _ in range(2):
        course.answer(status=WutsConnectionError())
        course.run(4)
        course.answer(status=UNPAIRED)
        course.run(20)
    assert len(course.told(Waiting)) == 2


def test_trouble_in_two_calls_is_over_when_both_work_again() -> None:
    course = Course(LONG, qr=None)
    course.answer(status=GatewayBusyError())
    course.run(2)
    course.say_failed(Call.QR, GatewayBusyError(retry_after=30))
    course.answer(status=UNPAIRED)
    course.run(20)
    course.answer(status=GatewayBusyError())
    course.run(4)
    assert len(course.told(Waiting)) == 1
    course.answer(status=UNPAIRED, qr=QrCode(qr_code=PAYLOAD, ttl=60))
    course.run(20)
    course.answer(status=GatewayBusyError())
    course.run(4)
    assert len(course.told(Waiting)) == 2


def test_the_pauses_between_tries_grow_and_are_bounded() -> None:
    course = Course(LONG)
    course.run(9)
    course.answer(status=WutsConnectionError())
    course.run(60)
    assert course.times(Call.STATUS)[5:] == [10, 11, 13, 17, 25, 35, 45, 55, 65]


@pytest.mark.parametrize("error", [RateLimitedError, GatewayBusyError])
@pytest.mark.parametrize(("asked", "next_try"), [(25, 27), (30, 32), (86_400, 32)])
def test_no_call_is_made_before_the_gateway_allows_it_or_half_a_minute_has_passed(
    error: type[RateLimitedError | GatewayBusyError], asked: float, next_try: float
) -> None:
    course = Course(LONG, qr=None)
    course.answer(status=error(retry_after=asked))
    course.run(2)
    course.say(QrCode(qr_code=PAYLOAD, ttl=20))
    assert course.times(Call.STATUS) == [0, 2]
    course.answer(status=UNPAIRED)
    assert course.run_to(Call.STATUS) == next_try


def test_a_dead_qr_does_not_cut_the_wait_short() -> None:
    course = Course(LONG)
    course.run(9)
    course.answer(status=GatewayBusyError(retry_after=30))
    course.run(1)
    course.answer(status=UNPAIRED, qr_status=None)
    course.run(5)
    assert course.run_to(Call.STATUS) == 40


def test_a_wait_longer_than_the_deadline_ends_at_the_deadline() -> None:
    course = Course(usual(deadline=30), qr=RateLimitedError("Slower.", retry_after=999))
    course.run(30)
    assert isinstance(course.outcome, Failed)
    assert course.outcome.reason is FailureReason.DEADLINE_PASSED


@pytest.mark.parametrize("call", ["status", "qr", "qr_status"])
@pytest.mark.parametrize(
    "error", [UnexpectedAnswerError("Not a gateway."), WutsTimeoutError("Too late.")]
)
def test_odd_and_slow_answers_in_the_middle_are_outlived(call: str, error: WutsError) -> None:
    course = Course()
    course.answer(**{call: error})
    course.run(250)
    course.answer(status=UNPAIRED, qr=QrCode(qr_code=PAYLOAD, ttl=60))
    course.run(15)
    assert course.outcome is None
    course.answer(status=READY)
    course.run(30)
    assert isinstance(course.outcome, Paired)


def test_the_deadline_ends_it_with_start_again() -> None:
    course = Course()
    course.run(299)
    assert course.outcome is None
    course.run(1)
    expected = "Time ran out before a phone was linked. Start again."
    assert course.outcome == Failed(reason=FailureReason.DEADLINE_PASSED, message=expected)
    assert course.state.in_flight == frozenset()
    assert not course.state.due


def test_the_deadline_names_what_does_not_answer() -> None:
    course = Course()
    course.answer(status=GatewayBusyError("The gateway is restarting."))
    course.run(300)
    assert isinstance(course.outcome, Failed)
    assert course.outcome.message.endswith("The last problem was: The gateway is restarting.")


def test_the_deadline_does_not_name_what_was_mended() -> None:
    course = Course()
    course.answer(status=GatewayBusyError("The gateway is restarting."))
    course.run(20)
    course.answer(status=UNPAIRED)
    course.run(300)
    assert isinstance(course.outcome, Failed)
    assert course.outcome.message.endswith("Start again.")


@pytest.mark.parametrize("hangs", [{"status": None}, {"qr": None}, {"status": LINKING}])
def test_the_deadline_ends_it_whatever_hangs(hangs: dict[str, None]) -> None:
    course = Course(**hangs)
    course.answer(connect=None)
    course.run(301)
    assert isinstance(course.outcome, Failed)
    assert course.outcome.reason is FailureReason.DEADLINE_PASSED


def test_whatever_comes_behind_the_end_changes_nothing() -> None:
    course = Course(status=READY)
    ended, events = course.state, list(course.events)
    for late in (READY, UNPAIRED, CONNECTED, QrCode(qr_code=PAYLOAD)):
        course.say(late)
    course.say_failed(Call.STATUS, InvalidTokenError())
    assert course.state is ended
    assert course.events == events


def test_a_late_qr_is_not_shown_while_a_link_settles() -> None:
    course = Course(LONG)
    course.answer(qr=None)
    course.run(54)
    course.answer(status=READY)
    course.run(4)
    course.say(QrCode(qr_code=PAYLOAD, ttl=60))
    course.say_failed(Call.QR, AlreadyConnectedError())
    course.say_failed(Call.QR, GatewayBusyError())
    assert len(course.told(QrReady)) == 1
    course.run(20)
    assert course.state.phase is Phase.ENDED


def test_an_answer_that_nobody_waits_for_changes_nothing() -> None:
    course = Course(LONG)
    before = course.state
    course.say(CONNECTED)
    assert course.state == before
    assert len(course.events) == 1
