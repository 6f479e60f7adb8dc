"""Regular expressions whose time is bounded, beside Python's own engine."""

import re
from random import Random

import pytest

from custom_components.wuts.push.pattern import LONGEST_PATTERN, LONGEST_SEARCHED, Pattern

CASES = [
    ("", "anything"),
    ("open|close", "please OPEN it"),
    ("open|close", "nothing"),
    (r"^\s*(on|off)\b", "  On!"),
    (r"^\s*(on|off)\b", "online"),
    (r"\d{3,5}$", "code 1234"),
    (r"\d{3,5}$", "code 12"),
    (r"^\d{3,5}$", "123456"),
    ("[^a-z]x", "ax -x"),
    ("[A-F0-9]+", "zzb"),
    ("a.b", "a\nb"),
    ("(?s)a.b", "a\nb"),
    ("(?m)^b$", "a\nb\nc"),
    ("^b$", "a\nb\nc"),
    (r"\Bx", "ax"),
    (r"\Bx", "a x"),
    (r"[\w.]+@[\w.]+", "mail ana@example.com"),
    ("colou?r", "COLOR"),
    ("(ab){2}c", "ababc"),
    ("(ab){2}c", "abc"),
    ("x{0}y", "y"),
    ("(a*)*b", "aaab"),
    ("(?:a|)b", "b"),
    ("Straße", "STRAßE"),
    ("ação", "AÇÃO"),
    ("[à-ü]", "Ç"),
    (r"\.", "a.b"),
    ("a+?b", "aab"),
    ("[^x]", "\n"),
    (r"\S\s\S", "a b"),
]


@pytest.mark.parametrize(("source", "text"), CASES)
def test_a_pattern_finds_what_pythons_own_engine_finds(source: str, text: str) -> None:
    expected = re.search(source, text, re.IGNORECASE) is not None
    assert Pattern(source).is_in(text) is expected


def test_made_up_patterns_find_what_pythons_own_engine_finds() -> None:
    random = Random(4)
    parts = ["a", "b", "[ab]", "[^a]", ".", "^", "$", r"\b", "(?:ab|b)", "(a)", r"\w"]
    found = 0
    for _ in range(3000):
        repeated = [part + random.choice(["", "", "*", "?", "{1,2}", "+?"]) for part in parts]
        atoms = [*repeated[:5], *parts[5:8], *repeated[8:]]
        source = "".join(random.choices(atoms, k=random.randrange(1, 5)))
        source += random.choice(["", "", "|ba"])
        text = "".join(random.choices("ab \n", k=random.randrange(8)))
        expected = re.search(source, text, re.IGNORECASE) is not None
        assert Pattern(source).is_in(text) is expected, (source, text)
        found += expected
    assert 500 < found < 2900


HOSTILE = "a" * (LONGEST_SEARCHED - 1) + "!"


@pytest.mark.parametrize("source", ["(a+)+$", "(a|aa)+$", "(.*)*(.*)*(.*)*x$", "([a-z ]+)*#"])
def test_no_text_takes_an_age(source: str) -> None:
    # Python's own engine would not be back from these.
    assert not Pattern(source).is_in(HOSTILE)


def test_what_took_too_long_is_told_without_the_text(caplog: pytest.LogCaptureFixture) -> None:
    assert not Pattern("(a|aa)+$").is_in(HOSTILE)
    assert "'(a|aa)+$': that took too long" in caplog.text
    assert "aaaa" not in caplog.text


def test_only_the_first_part_of_a_text_is_searched() -> None:
    assert Pattern("x").is_in("a" * (LONGEST_SEARCHED - 1) + "x")
    assert not Pattern("x").is_in("a" * LONGEST_SEARCHED + "x")


@pytest.mark.parametrize(
    "source",
    ["(", "[", "*", "(?P<x", r"(a)\2", "a" * (LONGEST_PATTERN + 1)],
)
def test_what_is_no_pattern_is_refused(source: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        Pattern(source)


@pytest.mark.parametrize("source", ["(" * 100 + ")" * 100, "((a?){50}){50}", "a{999999999999}"])
def test_a_pattern_that_asks_for_much_is_refused_or_harmless(source: str) -> None:
    try:
        pattern = Pattern(source)
    except ValueError:
        return
    assert pattern.is_in("")
