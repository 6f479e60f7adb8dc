from string import ascii_uppercase, digits

from wuts_cli.pairing.big_letters import big_letters


def test_a_code_is_four_rows_high_and_six_columns_a_letter() -> None:
    lines = big_letters("ABCD-1234")
    assert [len(line) for line in lines] == [9 * 6 - 1] * 4
    assert set("".join(lines)) == set(" ▀▄█")


def test_every_letter_and_digit_looks_different() -> None:
    letters = ascii_uppercase + digits + "-"
    assert len({tuple(big_letters(letter)) for letter in letters}) == len(letters)


def test_a_letter_is_what_it_looks_like() -> None:
    assert big_letters("h") == ["█   █", "█▄▄▄█", "█   █", "▀   ▀"]


def test_an_unknown_letter_is_a_block() -> None:
    assert big_letters("?") == ["█████", "█████", "█████", "▀▀▀▀▀"]
