"""Which phone a device has, which one it should have, and what is asked: pure functions."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.phone import same_number
from wuts.supervisor.device import phone as phones
from wuts.supervisor.device.phone import NO_PHONE, Certainty, Phone, PhoneQuestion

ANA, ANA_WITHOUT_9, BOB, EVE = "5511987654321", "551187654321", "5511912345678", "447911123456"
WRONG, UNCHECKED = PhoneQuestion.WRONG_PHONE, PhoneQuestion.UNCHECKED
RNG = Random(1)


def looks(phone: Phone, *numbers: str | None) -> Phone:
    for number in numbers:
        phone = phones.looked(phone, number, RNG)
    return phone


def known(number: str = ANA) -> Phone:
    return looks(NO_PHONE, number, number)


def facts(phone: Phone) -> tuple[str | None, str | None, PhoneQuestion | None]:
    return phone.expected, phone.linked, phone.question


def test_the_first_phone_ever_linked_is_the_expected_one() -> None:
    assert facts(looks(NO_PHONE, ANA)) == (ANA, ANA, None)


def test_a_first_look_that_the_next_contradicts_was_an_odd_one() -> None:
    assert facts(looks(NO_PHONE, EVE, ANA)) == (ANA, ANA, None)
    assert facts(looks(NO_PHONE, EVE, ANA, ANA)) == (ANA, ANA, None)
    assert looks(NO_PHONE, EVE, ANA, ANA, BOB, BOB).question is WRONG


def test_another_phone_is_believed_when_two_looks_in_a_row_agree() -> None:
    assert facts(looks(known(), BOB)) == (ANA, ANA, None)
    assert facts(looks(known(), BOB, BOB)) == (ANA, BOB, WRONG)


@pytest.mark.parametrize("others", [(BOB, ANA, BOB), (BOB, EVE, BOB), (BOB, EVE, ANA)])
def test_odd_looks_that_do_not_agree_are_no_question(others: tuple[str, ...]) -> None:
    assert facts(looks(known(), *others)) == (ANA, ANA, None)


def test_a_look_that_shows_no_number_overwrites_nothing_and_proves_nothing() -> None:
    assert facts(looks(known(), None, None)) == (ANA, ANA, None)
    assert facts(looks(known(), BOB, None, BOB)) == (ANA, BOB, WRONG)


def test_two_spellings_are_one_phone() -> None:
    assert looks(known(), ANA_WITHOUT_9, ANA_WITHOUT_9).question is None
    assert looks(known(ANA_WITHOUT_9), ANA, ANA).question is None
    assert looks(known(), ANA_WITHOUT_9).expected == ANA


def test_a_question_is_over_when_two_looks_show_the_expected_phone() -> None:
    asked = looks(known(), BOB, BOB)
    assert facts(looks(asked, ANA)) == (ANA, BOB, WRONG)
    assert facts(looks(asked, ANA, BOB, ANA)) == (ANA, BOB, WRONG)
    assert facts(looks(asked, ANA, ANA)) == (ANA, ANA, None)


def test_a_question_about_a_third_phone_is_another_question() -> None:
    asked = looks(known(), BOB, BOB)
    other = looks(asked, EVE, EVE)
    assert facts(other) == (ANA, EVE, WRONG)
    assert other.question_id not in ("", asked.question_id)
    assert looks(asked, BOB, BOB).question_id == asked.question_id


def test_a_phone_that_is_kept_is_expected_from_then_on() -> None:
    kept = phones.kept(looks(known(), BOB, BOB))
    assert facts(kept) == (BOB, BOB, None)
    assert facts(looks(kept, ANA, ANA)) == (BOB, ANA, WRONG)


def test_a_phone_that_is_unlinked_leaves_the_old_one_expected() -> None:
    free = phones.unlinked(looks(known(), BOB, BOB))
    assert facts(free) == (ANA, None, None)
    assert facts(looks(free, ANA)) == (ANA, ANA, None)
    assert looks(free, BOB, BOB).question is WRONG


def test_a_pairing_tells_for_certain() -> None:
    assert facts(phones.reported(known(), BOB, None, RNG)) == (ANA, BOB, WRONG)
    assert facts(phones.reported(known(), BOB, BOB, RNG)) == (BOB, BOB, None)
    assert facts(phones.reported(NO_PHONE, ANA, None, RNG)) == (ANA, ANA, None)
    assert facts(phones.reported(NO_PHONE, BOB, ANA, RNG)) == (ANA, BOB, WRONG)


def test_a_pairing_asks_the_same_question_once() -> None:
    asked = phones.reported(known(), BOB, ANA, RNG)
    assert phones.reported(asked, BOB, ANA, RNG).question_id == asked.question_id


def test_a_phone_that_is_not_told_is_a_question_of_its_own() -> None:
    asked = phones.reported(known(), None, None, RNG)
    assert facts(asked) == (ANA, None, UNCHECKED)
    assert phones.reported(asked, None, ANA, RNG).question_id == asked.question_id
    assert facts(phones.reported(NO_PHONE, None, None, RNG)) == (None, None, None)


def test_a_listing_may_answer_what_could_not_be_checked() -> None:
    asked = phones.reported(known(), None, None, RNG)
    assert looks(asked, ANA).question is UNCHECKED
    assert facts(looks(asked, ANA, ANA)) == (ANA, ANA, None)
    assert facts(looks(asked, BOB, BOB)) == (ANA, BOB, WRONG)


def test_a_phone_that_is_kept_unseen_does_not_change_what_is_expected() -> None:
    kept = phones.kept(phones.reported(known(), None, None, RNG))
    assert facts(kept) == (ANA, None, None)
    assert looks(kept, BOB, BOB).question is WRONG


def test_an_expectation_asks_only_about_a_phone_that_is_linked() -> None:
    linked = phones.expecting(known(), BOB, RNG, is_linked=True)
    assert facts(linked) == (BOB, ANA, WRONG)
    assert facts(phones.expecting(linked, ANA, RNG, is_linked=True)) == (ANA, ANA, None)
    free = phones.expecting(known(), BOB, RNG, is_linked=False)
    assert facts(free) == (BOB, None, None)
    assert looks(free, ANA, ANA).question is WRONG


def test_an_expectation_that_is_dropped_lets_any_phone_be_the_next() -> None:
    dropped = phones.expecting(looks(known(), BOB, BOB), None, RNG, is_linked=True)
    assert facts(dropped) == (None, None, None)
    assert looks(dropped, BOB, BOB).expected == BOB


def test_the_spelling_that_is_known_stays() -> None:
    assert phones.expecting(known(), ANA_WITHOUT_9, RNG, is_linked=True).expected == ANA
    assert phones.reported(known(), ANA_WITHOUT_9, ANA_WITHOUT_9, RNG).expected == ANA


def test_what_is_known_late_counts_unless_somebody_has_decided() -> None:
    saved = Phone(ANA, ANA)
    joined = phones.joined(saved, known(BOB), RNG)
    assert facts(joined) == (ANA, ANA, None)
    assert looks(joined, BOB).question is WRONG
    decided = phones.reported(NO_PHONE, BOB, None, RNG)
    assert phones.joined(saved, decided, RNG) is decided
    assert phones.joined(NO_PHONE, known(BOB), RNG).expected == BOB


def test_no_number_is_in_a_repr() -> None:
    asked = looks(known(), BOB, BOB, EVE)
    assert not any(number in repr(asked) for number in (ANA, BOB, EVE))
    assert "wrong_phone" in repr(asked)


NUMBERS = st.sampled_from([ANA, ANA_WITHOUT_9, BOB, EVE])
STEPS = st.one_of(
    st.tuples(st.just("looked"), st.none() | NUMBERS),
    st.tuples(st.just("reported"), st.none() | NUMBERS, st.none() | NUMBERS),
    st.tuples(st.just("expecting"), st.none() | NUMBERS, st.booleans()),
    st.tuples(st.just("kept")),
    st.tuples(st.just("unlinked")),
)


@given(st.lists(STEPS))
def test_whatever_comes_a_wrong_phone_is_asked_about_and_a_right_one_is_not(
    steps: list[tuple[str, ...]],
) -> None:
    phone, rng = NO_PHONE, Random(2)
    for name, *values in steps:
        before = phone
        phone = one_step(phone, name, values, rng)
        is_right = phone.linked is None or (
            phone.expected is not None and same_number(phone.linked, phone.expected)
        )
        assert is_right is (phone.question is not WRONG)
        assert (phone.question is None) is (phone.question_id == "")
        if phone.question is UNCHECKED:
            assert phone.linked is None
            assert phone.expected is not None
        if name == "looked" and before.certainty is not Certainty.ONE_LOOK and before.expected:
            assert phone.expected == before.expected


def one_step(phone: Phone, name: str, values: list[str], rng: Random) -> Phone:
    match name:
        case "looked":
            return phones.looked(phone, values[0], rng)
        case "reported":
            return phones.reported(phone, values[0], values[1], rng)
        case "expecting":
            return phones.expecting(phone, values[0], rng, is_linked=bool(values[1]))
        case "kept":
            return phones.kept(phone)
    return phones.unlinked(phone)
