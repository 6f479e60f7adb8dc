"""Whose phone was linked: the expected one, or another."""

import pytest

from tests.core.wuts.pairing.course import (
    CONNECTED,
    LINKING,
    NEEDS_QR,
    READY,
    READY_WITH_ANOTHER_PHONE,
    READY_WITHOUT_A_NUMBER,
    Course,
    scanned,
    status,
    usual,
)
from tests.core.wuts.values import OTHER_PHONE, PHONE
from wuts.models import SessionStatus
from wuts.pairing import Outcome, Paired, PairedHow, Unchecked, WrongAccount


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


def test_a_phone_that_the_gateway_does_not_name_is_never_taken_for_the_expected_one() -> None:
    course = scanned(usual(expected_number=PHONE), link=READY_WITHOUT_A_NUMBER)
    course.run(20)
    expected = Unchecked(expected=PHONE, how=PairedHow.LINKED)
    assert course.outcome == expected
    assert PHONE not in repr(expected)


def test_a_phone_that_the_gateway_does_not_name_is_paired_where_any_may_be() -> None:
    course = scanned(link=READY_WITHOUT_A_NUMBER)
    course.run(20)
    assert course.outcome == Paired(phone_number=None, how=PairedHow.LINKED)


def test_a_number_that_hides_behind_a_lid_cannot_be_checked() -> None:
    hidden = SessionStatus(connected=True, is_logged_in=True, jid="98765432109876@lid")
    course = scanned(usual(expected_number=PHONE), link=hidden)
    course.run(20)
    assert course.outcome == Unchecked(expected=PHONE, how=PairedHow.LINKED)


@pytest.mark.parametrize(
    ("link", "outcome"),
    [
        (READY, Paired(phone_number=PHONE, how=PairedHow.LINKED)),
        (READY_WITH_ANOTHER_PHONE, WrongAccount(phone_number=OTHER_PHONE, expected=PHONE)),
    ],
)
def test_a_number_may_come_until_the_link_has_settled(
    link: SessionStatus, outcome: Outcome
) -> None:
    course = scanned(usual(expected_number=PHONE), link=READY_WITHOUT_A_NUMBER)
    course.run(13)
    assert course.outcome is None
    course.answer(status=link)
    course.run(2)
    assert course.outcome == outcome


@pytest.mark.parametrize(
    ("linking", "outcome"),
    [
        (LINKING, Paired(phone_number=PHONE, how=PairedHow.LINKED)),
        (
            status(logged_in=True, phone=OTHER_PHONE),
            WrongAccount(phone_number=OTHER_PHONE, expected=PHONE),
        ),
    ],
)
def test_a_number_that_was_told_is_not_forgotten_when_it_is_not_told_again(
    linking: SessionStatus, outcome: Outcome
) -> None:
    course = scanned(usual(expected_number=PHONE), link=linking)
    course.answer(status=READY_WITHOUT_A_NUMBER)
    course.run(20)
    assert course.outcome == outcome


def test_the_number_of_the_phone_that_was_linked_before_says_nothing_about_the_next() -> None:
    course = Course(usual(expected_number=PHONE), status=LINKING, connect=NEEDS_QR)
    course.run(5)
    course.answer(status=READY_WITHOUT_A_NUMBER)
    course.run(30)
    assert course.outcome == Unchecked(expected=PHONE, how=PairedHow.LINKED)


def test_a_connected_device_has_the_time_of_a_settle_to_name_its_number() -> None:
    course = Course(usual(expected_number=PHONE), status=READY_WITHOUT_A_NUMBER)
    course.run(14)
    assert course.outcome is None
    course.run(1)
    assert course.outcome == Unchecked(expected=PHONE, how=PairedHow.ALREADY_CONNECTED)


def test_a_reconnected_device_is_paired_as_soon_as_it_names_its_number() -> None:
    course = Course(usual(expected_number=PHONE), status=status(logged_in=True), connect=None)
    course.answer(status=READY_WITHOUT_A_NUMBER)
    course.say(CONNECTED)
    assert course.outcome is None
    course.answer(status=READY)
    course.run(2)
    assert course.outcome == Paired(phone_number=PHONE, how=PairedHow.RECONNECTED)
