import string
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.core.wuts.values import PHONE
from wuts.errors import InvalidPhoneNumberError
from wuts.phone import (
    is_group_jid,
    linked_number,
    normalize_phone_number,
    number_from_jid,
    same_number,
)

PUNCTUATION = "+ -()./\N{NO-BREAK SPACE}\N{NON-BREAKING HYPHEN}\N{LEFT-TO-RIGHT MARK}"
DIGITS = st.text("0123456789", min_size=10, max_size=15)


@pytest.mark.parametrize(
    "text",
    [
        "+55 (11) 99999-9999",
        "55 11 99999 9999",
        "5511999999999",
        "(55)(11)99999-9999",
        "55.11.99999.9999",
        "55/11/99999/9999",
        "+55\N{NO-BREAK SPACE}11\N{NARROW NO-BREAK SPACE}99999\N{NON-BREAKING HYPHEN}9999",
        "\N{LEFT-TO-RIGHT EMBEDDING}+55 11 99999\N{EN DASH}9999\N{POP DIRECTIONAL FORMATTING}",
        "\N{ZERO WIDTH SPACE}5511999999999",
    ],
)
def test_punctuation_is_stripped_from_a_phone_number(text: str) -> None:
    assert normalize_phone_number(text) == PHONE


@pytest.mark.parametrize("digits", ["1234567890", "123456789012345"])
def test_ten_to_fifteen_digits_are_a_phone_number(digits: str) -> None:
    assert normalize_phone_number(digits) == digits


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "123456789",
        "1234567890123456",
        "5511 9999 call",
        "5511999999999\n",
        "55.11.99999.9999;1",
        "٥٥١١٩٩٩٩٩٩٩٩٩",
        "5511999999999@s.whatsapp.net",
        "+55 11 99999=9999",
    ],
)
def test_anything_else_is_no_phone_number(text: str) -> None:
    with pytest.raises(InvalidPhoneNumberError, match="10 to 15 digits"):
        normalize_phone_number(text)


@given(st.text() | st.text(string.digits + PUNCTUATION))
def test_any_text_is_normalised_as_documented_or_refused(text: str) -> None:
    marks = {"Cf", "Pd", "Zs"}
    stripped = "".join(
        sign
        for sign in text
        if sign not in "+()./\N{MINUS SIGN}" and unicodedata.category(sign) not in marks
    )
    documented = set(stripped) <= set(string.digits) and 10 <= len(stripped) <= 15
    if documented:
        assert normalize_phone_number(text) == stripped
        return
    with pytest.raises(InvalidPhoneNumberError):
        normalize_phone_number(text)


@given(DIGITS, st.lists(st.tuples(st.integers(0, 15), st.sampled_from(PUNCTUATION))))
def test_punctuation_anywhere_changes_nothing(digits: str, marks: list[tuple[int, str]]) -> None:
    text = digits
    for place, mark in marks:
        text = text[:place] + mark + text[place:]
    assert normalize_phone_number(text) == digits


@pytest.mark.parametrize(
    "jid",
    [
        "5511999999999@s.whatsapp.net",
        "5511999999999:3@s.whatsapp.net",
        "5511999999999.0:3@s.whatsapp.net",
        "5511999999999@c.us",
    ],
)
def test_a_users_jid_holds_the_phone_number(jid: str) -> None:
    assert number_from_jid(jid) == PHONE


@pytest.mark.parametrize(
    "jid", ["", "5511999999999", "120363041234567890@g.us", "123456789@lid", "@s.whatsapp.net"]
)
def test_any_other_jid_holds_no_phone_number(jid: str) -> None:
    assert number_from_jid(jid) is None


@pytest.mark.parametrize(
    ("text", "is_group"),
    [
        ("120363041234567890@g.us", True),
        ("5511999999999-1600000000@g.us", True),
        ("5511999999999@s.whatsapp.net", False),
        ("5511999999999", False),
        ("@g.us", False),
        ("120363041234567890@g.us\n", False),
    ],
)
def test_a_group_is_known_by_its_jid(text: str, *, is_group: bool) -> None:
    assert is_group_jid(text) is is_group


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("5511999999999", "5511999999999", id="the same digits"),
        pytest.param("5511999999999", "551199999999", id="Brazil's ninth digit"),
        pytest.param("5215512345678", "525512345678", id="Mexico's 1"),
        pytest.param("5491112345678", "541112345678", id="Argentina's 9"),
    ],
)
def test_one_account_is_known_in_both_its_spellings(one: str, other: str) -> None:
    assert same_number(one, other)
    assert same_number(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5511999999999", "5511999999998"),
        ("5511999999999", "5521999999999"),
        ("5511999999999", "551189999999"),
        ("15511999999999", "1551199999999"),
        ("4915112345678", "491512345678"),
    ],
)
def test_another_number_is_another_account(one: str, other: str) -> None:
    assert not same_number(one, other)
    assert not same_number(other, one)


@given(DIGITS, DIGITS)
def test_whether_two_numbers_are_one_account_does_not_depend_on_their_order(
    one: str, other: str
) -> None:
    assert same_number(one, one)
    assert same_number(one, other) == same_number(other, one)


@pytest.mark.parametrize(
    ("phone_number", "jid"),
    [
        (PHONE, None),
        ("+55 (11) 99999-9999", None),
        (f"{PHONE}:12", None),
        (f"{PHONE}.0:12", None),
        (f"{PHONE}@s.whatsapp.net", None),
        (f"{PHONE}:12@s.whatsapp.net", None),
        (None, f"{PHONE}:12@s.whatsapp.net"),
        (None, PHONE),
        (PHONE, "98765432109876@lid"),
        ("", f"{PHONE}@c.us"),
        ("unknown", f"{PHONE}@s.whatsapp.net"),
        (PHONE, "unknown"),
    ],
)
def test_an_accounts_own_number_is_read_in_every_form(
    phone_number: str | None, jid: str | None
) -> None:
    assert linked_number(phone_number, jid) == PHONE


@pytest.mark.parametrize(
    ("phone_number", "jid"),
    [
        (None, None),
        ("", ""),
        ("unknown", "unknown"),
        (None, "98765432109876@lid"),
        (None, "98765432109876:3@lid"),
        ("98765432109876@lid", "98765432109876@lid"),
        ("12:3", None),
        (None, "120363041234567890@g.us"),
    ],
)
def test_an_account_that_hides_its_number_has_none(
    phone_number: str | None, jid: str | None
) -> None:
    assert linked_number(phone_number, jid) is None


def test_the_jid_counts_where_the_phone_number_differs_from_it() -> None:
    assert linked_number("5511888888888", f"{PHONE}:4@s.whatsapp.net") == PHONE


@given(st.none() | st.text(), st.none() | st.text())
def test_any_two_texts_give_digits_or_nothing(phone_number: str | None, jid: str | None) -> None:
    number = linked_number(phone_number, jid)
    assert number is None or (number.isascii() and number.isdigit())
