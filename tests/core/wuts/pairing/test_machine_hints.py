"""What comes from outside: a webhook's hint, which proves nothing, and an end."""

from itertools import pairwise

import pytest

from tests.core.wuts.pairing.course import LINKING, QR_DEAD, READY, UNPAIRED, Course, scanned, usual
from tests.core.wuts.values import PHONE
from wuts.errors import GatewayBusyError
from wuts.pairing import Failed, FailureReason, Paired, Scanned
from wuts.pairing.state import Call, Ending, Hint

REFUSAL = Hint(is_refusal=True)
NEWS = Hint(is_refusal=False)


def reason_of(course: Course) -> FailureReason | None:
    return course.outcome.reason if isinstance(course.outcome, Failed) else None


def test_a_hint_makes_it_look_at_once() -> None:
    course = Course()
    course.run(5)
    course.answer(status=READY)
    course.say(NEWS)
    assert course.times(Call.STATUS)[-1] == 5
    assert course.told(Scanned) == [Scanned(phone_number=PHONE)]


def test_a_flood_of_hints_brings_one_look_a_second() -> None:
    course = Course()
    course.run(5)
    for _ in range(500):
        course.say(NEWS)
        course.run(0.01)
    looks = [when for when in course.times(Call.STATUS) if when >= 5]
    assert all(later - sooner >= 1 for sooner, later in pairwise(looks))
    assert len(looks) <= 6


def test_hints_do_not_break_the_wait_that_a_gateway_asked_for() -> None:
    course = Course()
    course.run(3)
    course.answer(status=GatewayBusyError(retry_after=20))
    course.run(1)
    before = len(course.times(Call.STATUS))
    for _ in range(10):
        course.say(REFUSAL)
        course.run(1)
    assert len(course.times(Call.STATUS)) == before


@pytest.mark.parametrize("settings", [usual(), usual(phone=PHONE)], ids=["QR", "code"])
def test_a_refusal_ends_it_if_a_look_shows_no_link(settings: object) -> None:
    course = Course(settings)  # type: ignore[arg-type]
    course.run(5)
    course.say(REFUSAL)
    course.run(0)
    assert reason_of(course) is FailureReason.PAIR_ERROR


def test_a_refusal_behind_a_link_ends_nothing() -> None:
    course = Course()
    course.run(5)
    course.answer(status=READY)
    course.say(REFUSAL)
    course.run(20)
    assert isinstance(course.outcome, Paired)


def test_a_look_that_was_under_way_does_not_prove_a_refusal() -> None:
    course = Course()
    course.run(5)
    course.answer(status=None)
    course.run(1)
    course.say(REFUSAL)
    course.answer(status=LINKING)
    course.say(UNPAIRED)
    assert course.outcome is None
    course.run(2)
    assert course.told(Scanned) == [Scanned(phone_number=PHONE)]


def test_a_look_that_was_under_way_and_failed_does_not_count() -> None:
    course = Course()
    course.run(5)
    course.answer(status=None)
    course.run(1)
    course.say(REFUSAL)
    course.answer(status=UNPAIRED)
    course.say_failed(Call.STATUS, GatewayBusyError())
    course.run(1)
    assert reason_of(course) is FailureReason.PAIR_ERROR


def test_a_refusal_is_believed_once_the_gateway_answers() -> None:
    course = Course()
    course.run(5)
    course.answer(status=GatewayBusyError())
    course.say(REFUSAL)
    course.run(10)
    assert course.outcome is None
    course.answer(status=UNPAIRED)
    course.run(10)
    assert reason_of(course) is FailureReason.PAIR_ERROR


def test_a_refusal_ends_what_was_suspected_to_be_a_passkey() -> None:
    course = Course(usual(qr_status_interval=4.0))
    course.run(10)
    course.answer(qr_status=QR_DEAD)
    course.run(30)
    course.say(REFUSAL)
    course.run(0)
    assert reason_of(course) is FailureReason.PAIR_ERROR


def test_a_refusal_before_anything_was_shown_is_an_old_one() -> None:
    course = Course(qr=GatewayBusyError())
    course.say(REFUSAL)
    course.run(10)
    assert course.outcome is None


def test_a_refusal_of_a_phone_that_is_linked_already_is_an_old_one() -> None:
    course = scanned()
    course.say(REFUSAL)
    course.run(20)
    assert isinstance(course.outcome, Paired)


@pytest.mark.parametrize("seconds", [0, 5, 30])
@pytest.mark.parametrize(
    "reason",
    [
        FailureReason.ACCOUNT_REMOVED,
        FailureReason.ACCOUNT_CHANGED,
        FailureReason.PAIRING_IN_PROGRESS,
    ],
)
def test_it_can_be_ended_from_outside_at_any_time(seconds: float, reason: FailureReason) -> None:
    course = Course()
    course.run(seconds)
    course.say(Ending(reason))
    assert reason_of(course) is reason
    course.say(Ending(FailureReason.REFUSED))
    assert reason_of(course) is reason
