from dataclasses import fields
from string import Formatter

import pytest

from slack_app.messages import EN, PT_BR, Words, words_for


@pytest.mark.parametrize("name", [field.name for field in fields(Words)])
def test_both_languages_say_the_same_with_the_same_blanks(name: str) -> None:
    english, portuguese = getattr(EN, name), getattr(PT_BR, name)
    assert english
    assert portuguese
    assert blanks(english) == blanks(portuguese)


@pytest.mark.parametrize(
    ("locale", "words"), [("pt-BR", PT_BR), ("en-US", EN), ("de-DE", EN), ("", EN), (None, EN)]
)
def test_the_language_follows_the_locale(locale: str | None, words: Words) -> None:
    assert words_for(locale) is words


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}
