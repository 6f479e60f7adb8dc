"""What counts as paired: a link that holds, to the right phone."""

import pytest

from tests.core.wuts.pairing.course import (
    CONNECTED,
    LINKING,
    NEEDS_QR,
    READY,
    UNPAIRED,
    Course,
    scanned,
    status,
    usual,
)
from tests.core.wuts.values import PHONE
from wuts.errors import (
    AlreadyConnectedError,
    DeviceNotFoundError,
    ForbiddenError,
    GatewayBusyError,
    InvalidTokenError,
    WutsConnectionError,
    WutsError,
)
from wuts.models import SessionStatus
from wuts.pairing import Failed, FailureReason, Paired, PairedHow, QrReady, Scanned
from wuts.pairing.state import Call, Phase

LINKED = Paired(phone_number=PHONE, how=PairedHow.LINKED)


def reason_of(course: Course) -> FailureReason | None:
    return course.outcome.reason if isinstance(course.outcome, Failed) else None


def test_a_link_that_holds_for_the_settle_time_is_paired() -> None:
    course = scanned()
    assert course.events[1:] == [Scanned(phone_number=PHONE)]
    course.run(14)
    assert course.outcome is None
    course.run(1)
    assert course.outcome == LINKED


def test_without_a_settle_time_a_link_is_paired_at_once() -> None:
    course = scanned(usual(settle=0))
    assert course.events[1:] == [LINKED]


@pytest.mark.parametrize(
    "half", [status(connected=True), LINKING, status(phone=PHONE), status(logged_in=True)]
)
def test_neither_a_connection_nor_a_login_alone_is_paired(half: SessionStatus) -> None:
    course = scanned(usual(settle=0), link=half)
    course.run(25)
    assert course.outcome is None


def test_the_scan_is_told_as_soon_as_the_login_shows() -> None:
    course = scanned(link=LINKING)
    assert course.events[1:] == [Scanned(phone_number=PHONE)]
    course.answer(status=READY)
    course.run(20)
    assert course.events[1:] == [Scanned(phone_number=PHONE), LINKED]


def test_the_settle_time_begins_when_the_link_is_up() -> None:
    course = scanned(link=LINKING)
    course.run(20)
    course.answer(status=READY)
    course.run(16)
    assert course.outcome is None
    course.run(1)
    assert course.outcome == LINKED


def test_a_link_that_the_phone_drops_while_settling_is_dropped() -> None:
    course = scanned()
    course.run(10)
    course.answer(status=UNPAIRED)
    course.run(2)
    assert reason_of(course) is FailureReason.LINK_DROPPED


def test_a_link_that_is_down_for_a_moment_settles_anew() -> None:
    course = scanned()
    course.run(10)
    course.answer(status=LINKING)
    course.run(10)
    course.answer(status=READY)
    course.run(12)
    assert course.outcome is None
    course.run(6)
    assert course.outcome == LINKED
    assert not course.times(Call.CONNECT)
    assert len(course.told(Scanned)) == 1


def test_a_link_that_never_comes_up_is_reconnected_once_and_then_given_up() -> None:
    course = scanned(link=LINKING)
    course.answer(connect=CONNECTED)
    course.run(29)
    assert not course.times(Call.CONNECT)
    course.run(30)
    assert len(course.times(Call.CONNECT)) == 1
    assert course.outcome is None
    course.run(2)
    assert reason_of(course) is FailureReason.PHONE_OFFLINE
    assert "fewer than four linked devices" in course.told(Failed)[0].message


def test_a_link_that_was_up_and_stays_down_is_called_dropped() -> None:
    course = scanned()
    course.run(4)
    course.answer(status=LINKING, connect=CONNECTED)
    course.run(62)
    assert len(course.times(Call.CONNECT)) == 1
    assert reason_of(course) is FailureReason.LINK_DROPPED


def test_a_link_that_a_reconnect_brings_back_is_paired() -> None:
    course = scanned(link=LINKING)
    course.answer(connect=None)
    course.run_to(Call.CONNECT)
    course.answer(status=READY)
    course.say(CONNECTED)
    course.run(15)
    assert course.outcome == LINKED


def test_a_link_that_cannot_be_reconnected_is_dropped() -> None:
    course = scanned(link=LINKING)
    course.answer(connect=NEEDS_QR)
    course.run(31)
    assert reason_of(course) is FailureReason.LINK_DROPPED


def test_a_reconnect_that_fails_is_tried_again_while_patience_lasts() -> None:
    course = scanned(link=LINKING)
    course.answer(connect=GatewayBusyError())
    course.run(40)
    assert len(course.times(Call.CONNECT)) == 4
    course.answer(status=READY)
    course.run(20)
    assert course.outcome == LINKED


def test_a_link_that_comes_and_goes_is_reconnected_each_time() -> None:
    course = scanned(link=LINKING)
    course.answer(connect=CONNECTED)
    course.run(31)
    course.answer(status=READY)
    course.run(4)
    course.answer(status=LINKING)
    course.run(33)
    assert len(course.times(Call.CONNECT)) == 2
    assert course.outcome is None


def test_a_link_that_comes_and_goes_for_ever_comes_to_an_end() -> None:
    course = scanned(usual(deadline=60))
    for _ in range(100):
        for link in (LINKING, READY):
            course.answer(status=link)
            course.run(10)
    assert reason_of(course) is FailureReason.DEADLINE_PASSED


def test_a_gateway_that_is_lost_while_a_link_settles_comes_to_an_end() -> None:
    course = scanned(usual(deadline=60))
    course.answer(status=WutsConnectionError("The gateway cannot be reached."))
    course.run(1000)
    assert reason_of(course) is FailureReason.DEADLINE_PASSED
    (failed,) = course.told(Failed)
    assert failed.message.endswith("The last problem was: The gateway cannot be reached.")


def test_a_link_made_just_before_the_deadline_may_settle_behind_it() -> None:
    course = Course(usual(deadline=100))
    course.run(97)
    course.answer(status=READY)
    course.run(20)
    assert course.outcome == LINKED


def test_a_status_that_hangs_behind_the_deadline_does_not_keep_the_machine_busy() -> None:
    course = scanned(usual(deadline=12))
    course.answer(status=None)
    course.run(6)
    assert course.state.phase is Phase.SETTLING
    assert course.state.wake_at() > course.now
    course.run(100)
    assert reason_of(course) is FailureReason.DEADLINE_PASSED


def test_a_qr_that_the_gateway_refuses_because_of_the_scan_is_a_scan() -> None:
    course = Course()
    course.answer(qr=None)
    course.run(55)
    course.answer(status=LINKING)
    course.run(0)
    course.say_failed(Call.QR, AlreadyConnectedError())
    course.run(2)
    course.answer(status=READY)
    course.run(20)
    assert course.outcome == LINKED
    assert len(course.told(QrReady)) == 1


def test_a_refused_qr_without_any_credentials_behind_it_is_a_dropped_link() -> None:
    course = Course()
    course.answer(qr=AlreadyConnectedError())
    course.run(56)
    assert reason_of(course) is FailureReason.LINK_DROPPED


def test_a_token_that_stays_refused_while_a_link_settles_ends_it() -> None:
    course = scanned()
    course.answer(status=InvalidTokenError("Check the token."))
    course.run(8)
    assert course.outcome is None
    course.run(1)
    assert reason_of(course) is FailureReason.TOKEN_REFUSED


def test_a_device_that_stays_away_while_a_link_settles_ends_it() -> None:
    course = scanned()
    course.answer(status=DeviceNotFoundError("No such device."))
    course.run(8)
    assert course.outcome is None
    course.run(1)
    assert reason_of(course) is FailureReason.DEVICE_GONE


@pytest.mark.parametrize("error", [InvalidTokenError(), ForbiddenError(), DeviceNotFoundError()])
def test_a_refusal_of_some_seconds_while_a_link_settles_is_survived(error: WutsError) -> None:
    course = scanned()
    course.answer(status=error)
    course.run(8)
    course.answer(status=READY)
    course.run(20)
    assert course.outcome == LINKED


def test_a_gateway_that_restarts_while_a_link_settles_is_waited_for() -> None:
    course = scanned()
    course.answer(status=GatewayBusyError(retry_after=5))
    course.run(6)
    course.answer(status=READY)
    course.run(20)
    assert course.outcome == LINKED
