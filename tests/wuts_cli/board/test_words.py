"""Both languages say everything that can be shown, with the same placeholders."""

import dataclasses
import re
from collections.abc import Iterator, Mapping

import pytest

from wuts.supervisor import WORST_FIRST, AccountState, AlertKind, AlertStep, Cause
from wuts_cli.board.en import EN
from wuts_cli.board.pt_br import PT_BR
from wuts_cli.board.uptime import PERIODS
from wuts_cli.board.view import Role
from wuts_cli.board.words import Words

BOTH = pytest.mark.parametrize("words", [EN, PT_BR], ids=lambda words: words.language)


def texts(words: Words) -> Iterator[tuple[str, str]]:
    for field in dataclasses.fields(words):
        value: str | Mapping[str, str] = getattr(words, field.name)
        if isinstance(value, str):
            yield field.name, value
        else:
            yield from ((f"{field.name}.{key}", text) for key, text in value.items())


def test_both_languages_have_the_same_texts_and_placeholders() -> None:
    english, portuguese = dict(texts(EN)), dict(texts(PT_BR))
    assert english.keys() == portuguese.keys()
    for place, text in english.items():
        assert portuguese[place].strip()
        found = set(re.findall(r"{\w+}", text))
        assert found == set(re.findall(r"{\w+}", portuguese[place])), place


@BOTH
def test_whatever_can_be_shown_has_words(words: Words) -> None:
    assert list(words.states) == [state or "unknown" for state in WORST_FIRST]
    assert words.kinds.keys() == set(AlertKind)
    assert words.causes.keys() == set(Cause)
    assert words.steps.keys() == set(AlertStep)
    assert words.roles.keys() == set(Role) - {Role.OWNER}
    assert words.account_states.keys() == set(AccountState) - {AccountState.HEALTHY}
    assert words.periods.keys() == words.parts.keys() == PERIODS.keys()
