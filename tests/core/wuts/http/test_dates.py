from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from wuts.http.classify import parse_http_date, parse_retry_after

NOON = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
HEADERS = st.text() | st.text("0123456789 :,-+.GMTSunMar²", max_size=40)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Sat, 14 Mar 2026 12:00:00 GMT", id="as RFC 9110 writes it"),
        pytest.param("Saturday, 14-Mar-26 12:00:00 GMT", id="as RFC 850 wrote it"),
        pytest.param("Sat, 14 Mar 2026 13:00:00 +0100", id="in another zone"),
        pytest.param("Sat, 14 Mar 2026 12:00:00 -0000", id="in no zone"),
    ],
)
def test_an_http_date_is_one_moment(text: str) -> None:
    assert parse_http_date(text) == NOON


@pytest.mark.parametrize(
    "text", [None, "", "now", "2026-03-14T12:00:00Z", "Sat, 99 Mar 2026 12:00:00 GMT"]
)
def test_anything_else_is_no_moment(text: str | None) -> None:
    assert parse_http_date(text) is None


@given(HEADERS)
@example("Sat, 14 Mar 2026 12:00:00 +9999999999999999999")
@example("Sat, 14 Mar 99999 12:00:00 GMT")
@example("²²²")
def test_any_date_header_is_a_moment_with_a_zone_or_none(text: str) -> None:
    moment = parse_http_date(text)
    assert moment is None or moment.tzinfo is not None


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0),
        ("120", 120),
        (" 7 ", 7),
        ("Sat, 14 Mar 2026 12:00:30 GMT", 30),
        ("Sat, 14 Mar 2026 11:59:00 GMT", 0),
    ],
)
def test_both_forms_of_retry_after_are_seconds(text: str, seconds: float) -> None:
    assert parse_retry_after(text, now=NOON) == seconds


def test_a_retry_after_date_is_read_by_the_gateways_own_clock() -> None:
    an_hour_ahead = NOON + timedelta(hours=1)
    assert parse_retry_after("Sat, 14 Mar 2026 13:00:30 GMT", now=an_hour_ahead) == 30


@pytest.mark.parametrize("text", [None, "", "-5", "1.5", "soon", "9" * 30])
def test_an_unusable_retry_after_says_nothing(text: str | None) -> None:
    assert parse_retry_after(text, now=NOON) is None


@given(HEADERS)
@example("Fri, 31 Dec 9999 23:59:59 -2359")
def test_any_retry_after_is_a_wait_that_is_not_negative_or_none(text: str) -> None:
    wait = parse_retry_after(text, now=NOON)
    assert wait is None or wait >= 0
