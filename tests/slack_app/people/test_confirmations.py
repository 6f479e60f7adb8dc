"""A question is answered once, in time, and by whoever was asked."""

import pytest

from slack_app.people import confirmations
from slack_app.people.confirmations import KEPT_FOR, Confirmation, Confirmations
from tests.slack_app.strict_slack import ANA, BOB

ASKED = Confirmation(
    user_id=ANA, action="disconnect_anyway", device="home d1", number="5511912344321"
)


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_who_was_asked_answers_once() -> None:
    ours = Confirmations()
    key = ours.ask(ASKED)
    assert ours.take(key, ANA, ASKED.action, ASKED.device) == ASKED
    assert ours.take(key, ANA, ASKED.action, ASKED.device) is None


@pytest.mark.parametrize(
    ("user", "action", "device"),
    [
        (BOB, ASKED.action, ASKED.device),
        (ANA, "delete_anyway", ASKED.device),
        (ANA, ASKED.action, "home d2"),
    ],
    ids=["somebody else", "another action", "another device"],
)
def test_nothing_else_is_answered_and_the_question_stays(
    user: str, action: str, device: str
) -> None:
    ours = Confirmations()
    key = ours.ask(ASKED)
    assert ours.take(key, user, action, device) is None
    assert ours.take(key, ANA, ASKED.action, ASKED.device) == ASKED


def test_a_question_ends_in_time() -> None:
    time = Time()
    ours = Confirmations(time)
    key, later = ours.ask(ASKED), ours.ask(ASKED)
    time.now += KEPT_FOR - 0.1
    assert ours.take(key, ANA, ASKED.action, ASKED.device) == ASKED
    time.now += 0.1
    assert ours.take(later, ANA, ASKED.action, ASKED.device) is None


def test_an_unknown_key_answers_nothing() -> None:
    assert Confirmations().take("", ANA, ASKED.action, ASKED.device) is None


def test_only_who_was_asked_dismisses_a_question() -> None:
    ours = Confirmations()
    key = ours.ask(ASKED)
    ours.forget(key, BOB)
    assert ours.take(key, ANA, ASKED.action, ASKED.device) == ASKED
    key = ours.ask(ASKED)
    ours.forget(key, ANA)
    ours.forget(key, ANA)
    assert ours.take(key, ANA, ASKED.action, ASKED.device) is None


def test_no_more_is_remembered_than_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(confirmations, "MOST", 2)
    ours = Confirmations()
    keys = [ours.ask(ASKED) for _ in range(3)]
    taken = [ours.take(key, ANA, ASKED.action, ASKED.device) for key in keys]
    assert taken == [None, ASKED, ASKED]


def test_a_number_is_in_no_log() -> None:
    assert "4321" not in repr(ASKED)
