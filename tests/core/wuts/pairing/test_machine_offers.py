"""What a pairing shows: a QR or a code, and the next one in time."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.pairing.course import (
    EPOCH,
    LINKING,
    QR_ALIVE,
    QR_DEAD,
    READY,
    UNPAIRED,
    Course,
    usual,
)
from tests.core.wuts.values import PAYLOAD
from wuts.errors import (
    DeviceNotFoundError,
    ErrorCode,
    GatewayBusyError,
    GatewayError,
    QrNotReadyError,
    RateLimitedError,
    WutsConnectionError,
    WutsError,
)
from wuts.models import QrCode
from wuts.pairing import QrReady, Scanned, Waiting
from wuts.pairing.state import Call

LONG = usual(deadline=3600)


def qr(**fields: object) -> QrCode:
    return QrCode.model_validate({"qr_code": PAYLOAD} | fields)


def test_a_qr_says_what_to_show_and_until_when() -> None:
    (event,) = Course().told(QrReady)
    assert event.payload == PAYLOAD
    assert event.lifetime == 60
    assert event.expires_at == EPOCH + timedelta(seconds=60)
    assert event.number == 1


@pytest.mark.parametrize(
    ("answer", "lifetime"),
    [
        pytest.param(qr(ttl=60), 60, id="ttl"),
        pytest.param(qr(ttl=20, expires_at=EPOCH, answered_at=EPOCH), 20, id="ttl first"),
        pytest.param(
            qr(expires_at=EPOCH + timedelta(seconds=40), answered_at=EPOCH), 40, id="an end"
        ),
        pytest.param(
            qr(
                expires_at=EPOCH + timedelta(hours=1, seconds=40),
                answered_at=EPOCH + timedelta(hours=1),
            ),
            40,
            id="an end by a clock an hour ahead",
        ),
        pytest.param(
            qr(
                expires_at=EPOCH - timedelta(hours=1) + timedelta(seconds=40),
                answered_at=EPOCH - timedelta(hours=1),
            ),
            40,
            id="an end by a clock an hour behind",
        ),
        pytest.param(qr(expires_at=EPOCH + timedelta(days=1)), 30, id="an end without a date"),
        pytest.param(qr(), 30, id="nothing"),
    ],
)
def test_a_qr_is_replaced_shortly_before_it_expires(answer: QrCode, lifetime: float) -> None:
    course = Course(LONG, qr=answer)
    assert lifetime - 5 <= course.run_to(Call.QR) < lifetime
    first, second = course.told(QrReady)
    assert (first.number, second.number) == (1, 2)
    assert first.expires_at == EPOCH + timedelta(seconds=lifetime)
    assert second.expires_at - first.expires_at < timedelta(seconds=lifetime)


@given(st.floats(1, 1000, allow_nan=False))
def test_a_qr_of_any_life_is_replaced_in_time_and_not_much_sooner(ttl: float) -> None:
    course = Course(LONG, qr=qr(ttl=ttl))
    replaced = course.run_to(Call.QR)
    assert 0.8 * min(ttl, 120) <= replaced < ttl


def test_a_qr_is_only_replaced_behind_a_fresh_look_for_a_scan() -> None:
    course = Course(LONG)
    course.run(1000)
    for place, (when, call) in enumerate(course.calls):
        if call is Call.QR:
            assert course.calls[place - 1] == (when, Call.STATUS)


def test_a_qr_that_is_just_being_scanned_is_not_replaced() -> None:
    course = Course(LONG)
    course.run(54)
    course.answer(status=LINKING)
    course.run(5)
    assert len(course.told(QrReady)) == 1
    assert len(course.told(Scanned)) == 1


def test_while_no_status_comes_no_qr_is_replaced() -> None:
    course = Course(LONG)
    course.run(10)
    course.answer(status=None)
    course.run(200)
    assert course.times(Call.QR) == [0]
    assert course.times(Call.STATUS) == [0, 2, 4, 6, 8, 10, 12]


def test_a_scan_is_looked_for_while_the_next_qr_is_awaited() -> None:
    course = Course(LONG)
    course.run(54)
    course.answer(qr=None)
    course.run(10)
    assert len(course.times(Call.QR)) == 2
    course.answer(status=READY)
    course.run(2)
    assert len(course.told(Scanned)) == 1
    course.say(qr(ttl=60))
    assert len(course.told(QrReady)) == 1


def test_a_qr_that_died_early_while_the_gateway_was_in_trouble_is_replaced_sooner() -> None:
    course = Course(LONG)
    course.run(20)
    course.answer(qr_status=QR_DEAD, status=GatewayBusyError())
    course.run(2)
    course.answer(status=UNPAIRED)
    assert course.run_to(Call.QR) == 25


@pytest.mark.parametrize("shortest", [0.0, 10.0, 12.0, 30.0])
def test_a_qr_that_is_dead_from_the_start_is_shown_for_a_while(shortest: float) -> None:
    settings = usual(deadline=3600, shortest_showing=shortest)
    course = Course(settings, qr_status=QR_DEAD)
    course.run(300)
    shown = course.times(Call.QR)
    pauses = [later - sooner for sooner, later in pairwise(shown)]
    assert min(pauses) >= shortest
    assert max(pauses) <= max(shortest, 5) + 5


def test_a_qr_that_is_alive_is_shown_to_its_end() -> None:
    course = Course(LONG, qr_status=QR_ALIVE)
    assert course.run_to(Call.QR) == 55
    assert course.times(Call.QR_STATUS)[:10] == [5, 10, 15, 20, 25, 30, 35, 40, 45, 50]


@pytest.mark.parametrize(
    "error",
    [GatewayError(), GatewayBusyError(), WutsConnectionError(), DeviceNotFoundError()],
    ids=lambda error: type(error).__name__,
)
def test_a_qr_status_that_fails_says_nothing(error: WutsError) -> None:
    course = Course(LONG, qr_status=error)
    assert course.run_to(Call.QR) == 55
    assert not course.told(Waiting)


def test_nobody_asks_about_a_qr_that_is_being_replaced() -> None:
    course = Course(LONG)
    course.run(54)
    course.answer(qr=None)
    course.run(60)
    assert len(course.times(Call.QR)) == 2
    assert max(course.times(Call.QR_STATUS)) <= 55


def test_a_late_qr_status_about_the_last_qr_is_not_taken_for_the_next() -> None:
    course = Course(LONG, qr_status=None)
    course.run(54)
    course.answer(qr=None)
    course.run(2)
    course.say(QR_DEAD)
    course.say(qr(ttl=60))
    assert len(course.told(QrReady)) == 2
    course.answer(qr=qr(ttl=60), qr_status=QR_ALIVE)
    assert course.run_to(Call.QR) > 100


def test_a_qr_that_is_as_good_as_dead_is_not_shown_but_asked_for_again() -> None:
    course = Course(LONG, qr=qr(ttl=0))
    course.run(10)
    assert course.events == []
    assert course.times(Call.QR) == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    course.answer(qr=qr(ttl=60))
    course.run(1)
    assert len(course.told(QrReady)) == 1


def test_a_qr_that_was_not_ready_is_asked_for_again_at_once_and_then_with_pauses() -> None:
    course = Course(LONG, qr=QrNotReadyError("Ask again."))
    course.run(60)
    assert course.times(Call.QR) == [0, 0, 1, 3, 7, 15, 25, 35, 45, 55]
    assert course.told(Waiting) == [
        Waiting(code=ErrorCode.CODE_NOT_READY, reason="Ask again.", retry_in=0)
    ]
    course.answer(qr=qr(ttl=60))
    course.run(10)
    assert len(course.told(QrReady)) == 1


@pytest.mark.parametrize("error", [RateLimitedError, GatewayBusyError])
def test_the_wait_that_the_gateway_asks_for_is_kept(
    error: type[RateLimitedError | GatewayBusyError],
) -> None:
    course = Course(LONG, qr=error("Wait.", retry_after=25))
    assert course.told(Waiting) == [Waiting(code=error.code, reason="Wait.", retry_in=25)]
    assert course.run_to(Call.QR) == 25


def test_the_scan_is_still_seen_while_the_gateway_asks_to_wait_for_a_qr() -> None:
    course = Course(LONG)
    course.answer(qr=RateLimitedError(retry_after=100))
    course.run(60)
    course.answer(status=READY)
    course.run(20)
    assert len(course.told(Scanned)) == 1
