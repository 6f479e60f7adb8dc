from dataclasses import fields
from string import Formatter

import pytest

from slack_app.messages import EN, PT_BR, Strings, strings_for
from slack_app.messages.parser import Argument, Command
from wuts.supervisor import AccountState, AlertKind, Cause, DeviceState

OF_AN_ACCOUNT = {
    AlertKind.GATEWAY_DOWN,
    AlertKind.TOKEN_REFUSED,
    AlertKind.WRONG_DEVICE,
    AlertKind.DEVICES_MISSING,
}
MANY = set(AlertKind) - OF_AN_ACCOUNT
"""The kinds of which an account may have several at once."""

FAMILIES: dict[str, list[str]] = {
    "help": list(Command),
    "argument": list(Argument),
    "state": [*DeviceState, "unknown"],
    "account": [state for state in AccountState if state is not AccountState.HEALTHY],
    "alert": list(AlertKind),
    "doing": list(AlertKind),
    "kind": list(AlertKind),
    "because": list(Cause),
    "many": sorted(MANY),
    "all": sorted(MANY),
    "unwritable": ["channel_not_found", "not_in_channel", "is_archived", "missing_scope", "other"],
}


@pytest.mark.parametrize("name", [field.name for field in fields(Strings)])
def test_both_languages_say_the_same_with_the_same_blanks(name: str) -> None:
    english, portuguese = getattr(EN, name), getattr(PT_BR, name)
    assert english
    assert portuguese
    assert blanks(english) == blanks(portuguese)


@pytest.mark.parametrize("name", [field.name for field in fields(Strings)])
def test_nothing_is_left_in_english(name: str) -> None:
    assert getattr(PT_BR, name) != getattr(EN, name)


@pytest.mark.parametrize("strings", [EN, PT_BR], ids=["en", "pt_br"])
def test_every_command_state_and_alert_has_its_string(strings: Strings) -> None:
    for family, members in FAMILIES.items():
        assert all(strings.of(family, member) for member in members)


@pytest.mark.parametrize(
    ("locale", "strings"), [("pt-BR", PT_BR), ("en-US", EN), ("de-DE", EN), ("", EN), (None, EN)]
)
def test_the_language_follows_the_locale(locale: str | None, strings: Strings) -> None:
    assert strings_for(locale) is strings


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
