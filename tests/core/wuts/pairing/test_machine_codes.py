"""Pairing by a code that a person types on the phone."""

from datetime import timedelta

import pytest

from tests.core.wuts.pairing.course import EPOCH, UNPAIRED, Course, usual
from tests.core.wuts.values import CODE, PHONE
from wuts.errors import (
    GatewayBusyError,
    InvalidPhoneNumberError,
    RateLimitedError,
    UnexpectedAnswerError,
    WutsError,
    WutsTimeoutError,
)
from wuts.models import PairCode
from wuts.pairing import CodeReady, Failed, FailureReason
from wuts.pairing.state import Call

BY_CODE = usual(phone=PHONE, deadline=3600)


def test_a_code_says_what_to_type_and_until_when() -> None:
    answer = PairCode(code=CODE, phone=PHONE, expires_in=300, instructions="Digite o código.")
    course = Course(BY_CODE, code=answer)
    assert course.events == [
        CodeReady(
            code=CODE,
            phone=PHONE,
            expires_at=EPOCH + timedelta(seconds=300),
            lifetime=300,
            instructions="Digite o código.",
            number=1,
        )
    ]


def test_a_code_whose_number_is_not_told_is_for_the_number_that_was_asked_for() -> None:
    (event,) = Course(BY_CODE, code=PairCode(code=CODE)).told(CodeReady)
    assert event.phone == PHONE


def test_a_code_is_replaced_shortly_before_it_expires() -> None:
    course = Course(BY_CODE)
    assert course.run_to(Call.CODE) == 295
    assert [event.number for event in course.told(CodeReady)] == [1, 2]


def test_a_code_is_replaced_once_the_gateway_may_have_restarted() -> None:
    course = Course(BY_CODE)
    course.run(10)
    course.answer(status=GatewayBusyError())
    course.run(4)
    course.answer(status=UNPAIRED)
    course.run(100)
    assert [event.number for event in course.told(CodeReady)] == [1, 2]


@pytest.mark.parametrize("error", [WutsTimeoutError(), RateLimitedError(), UnexpectedAnswerError()])
def test_a_code_outlives_answers_that_are_slow_or_odd(error: WutsError) -> None:
    course = Course(BY_CODE)
    course.run(10)
    course.answer(status=error)
    course.run(60)
    course.answer(status=UNPAIRED)
    course.run(100)
    assert len(course.told(CodeReady)) == 1


def test_one_failure_is_no_restart() -> None:
    course = Course(BY_CODE)
    for _ in range(5):
        course.run(10)
        course.answer(status=GatewayBusyError())
        course.run_to(Call.STATUS)
        course.answer(status=UNPAIRED)
    assert len(course.told(CodeReady)) == 1


def test_a_pairing_by_code_asks_nothing_about_a_qr() -> None:
    course = Course(BY_CODE)
    course.run(1000)
    assert {call for _, call in course.calls} == {Call.STATUS, Call.CODE}


def test_a_number_that_the_gateway_refuses_ends_it() -> None:
    course = Course(BY_CODE, code=InvalidPhoneNumberError("Not a number.", status=400))
    expected = Failed(reason=FailureReason.INVALID_PHONE_NUMBER, message="Not a number.")
    assert course.outcome == expected
