"""Every language says everything that can be shown."""

import pytest

from wuts.supervisor import WORST_FIRST, AccountState, AlertKind, AlertStep, Cause
from wuts_cli.board.uptime import PERIODS
from wuts_cli.board.view import Role
from wuts_cli.board.words import LANGUAGES, Words, shown_words

BOTH = pytest.mark.parametrize("words", LANGUAGES.values(), ids=list(LANGUAGES))
TABLES = {"kinds": AlertKind, "causes": Cause, "steps": AlertStep}


@BOTH
def test_whatever_can_be_shown_has_words(words: Words) -> None:
    assert list(words.states) == [state or "unknown" for state in WORST_FIRST]
    for name, codes in TABLES.items():
        assert set(shown_words(words)[name]) == set(codes), name
    assert words.roles.keys() == set(Role) - {Role.OWNER}
    assert words.account_states.keys() == set(AccountState) - {AccountState.HEALTHY}
    assert words.periods.keys() == words.parts.keys() == PERIODS.keys()
