from dataclasses import fields

import pytest

from wuts.errors import InvalidInputError
from wuts.supervisor import SupervisorSettings

POSITIVE = [
    "interval",
    "base",
    "cap",
    "concurrency",
    "account_concurrency",
    "remind_after",
    "flapping_drops",
    "flapping_window",
    "refused_cap",
]
NOT_NEGATIVE = ["stable_after", "debounce", "gone_after", "history_for", "stop_timeout"]


def test_the_defaults_are_those_that_were_promised() -> None:
    settings = SupervisorSettings()
    assert (settings.interval, settings.base, settings.cap) == (30, 5, 300)
    assert (settings.stable_after, settings.debounce) == (600, 60)


def test_every_field_is_checked() -> None:
    assert {field.name for field in fields(SupervisorSettings)} == {*POSITIVE, *NOT_NEGATIVE}


@pytest.mark.parametrize("name", POSITIVE)
@pytest.mark.parametrize("value", [0, -1, float("nan")])
def test_what_must_be_above_zero_is(name: str, value: float) -> None:
    with pytest.raises(InvalidInputError, match="must be above zero"):
        SupervisorSettings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NOT_NEGATIVE)
@pytest.mark.parametrize("value", [-0.1, float("nan")])
def test_what_must_not_be_negative_is_not(name: str, value: float) -> None:
    with pytest.raises(InvalidInputError, match="must not be negative"):
        SupervisorSettings(**{name: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("name", NOT_NEGATIVE)
def test_zero_is_fine_where_it_means_at_once(name: str) -> None:
    SupervisorSettings(**{name: 0})


def test_the_base_may_not_exceed_the_cap() -> None:
    with pytest.raises(InvalidInputError, match="base must not be above its cap"):
        SupervisorSettings(base=10, cap=9)
