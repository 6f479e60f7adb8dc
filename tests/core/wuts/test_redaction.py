import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from tests.core.wuts.values import CODE, DEVICE, PAYLOAD, TOKEN
from wuts.redaction import MAX_LENGTH, redact

SURROUNDINGS = st.text(st.characters(exclude_categories=["L", "N"], exclude_characters="@-"))
LETTERS_AND_DIGITS = "ABCDEFGHJKLMNPQRSTVWXYZ123456789"


def test_the_token_is_taken_out() -> None:
    said = redact(f"no user for {TOKEN}, sorry", secret=TOKEN)
    assert said == "no user for [redacted], sorry"


@pytest.mark.parametrize(
    "number",
    [
        "5511999999999",
        "+5511999999999",
        "+55 (11) 99999-9999",
        "55.11.99999.9999",
        "55 11\n99999\t9999",
        "55\u200b11\u206099999\ufeff9999",
        "55\u00a011\u061c99999\U000e00019999",
        "5511999999999@s.whatsapp.net",
    ],
)
def test_a_phone_number_is_taken_out_in_every_spelling(number: str) -> None:
    said = redact(f"cannot reach {number} today")
    assert said.startswith("cannot reach [redacted]")
    assert not any(sign.isdigit() for sign in said)


def test_a_qr_is_taken_out() -> None:
    assert redact(f"qr={PAYLOAD} expired") == "qr=[redacted] expired"


@pytest.mark.parametrize("around", ["code {}", "code_{}_", "({})", "{}."])
def test_a_pair_code_is_taken_out(around: str) -> None:
    assert redact(around.format(CODE)) == around.format("[redacted]")


@pytest.mark.parametrize(
    "words", [DEVICE, DEVICE.upper(), "not found", "port 8471", "HTTP 404", "wait 300 s"]
)
def test_what_helps_a_person_stays(words: str) -> None:
    assert redact(words) == words


def test_control_characters_and_line_breaks_become_spaces() -> None:
    said = redact("one\r\n\x1b[31mtwo\x00three\u202efour\u2028five")
    assert said == "one [31mtwo three four five"


def test_a_long_text_is_cut_and_says_so() -> None:
    said = redact("word " * 10_000)
    assert len(said) == MAX_LENGTH
    assert said.endswith("…")


def test_a_secret_behind_a_long_stretch_of_nothing_is_taken_out_whole() -> None:
    for place in range(3980, 4020):
        said = redact(" " * place + TOKEN + " 5511999999999", secret=TOKEN)
        assert said == "[redacted] [redacted]"


@given(st.text(), st.text(), st.text("abcdef_-ABC0123456789.", min_size=4, max_size=60))
def test_no_token_comes_through_and_the_length_is_bounded(
    before: str, after: str, token: str
) -> None:
    assume(token not in "[redacted]")
    said = redact(before + token + after, secret=token)
    assert token not in said
    assert len(said) <= MAX_LENGTH


@given(SURROUNDINGS, SURROUNDINGS, st.text("0123456789", min_size=10, max_size=15))
def test_no_phone_number_comes_through(before: str, after: str, number: str) -> None:
    said = redact(f"{before}{number}{after}")
    assert number not in "".join(filter(str.isdigit, said))
    assert len(said) <= MAX_LENGTH


@given(SURROUNDINGS, SURROUNDINGS, st.text(LETTERS_AND_DIGITS, min_size=8, max_size=8))
def test_no_pair_code_comes_through(before: str, after: str, signs: str) -> None:
    code = f"{signs[:4]}-{signs[4:]}"
    said = redact(f"{before}{code}{after}")
    assert code not in said
    assert len(said) <= MAX_LENGTH


@given(st.text(), st.text())
def test_redaction_repeated_lets_nothing_new_through(text: str, secret: str) -> None:
    assume(secret not in "[redacted]… ")
    once = redact(text, secret=secret)
    assert redact(once, secret=secret) == once
    assert once.isprintable()
