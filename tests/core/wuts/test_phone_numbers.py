import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.errors import (
    AmbiguousPhoneNumberError,
    ErrorCode,
    InvalidInputError,
    InvalidPhoneNumberError,
)
from wuts.phone import normalize_phone_number
from wuts.phone_numbers import (
    calling_code,
    country_of_locale,
    example_number,
    known_country,
    read_number,
    read_numbers,
    read_recipient,
    shown_number,
)

COUNTRIES = st.sampled_from([None, "BR", "US", "DE", "MX", "AR", "DK", "XX"])


@pytest.mark.parametrize(
    ("text", "country", "digits"),
    [
        ("11 99999-9999", "BR", "5511999999999"),
        ("(11)\N{NO-BREAK SPACE}99999\N{NON-BREAKING HYPHEN}9999", "BR", "5511999999999"),
        ("011 99999-9999", "BR", "5511999999999"),
        ("0 15 11 99999-9999", "BR", "5511999999999"),
        ("11 99999-9999", "br", "5511999999999"),
        ("55 99999-9999", "BR", "5555999999999"),
        ("11 3333-4444", "BR", "551133334444"),
        ("(202) 555-0123", "US", "12025550123"),
        ("011 55 11 99999-9999", "US", "5511999999999"),
        ("8 10 49 1511 2345678", "RU", "4915112345678"),
        ("06 12 34 56 78", "FR", "33612345678"),
        ("020 7946 0958", "GB", "442079460958"),
    ],
)
def test_a_number_without_country_code_is_one_of_the_country(
    text: str, country: str, digits: str
) -> None:
    assert read_number(text, country) == digits


@pytest.mark.parametrize("country", [None, "BR", "US", "DE"])
@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("+55 11 99999-9999", "5511999999999"),
        ("\N{LEFT-TO-RIGHT MARK}(+55) 11 99999-9999", "5511999999999"),
        ("+55 (0) 11 99999-9999", "5511999999999"),
        ("0055 11 99999-9999", "5511999999999"),
        ("5511999999999", "5511999999999"),
        ("+1 202 555 0123", "12025550123"),
        ("+11 99999-9999", "11999999999"),  # a plus is believed, whatever follows
    ],
)
def test_a_country_code_is_read_anywhere(text: str, digits: str, country: str | None) -> None:
    assert read_number(text, country) == digits


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("553187654321", "BR"),  # WhatsApp's spelling, without the ninth digit
        ("5511888888888", "BR"),  # in no plan, but too long to lack a country code
        ("5511888888888", "DE"),  # there it could be a long number too
        ("5215512345678", "MX"),
        ("5215512345678", "BR"),
        ("5491187654321", "AR"),
        ("541187654321", "AR"),
        ("4915112345678", "DE"),  # of the country both ways, as Germany's numbers differ in length
    ],
)
def test_digits_that_begin_with_a_country_code_stay_as_they_are(text: str, country: str) -> None:
    assert read_number(text, country) == text
    assert read_number(text) == text


def test_the_spelling_without_the_ninth_digit_is_read_at_home_too() -> None:
    assert read_number("31 8765-4321", "BR") == "553187654321"


@pytest.mark.parametrize("text", ["11 99999-9999", "1199999999", "011 99999-9999"])
def test_without_a_country_a_number_that_exists_nowhere_is_refused(text: str) -> None:
    with pytest.raises(InvalidPhoneNumberError) as caught:
        read_number(text)
    assert caught.value.codes == ()
    assert caught.value.message == InvalidPhoneNumberError.advice


def test_a_number_that_exists_neither_at_home_nor_abroad_needs_a_country_code() -> None:
    with pytest.raises(InvalidPhoneNumberError) as caught:
        read_number("99999-9999", "BR")
    error = caught.value
    assert (error.code, error.country) == (ErrorCode.INVALID_PHONE_NUMBER, "BR")
    assert error.codes == (55,)
    assert error.message.endswith("For a number in BR, start with +55.")


def test_a_number_that_exists_at_home_and_abroad_is_asked_about() -> None:
    with pytest.raises(AmbiguousPhoneNumberError) as caught:
        read_number("95 94159-9345", "BR")
    error = caught.value
    assert isinstance(error, InvalidInputError)
    assert error.code is ErrorCode.AMBIGUOUS_PHONE_NUMBER
    assert error.codes == (55, 95)
    assert error.message.endswith("Write it with + and the country code: +55 … or +95 ….")
    assert "94159" not in repr(error)


@pytest.mark.parametrize("country", [None, "BR"])
@pytest.mark.parametrize("text", ["", "+", "call me", "5511999999999@s.whatsapp.net", "٥٥١١٩٩٩٩٩"])
def test_what_is_no_number_is_refused(text: str, country: str | None) -> None:
    with pytest.raises(InvalidPhoneNumberError):
        read_number(text, country)


@given(st.text(string.digits + "+ -()", max_size=20), COUNTRIES)
def test_whatever_is_read_passes_the_rules_of_the_library(text: str, country: str | None) -> None:
    try:
        digits = read_number(text, country)
    except InvalidPhoneNumberError:
        return
    assert normalize_phone_number(digits) == digits


@given(st.text(string.digits + "+ -()", max_size=20), COUNTRIES)
def test_a_number_that_is_shown_is_read_as_the_same(text: str, country: str | None) -> None:
    try:
        digits = read_number(text, country)
    except InvalidPhoneNumberError:
        return
    assert read_number(shown_number(digits), country) == digits


def test_several_numbers_say_which_of_them_is_wrong() -> None:
    assert read_numbers(["11 99999-9999", "+12025550123"], "BR") == ["5511999999999", "12025550123"]
    with pytest.raises(AmbiguousPhoneNumberError, match=r"^Number 2: ") as caught:
        read_numbers(["11 99999-9999", "95 94159-9345"], "BR")
    assert (caught.value.place, caught.value.codes) == (2, (55, 95))
    with pytest.raises(InvalidPhoneNumberError, match=r"^Number 1: .*\+55\.$"):
        read_numbers(["99999-9999"], "BR")
    with pytest.raises(InvalidInputError):
        read_numbers([], "BR")


def test_a_recipient_is_a_group_or_a_number() -> None:
    assert read_recipient("120363000000000000@g.us", "BR") == "120363000000000000@g.us"
    assert read_recipient("11 99999-9999", "BR") == "5511999999999"


@pytest.mark.parametrize(
    ("digits", "shown"),
    [
        ("5511999999999", "+55 11 99999-9999"),
        ("553187654321", "+55 31 8765-4321"),
        ("559187654321", "+55 91 8765-4321"),
        ("551133334444", "+55 11 3333-4444"),
        ("12025550123", "+1 202-555-0123"),
        ("4915112345678", "+49 1511 2345678"),
        ("5511888888888", "+5511888888888"),
        ("5215512345678", "+5215512345678"),
        ("999", "+999"),
    ],
)
def test_a_number_is_shown_as_people_write_it(digits: str, shown: str) -> None:
    assert shown_number(digits) == shown


@pytest.mark.parametrize(
    ("locale", "country"),
    [
        ("pt_BR.UTF-8", "BR"),
        ("pt-BR", "BR"),
        ("de_AT@euro", "AT"),
        ("zh_Hant_TW", "TW"),
        ("C.UTF-8", None),
        ("POSIX", None),
        ("br", None),
        ("en_001", None),
        ("", None),
        (None, None),
    ],
)
def test_a_locale_may_tell_the_country(locale: str | None, country: str | None) -> None:
    assert country_of_locale(locale) == country


def test_countries_are_known_by_their_code() -> None:
    assert known_country(" br ") == "BR"
    assert (calling_code("br"), calling_code("XK"), calling_code("XX")) == (55, 383, None)
    assert (known_country("Brazil"), known_country("XX"), known_country(None)) == (None, None, None)


@pytest.mark.parametrize(
    ("country", "shown"),
    [
        ("BR", "+55 11 96123-4567"),
        ("gb", "+44 7400 123456"),
        (None, "+55 11 99999-9999"),
        ("nowhere", "+55 11 99999-9999"),
    ],
)
def test_a_country_has_an_example_as_its_people_write_it(country: str | None, shown: str) -> None:
    assert example_number(country) == shown
    assert shown_number(read_number(shown)) == shown
