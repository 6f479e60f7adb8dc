"""Every event in one line for people."""

from datetime import UTC, datetime, timedelta

import pytest

from wuts.supervisor import (
    AccountChanged,
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    DeviceState,
    EventsLost,
    Reason,
    StateChanged,
    StoreTrouble,
)
from wuts_cli.watching.words import next_try, sentence, stamped

NOW = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
HEALTHY, REFUSED, DOWN = AccountState


def alert(kind: AlertKind, status: AlertStatus, name: str | None = "Desk") -> Alert:
    about_a_device = kind not in {AlertKind.GATEWAY_DOWN, AlertKind.TOKEN_REFUSED}
    return Alert(
        id="0",
        kind=kind,
        status=status,
        account="account",
        device_id="id-1" if about_a_device else None,
        device_name=name,
        since=NOW,
        at=NOW,
    )


def change(reason: Reason, *, name: str = "Desk", wait: float | None = None) -> StateChanged:
    return StateChanged(
        account="account",
        device_id="id-1",
        device_name=name,
        old=DeviceState.CONNECTED,
        new=DeviceState.RECONNECTING,
        reason=reason,
        attempt=3,
        next_try=None if wait is None else NOW + timedelta(seconds=wait),
        at=NOW,
    )


@pytest.mark.parametrize("kind", AlertKind)
@pytest.mark.parametrize("status", AlertStatus)
def test_each_alert_says_whom_it_is_about_and_what_it_is(
    kind: AlertKind, status: AlertStatus
) -> None:
    words = sentence(alert(kind, status))
    mark, _, rest = words.partition(": ")
    assert mark == {"raised": "ALERT", "reminded": "STILL", "resolved": "OVER"}[status]
    assert rest.startswith(("Desk ", "The gateway "))
    assert ("wuts pair id-1" in rest) == (
        kind is AlertKind.NEEDS_PAIRING and status is not AlertStatus.RESOLVED
    )


def test_an_alert_about_a_device_without_a_name_gives_its_id() -> None:
    words = sentence(alert(AlertKind.OFFLINE, AlertStatus.RAISED, name=None))
    assert words == "ALERT: id-1 is offline."


@pytest.mark.parametrize("reason", Reason)
def test_each_reason_has_words(reason: Reason) -> None:
    words = sentence(change(reason))
    assert words.startswith("Desk: reconnecting, ")
    assert "_" not in words


def test_a_change_says_when_the_next_try_is() -> None:
    assert sentence(change(Reason.RETRY, name="", wait=12.4)) == (
        "id-1: reconnecting, that try failed; try 3 in 13 s."
    )


@pytest.mark.parametrize(
    ("new", "problem", "words"),
    [
        (HEALTHY, None, "Gateway: healthy, it answers again."),
        (DOWN, "It is busy.", "Gateway: down. It is busy."),
        (DOWN, None, "Gateway: down. it answers again."),
        (REFUSED, "x", "The gateway refuses the token, so nothing can be watched. "),
    ],
)
def test_what_an_account_is_has_words(new: AccountState, problem: str | None, words: str) -> None:
    event = AccountChanged(
        account="account", old=HEALTHY, new=new, reason=Reason.RECOVERED, problem=problem, at=NOW
    )
    assert sentence(event).startswith(words)
    assert stamped(event) == f"{NOW.astimezone():%H:%M:%S} {sentence(event)}"


def test_the_store_and_lost_events_have_words() -> None:
    assert sentence(StoreTrouble(problem="It is full.", at=NOW)) == (
        "It is full. Supervision continues without it."
    )
    waiting = StoreTrouble(problem="It is full.", at=NOW, is_waiting=True)
    assert sentence(waiting) == "It is full. This process keeps waiting."
    assert "works again" in sentence(StoreTrouble(problem=None, at=NOW))
    assert sentence(EventsLost(count=7)) == "7 changes came too fast to be shown."
    assert stamped(EventsLost(count=7)) == f"{' ' * 8} {sentence(EventsLost(count=7))}"


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(-1, "now"), (0, "now"), (0.1, "in 1 s"), (119, "in 119 s"), (120, "in 2 min")],
)
def test_a_wait_has_words(seconds: float, words: str) -> None:
    assert next_try(seconds) == words
