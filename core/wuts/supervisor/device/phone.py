"""Which phone is linked to a device, which one should be, and what a person is asked about it.

Pure functions. A number that is known is never replaced by one that is not told.
"""

from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from random import Random

from ...phone import same_number


class PhoneQuestion(StrEnum):
    """What only a person can answer: keep the phone, or unlink it."""

    WRONG_PHONE = "wrong_phone"
    UNCHECKED = "unchecked"


class Certainty(IntEnum):
    """Why a phone is the expected one."""

    ONE_LOOK = 0
    LOOKS = 1
    DECIDED = 2


@dataclass(frozen=True, slots=True)
class Phone:
    """The phone of a device. Numbers are digits with a country code, and kept out of the repr.

    Attributes:
        expected: The number that should be linked, or None before the first link.
        linked: The number that is linked; None once it was unlinked, or if nobody gave it. It
            is the expected one's unless there is a question.
        question: What a person must answer, or None.
        question_id: Stands for the question and the phone it is about: an answer names it.
        doubted: Another number than ``linked`` that the last look showed: the next one decides.
        certainty: Where ``expected`` comes from.
    """

    expected: str | None = field(default=None, repr=False)
    linked: str | None = field(default=None, repr=False)
    question: PhoneQuestion | None = None
    question_id: str = ""
    doubted: str | None = field(default=None, repr=False)
    certainty: Certainty = Certainty.DECIDED

    @property
    def is_settled(self) -> bool:
        """Whether another look that shows the same changes nothing."""
        return self.doubted is None and self.certainty is not Certainty.ONE_LOOK


NO_PHONE = Phone()


def phones_differ(one: Phone, other: Phone) -> bool:
    """Return whether what must survive a restart differs."""
    return one is not other and (
        (one.expected, one.linked, one.question_id)
        != (other.expected, other.linked, other.question_id)
    )


def looked(phone: Phone, number: str | None, rng: Random) -> Phone:
    """Take in the number that a listing shows: another phone is believed at the second look.

    The first one ever seen becomes the expected one; if the next look shows another, that one does.
    """
    if number is None:
        return phone
    is_new = phone.certainty is Certainty.ONE_LOOK
    if phone.expected is None or (is_new and not same_number(number, phone.expected)):
        return Phone(number, number, certainty=Certainty.ONE_LOOK)
    if is_new:
        phone = replace(phone, certainty=Certainty.LOOKS)
    is_expected = phone.question is None and _same(number, phone.expected)
    if is_expected or _same(number, phone.linked):
        return replace(phone, linked=number, doubted=None)
    if not _same(number, phone.doubted):
        return replace(phone, doubted=number)
    return _linked(phone, number, rng)


def reported(phone: Phone, linked: str | None, expected: str | None, rng: Random) -> Phone:
    """Take in how a pairing ended.

    Args:
        phone: What is known.
        linked: Whose phone was linked, or None when the gateway does not say.
        expected: Which one the pairing was for; the known one unless given.
        rng: Makes the question's id.
    """
    expected = _kept(expected, phone.expected)
    decided = replace(phone, expected=expected, certainty=Certainty.DECIDED)
    if linked is not None:
        return _linked(decided, linked, rng)
    if expected is None:
        return phone
    if phone.question is PhoneQuestion.UNCHECKED:
        return decided
    return _asked(replace(decided, linked=None), PhoneQuestion.UNCHECKED, rng)


def expecting(phone: Phone, number: str | None, rng: Random, *, is_linked: bool) -> Phone:
    """Expect another phone from now on; with None whichever is linked next, or now."""
    if number is None:
        return NO_PHONE
    if _same(number, phone.expected):
        return replace(phone, certainty=Certainty.DECIDED)
    phone = replace(phone, expected=number, certainty=Certainty.DECIDED)
    if is_linked and phone.linked is not None:
        return _linked(phone, phone.linked, rng)
    return phone if is_linked else unlinked(phone)


def kept(phone: Phone) -> Phone:
    """Note that a person keeps the phone that is linked: it is the expected one now."""
    expected = phone.linked or phone.expected
    return replace(_answered(phone), expected=expected, certainty=Certainty.DECIDED)


def unlinked(phone: Phone) -> Phone:
    """Note that no phone is linked: the expected one stays expected."""
    if phone.linked is phone.question is phone.doubted is None:
        return phone
    return replace(_answered(phone), linked=None)


def joined(saved: Phone, seen: Phone, rng: Random) -> Phone:
    """Return what is known when an earlier process's knowledge is read after the first looks."""
    is_decided = seen.expected is not None and seen.certainty is Certainty.DECIDED
    if is_decided or saved.expected is None:
        return seen
    return looked(saved, seen.linked, rng)


def _linked(phone: Phone, number: str, rng: Random) -> Phone:
    """Take in for certain that a phone is linked."""
    expected = phone.expected or number
    told = replace(phone, expected=expected, linked=number, doubted=None)
    if same_number(number, expected):
        return _answered(told)
    is_asked = phone.question is PhoneQuestion.WRONG_PHONE and _same(number, phone.linked)
    return told if is_asked else _asked(told, PhoneQuestion.WRONG_PHONE, rng)


def _asked(phone: Phone, question: PhoneQuestion, rng: Random) -> Phone:
    return replace(phone, question=question, question_id=f"{rng.getrandbits(32):08x}", doubted=None)


def _answered(phone: Phone) -> Phone:
    return replace(phone, question=None, question_id="", doubted=None)


def _kept(number: str | None, known: str | None) -> str | None:
    """Keep the spelling that is known."""
    return known if number is None or _same(number, known) else number


def _same(number: str, known: str | None) -> bool:
    return known is not None and same_number(number, known)
