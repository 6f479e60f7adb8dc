import pytest

from slack_app.blocks.numbers import masked, split_numbers


def test_a_masked_number_shows_too_little_to_call() -> None:
    assert masked("5511912344321") == "+55 11 … 4321"
    assert masked("4915112345678") == "+49 … 5678"
    assert masked("12025550123") == "+1 … 0123"
    assert masked("5511888888888") == "+55 11 … 8888"
    assert masked("9991234567890") == "+999 … 7890"


@pytest.mark.parametrize(
    "text",
    [
        "+55 11 98888-0002, +55 11 98888-0003",
        "+55 11 98888-0002 +55 11 98888-0003",
        "+55 11 98888-0002;+55 11 98888-0003",
    ],
)
def test_numbers_with_spaces_are_told_apart(text: str) -> None:
    assert split_numbers(text) == ["+55 11 98888-0002", "+55 11 98888-0003"]


def test_plain_numbers_are_split_at_spaces() -> None:
    assert split_numbers("5511988880002 5511988880003") == ["5511988880002", "5511988880003"]


def test_a_no_break_space_holds_a_number_together() -> None:
    first, second = "55\N{NO-BREAK SPACE}11 98888-0002".replace(" ", "\xa0"), "5511988880003"
    assert split_numbers(f"{first} {second}") == [first, second]
    marked = "\N{LEFT-TO-RIGHT EMBEDDING}+55 11 98888-0003"
    assert len(split_numbers(f"+55 11 98888-0002 {marked}")) == 2


@pytest.mark.parametrize("text", ["11 98888-0002", "(11) 98888 0002", "55 11 98888-0002"])
def test_words_too_short_for_a_number_are_one_number(text: str) -> None:
    assert split_numbers(text) == [text]
    assert split_numbers(f"{text}, {text}") == [text, text]


def test_a_word_too_short_beside_a_whole_number_is_no_part_of_it() -> None:
    assert split_numbers("0800 5511988880003") == ["0800", "5511988880003"]
