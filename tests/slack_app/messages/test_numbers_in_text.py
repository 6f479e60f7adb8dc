"""The numbers in what somebody wrote in Slack."""

import pytest

from slack_app.messages.numbers_in_text import numbers_in
from wuts.errors import AmbiguousPhoneNumberError

ONE, TWO = "5511912344321", "5511988880002"


@pytest.mark.parametrize(
    ("text", "country", "found"),
    [
        ("Call +55 11 91234-4321 please", None, [ONE]),
        ("<tel:+5511912344321|+55 11 91234-4321>", None, [ONE]),
        ("11 91234-4321 or (11) 98888-0002", "BR", [ONE, TWO]),
        ("+55 11 91234-4321 +55 11 98888-0002", None, [ONE, TWO]),
        ("5511912344321\n5511988880002", None, [ONE, TWO]),
        ("5511912344321, 5511912344321", None, [ONE]),
        ("+55\u00a011\u00a091234\u20114321", None, [ONE]),
        ("see <https://x.example/5511912344321>", None, []),
        ("<@U0123456789> in <#C0123456789|ops> at 12:30, 26.11.2026, R$ 1.234,56", "BR", []),
        ("order 12345678901234567890", "BR", []),
        ("", None, []),
    ],
)
def test_what_is_found(text: str, country: str | None, found: list[str]) -> None:
    assert numbers_in(text, country) == found


def test_a_number_of_two_countries_is_asked_about_only_where_there_is_no_other() -> None:
    twofold = "95 94159-9345"
    with pytest.raises(AmbiguousPhoneNumberError):
        numbers_in(twofold, "BR")
    assert numbers_in(f"{twofold} or +55 11 91234-4321", "BR") == [ONE]
