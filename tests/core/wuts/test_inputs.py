from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.outcomes import outcome
from tests.core.wuts.values import DEVICE, GROUP, PHONE
from wuts.errors import InvalidInputError, InvalidPhoneNumberError
from wuts.inputs import (
    LONGEST_ID,
    LONGEST_MESSAGE,
    LONGEST_NAME,
    check_device_id,
    check_message,
    check_name,
    check_numbers,
    check_recipient,
)


@pytest.mark.parametrize("device_id", [DEVICE, "1", "a/b?c=d&e#f%2F", "x" * LONGEST_ID])
def test_any_printable_word_may_be_a_devices_id(device_id: str) -> None:
    assert check_device_id(device_id) == device_id


@pytest.mark.parametrize(
    "device_id", ["", ".", "..", "two words", "line\nbreak", "ação", "\x00", "x" * (LONGEST_ID + 1)]
)
def test_what_cannot_be_a_devices_id_is_refused_in_words(device_id: str) -> None:
    with pytest.raises(InvalidInputError, match="List the devices"):
        check_device_id(device_id)


def test_a_name_is_taken_without_the_space_around_it() -> None:
    assert check_name("  Recepção 📱 ") == "Recepção 📱"


@pytest.mark.parametrize("name", ["", "   ", "two\nlines", "\x1b[31m", "x" * (LONGEST_NAME + 1)])
def test_an_unusable_name_is_refused_in_words(name: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 100 printable characters"):
        check_name(name)


@pytest.mark.parametrize("text", ["x", "two\nlines", "x" * LONGEST_MESSAGE])
def test_a_message_has_one_to_4096_characters(text: str) -> None:
    assert check_message(text) == text


@pytest.mark.parametrize("text", ["", "x" * (LONGEST_MESSAGE + 1)])
def test_an_empty_or_too_long_message_is_refused_in_words(text: str) -> None:
    with pytest.raises(InvalidInputError, match="1 to 4096 characters"):
        check_message(text)


def test_numbers_are_taken_as_digits() -> None:
    assert check_numbers(iter(["+55 11 99999-9999", PHONE])) == [PHONE, PHONE]


def test_a_bad_number_is_named_by_its_place_and_not_repeated() -> None:
    with pytest.raises(InvalidPhoneNumberError, match=r"^Number 2: ") as caught:
        check_numbers([PHONE, "12345"])
    assert "12345" not in str(caught.value)
    assert PHONE not in str(caught.value)


def test_no_number_at_all_is_refused_in_words() -> None:
    with pytest.raises(InvalidInputError, match="at least one number"):
        check_numbers([])


@pytest.mark.parametrize(
    ("to", "recipient"), [("+55 11 99999-9999", PHONE), (GROUP, GROUP), (PHONE, PHONE)]
)
def test_a_recipient_is_a_number_or_a_group(to: str, recipient: str) -> None:
    assert check_recipient(to) == recipient


@pytest.mark.parametrize("to", ["", "somebody", "5511999999999@s.whatsapp.net", "@g.us"])
def test_any_other_recipient_is_refused(to: str) -> None:
    with pytest.raises(InvalidPhoneNumberError):
        check_recipient(to)


@given(st.text(min_size=10))
def test_no_refusal_repeats_what_was_refused(text: str) -> None:
    for check in (check_device_id, check_name, check_message, check_recipient):
        result = outcome(partial(check, text))
        assert isinstance(result, str) or text not in str(result)
