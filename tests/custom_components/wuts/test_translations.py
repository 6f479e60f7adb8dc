import re
from typing import Any

import pytest

from tests.custom_components.wuts.files import read_json, texts_of

ENGLISH = read_json("translations/en.json")
PORTUGUESE = read_json("translations/pt-BR.json")


def test_both_languages_have_the_same_texts() -> None:
    assert texts_of(ENGLISH).keys() == texts_of(PORTUGUESE).keys()


def test_both_languages_fill_in_the_same_words() -> None:
    english, portuguese = texts_of(ENGLISH), texts_of(PORTUGUESE)
    assert all(english.values())
    assert all(portuguese.values())
    assert filled_in(english) == filled_in(portuguese)


def filled_in(texts: dict[str, str]) -> dict[str, set[str]]:
    return {path: set(re.findall(r"\{\w+\}", text)) for path, text in texts.items()}


@pytest.mark.parametrize("language", [ENGLISH, PORTUGUESE])
def test_pairing_says_the_same_in_every_dialog(language: dict[str, Any]) -> None:
    device = language["config_subentries"]["device"]
    repair = language["issues"]["needs_pairing"]["fix_flow"]
    for part in ("step", "progress", "error", "abort"):
        shared = repair[part].keys() & device[part].keys()
        assert shared
        assert {key: repair[part][key] for key in shared} == {
            key: device[part][key] for key in shared
        }
