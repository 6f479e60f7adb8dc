"""Whose phone was linked: the expected one, or another."""

import pytest

from tests.core.wuts.pairing.course import (
    CONNECTED,
    LINKING,
    READY_WITH_ANOTHER_PHONE,
    Course,
    scanned,
    status,
    usual,
)
from tests.core.wuts.values import OTHER_PHONE, PHONE
from wuts.pairing import Paired, PairedHow, WrongAccount


def test_a_connected_device_with_another_phone_is_the_wrong_account() -> None:
    course = Course(usual(expected_number=PHONE), status=READY_WITH_ANOTHER_PHONE)
    assert course.outcome == WrongAccount(phone_number=OTHER_PHONE, expected=PHONE)


def test_a_device_that_comes_back_as_another_account_is_the_wrong_one() -> None:
    course = Course(usual(expected_number=PHONE), status=LINKING, connect=None)
    course.answer(status=READY_WITH_ANOTHER_PHONE)
    course.say(CONNECTED)
    assert isinstance(course.outcome, WrongAccount)


def test_a_wrong_account_is_told_without_waiting() -> None:
    course = scanned(usual(expected_number=PHONE), link=READY_WITH_ANOTHER_PHONE)
    expected = WrongAccount(phone_number=OTHER_PHONE, expected=PHONE)
    assert course.outcome == expected
    assert PHONE not in repr(expected)
    assert OTHER_PHONE not in repr(expected)


@pytest.mark.parametrize(
    ("expected", "linked"),
    [
        ("5511999999999", "551199999999"),
        ("551199999999", "5511999999999"),
        ("5511999999999", "5511999999999"),
    ],
)
def test_brazils_ninth_digit_makes_no_other_account(expected: str, linked: str) -> None:
    link = status(connected=True, logged_in=True, phone=linked)
    course = scanned(usual(expected_number=expected), link=link)
    course.run(20)
    assert course.outcome == Paired(phone_number=linked, how=PairedHow.LINKED)


def test_a_phone_that_the_gateway_does_not_name_is_taken_for_the_expected_one() -> None:
    link = status(connected=True, logged_in=True)
    course = scanned(usual(expected_number=PHONE), link=link)
    course.run(20)
    assert course.outcome == Paired(phone_number=None, how=PairedHow.LINKED)
