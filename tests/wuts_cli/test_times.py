"""How long and until when a person means."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts_cli.errors import UsageError
from wuts_cli.times import read_moment, read_span, shown_span

NOW = datetime(2026, 11, 25, 12, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("30m", 1_800),
        ("2h", 7_200),
        (" 1H30M ", 5_400),
        ("7d", 604_800),
        ("1w", 604_800),
    ],
)
def test_a_span_is_read(text: str, seconds: int) -> None:
    assert read_span(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "2", "h", "2 h", "-2h", "2h!", "1.5h", "soon", "2h soon"])
def test_what_is_no_span_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="not a time span"):
        read_span(text)


@given(st.timedeltas(min_value=timedelta(), max_value=timedelta(days=9_999)))
def test_a_span_is_shown_as_it_can_be_read(span: timedelta) -> None:
    """Its two largest units, so never more than there is, and most of it."""
    shown = read_span(shown_span(span).replace(" ", ""))
    assert shown <= span
    assert span - shown < max(timedelta(seconds=1), span / 20 + timedelta(seconds=1))


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-24T18:00:00Z", datetime(2026, 12, 24, 18, tzinfo=UTC)),
        ("2026-12-24T18:00:00-03:00", datetime(2026, 12, 24, 21, tzinfo=UTC)),
    ],
)
def test_a_moment_is_read(text: str, moment: datetime) -> None:
    assert read_moment(text, NOW) == moment


def test_a_moment_without_a_zone_is_of_this_machine() -> None:
    assert read_moment("2026-12-24", NOW) == datetime(2026, 12, 24).astimezone()
    assert read_moment("2026-12-24 18:00", NOW) == datetime(2026, 12, 24, 18).astimezone()


def test_a_time_of_day_is_the_next_one() -> None:
    local = NOW.astimezone()
    soon, past = local + timedelta(minutes=5), local - timedelta(minutes=5)
    assert read_moment(f"{soon:%H:%M}", NOW) == soon
    assert read_moment(f"{past:%H:%M}", NOW) == past + timedelta(days=1)


@pytest.mark.parametrize("text", ["", "25:00", "9:99", "soon", "2026-13-01", "9"])
def test_what_is_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match=r"is not a time\."):
        read_moment(text, NOW)
