"""A phone took the QR or code, and nothing follows: what is said of it, and when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.pairing.course import (
    CONNECTED,
    CONNECTING,
    LINKING,
    QR_ALIVE,
    QR_DEAD,
    READY,
    READY_WITHOUT_A_NUMBER,
    UNPAIRED,
    Course,
    scanned,
    status,
    usual,
)
from tests.core.wuts.values import PAYLOAD, PHONE
from wuts.errors import GatewayBusyError, UnexpectedAnswerError, WutsError, WutsTimeoutError
from wuts.models import QrCode
from wuts.pairing import (
    CodeReady,
    Failed,
    FailureReason,
    Paired,
    PairedHow,
    PairingSettings,
    QrReady,
    Scanned,
    Stalled,
    StallReason,
)
from wuts.pairing.state import Call, Phase

LINKED = Paired(phone_number=PHONE, how=PairedHow.LINKED)
PASSKEY = Stalled(reason=StallReason.PASSKEY_SUSPECTED)
BY_CODE = usual(phone=PHONE)


def used_qr() -> Course:
    """Return a course whose QR was called alive at 8 s, and was used right after."""
    course = Course(usual(qr_status_interval=4.0))
    course.run(8)
    course.answer(qr_status=QR_DEAD)
    return course


def used_code() -> Course:
    course = Course(BY_CODE)
    course.run(10)
    course.answer(status=CONNECTING)
    return course


def test_a_qr_that_is_used_and_not_followed_by_a_link_is_stalled_within_20_seconds() -> None:
    course = used_qr()
    course.run(18)
    assert course.events[1:] == [Scanned(phone_number=None)]
    course.run(2)
    assert course.events[1:] == [Scanned(phone_number=None), PASSKEY]
    assert course.outcome is None


@given(st.floats(4.5, 50))
def test_with_the_usual_times_a_used_qr_is_told_within_20_seconds(used_at: float) -> None:
    course = Course(PairingSettings())
    course.run(used_at)
    course.answer(qr_status=QR_DEAD)
    course.run(20)
    assert course.told(Stalled) == [PASSKEY]


def test_a_code_that_is_used_and_not_followed_by_a_link_is_stalled_within_20_seconds() -> None:
    course = used_code()
    course.run(20)
    assert course.events[1:] == [Scanned(phone_number=None), PASSKEY]
    assert course.outcome is None


def test_while_it_is_stalled_no_new_qr_is_asked_for() -> None:
    course = used_qr()
    course.run(200)
    assert course.times(Call.QR) == [0]
    assert course.told(Stalled) == [PASSKEY]


def test_a_link_that_comes_after_all_is_paired() -> None:
    course = used_qr()
    course.run(100)
    course.answer(status=READY)
    course.run(20)
    assert course.events[1:] == [
        Scanned(phone_number=None),
        PASSKEY,
        Scanned(phone_number=PHONE),
        LINKED,
    ]


def test_a_link_that_comes_at_its_usual_pace_is_no_stall() -> None:
    course = used_qr()
    course.run(10)
    course.answer(status=READY)
    course.run(20)
    assert course.events[1:] == [Scanned(phone_number=None), Scanned(phone_number=PHONE), LINKED]


def test_a_scan_whose_number_is_still_unknown_is_told_once() -> None:
    course = used_qr()
    course.run(10)
    course.answer(status=READY_WITHOUT_A_NUMBER)
    course.run(10)
    assert course.told(Scanned) == [Scanned(phone_number=None)]


def test_at_the_deadline_the_suspicion_is_the_reason() -> None:
    course = used_qr()
    course.run(300)
    (failed,) = course.told(Failed)
    assert failed.reason is FailureReason.PASSKEY_SUSPECTED
    assert "Continue on your other device" in failed.message


def test_a_qr_that_is_denied_once_is_still_shown() -> None:
    course = used_qr()
    course.run_to(Call.QR_STATUS)
    course.answer(qr_status=QR_ALIVE)
    course.run(60)
    assert course.told(Scanned) == []
    assert len(course.told(QrReady)) == 2


@pytest.mark.parametrize("gone_at", [16.0, 21.0, 24.0])
def test_a_qr_whose_life_was_not_told_may_end_in_its_second_half(gone_at: float) -> None:
    course = Course(usual(qr_status_interval=1.0), qr=QrCode(qr_code=PAYLOAD))
    course.run(gone_at)
    course.answer(qr_status=QR_DEAD)
    course.run(4)
    assert course.told(Scanned) == []
    assert len(course.told(QrReady)) == 2


def test_a_qr_that_the_gateway_never_called_alive_is_only_replaced() -> None:
    course = Course(usual(), qr_status=QR_DEAD)
    course.run(60)
    assert course.told(Scanned) == []
    assert len(course.told(QrReady)) > 2


@pytest.mark.parametrize("error", [GatewayBusyError(), UnexpectedAnswerError(), WutsTimeoutError()])
def test_a_gateway_that_fails_meanwhile_raises_no_suspicion(error: WutsError) -> None:
    course = used_qr()
    course.run(7)
    assert course.state.phase is Phase.TAKEN
    course.answer(status=error)
    course.run(2)
    course.answer(status=UNPAIRED, qr_status=QR_ALIVE)
    course.run(14)
    assert course.told(Stalled) == []
    assert len(course.told(QrReady)) == 2, "it may have restarted, so there is a new QR"


def test_a_gateway_that_fails_meanwhile_does_not_break_a_scan() -> None:
    course = used_qr()
    course.run(7)
    course.answer(status=GatewayBusyError())
    course.run(2)
    course.answer(status=LINKING)
    course.run(4)
    course.answer(status=READY)
    course.run(20)
    assert course.times(Call.QR) == [0]
    assert course.outcome == LINKED


def test_a_silent_gateway_is_not_called_a_passkey() -> None:
    course = used_qr()
    course.run(7)
    course.answer(status=None)
    course.run(60)
    assert course.told(Stalled) == []


def test_a_code_while_the_gateway_always_connects_is_not_called_used() -> None:
    course = Course(BY_CODE, status=CONNECTING)
    course.run(200)
    assert course.told(Scanned) == []


def test_a_code_that_the_phone_gives_up_is_replaced() -> None:
    course = used_code()
    course.run(6)
    course.answer(status=UNPAIRED)
    course.run(2)
    assert [type(event) for event in course.events] == [CodeReady, Scanned, CodeReady]


def test_old_credentials_are_no_link_that_follows() -> None:
    old = status(phone=PHONE)
    course = Course(usual(qr_status_interval=4.0), status=old, connect=None)
    course.run(0)
    course.say(CONNECTED.model_copy(update={"needs_qr": True}))
    course.run(10)
    course.answer(qr_status=QR_DEAD)
    course.run(20)
    assert course.told(Stalled) == [PASSKEY]


def test_a_link_that_does_not_come_up_is_told_within_20_seconds() -> None:
    course = scanned(link=LINKING)
    course.run(14)
    assert course.told(Stalled) == []
    course.run(3)
    assert course.told(Stalled) == [Stalled(reason=StallReason.PHONE_OFFLINE)]


def test_a_link_that_stays_down_is_told_once() -> None:
    course = scanned(usual(link_patience=200, deadline=3600), link=LINKING)
    course.run(100)
    assert len(course.told(Stalled)) == 1


def test_a_qr_that_is_gone_makes_it_look_for_the_link_at_once() -> None:
    course = Course(usual(qr_status_interval=5.0, poll_interval=10.0))
    course.run(12)
    course.answer(qr_status=QR_DEAD, status=READY)
    course.run(3)
    assert course.told(Scanned) == [Scanned(phone_number=PHONE)]


def test_a_link_that_comes_up_late_is_told_again_and_paired() -> None:
    course = scanned(link=LINKING)
    course.run(20)
    course.answer(status=READY)
    course.run(18)
    assert course.events[1:] == [
        Scanned(phone_number=PHONE),
        Stalled(reason=StallReason.PHONE_OFFLINE),
        Scanned(phone_number=PHONE),
        LINKED,
    ]


def test_a_link_that_was_up_and_is_down_is_told_within_20_seconds() -> None:
    course = scanned()
    course.run(4)
    course.answer(status=LINKING)
    course.run(20)
    assert course.told(Stalled) == [Stalled(reason=StallReason.LINK_DROPPED)]
    course.answer(status=READY)
    course.run(18)
    assert course.outcome == LINKED
