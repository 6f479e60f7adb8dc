import json
import re
from pathlib import Path
from typing import Any

import pytest
from homeassistant.util.yaml import parse_yaml

from custom_components.wuts.services import ACTIONS

INTEGRATION = Path(__file__).parents[3] / "custom_components/wuts"
ENGLISH = json.loads((INTEGRATION / "translations/en.json").read_text("utf-8"))
PORTUGUESE = json.loads((INTEGRATION / "translations/pt-BR.json").read_text("utf-8"))


def texts(node: Any, path: str = "") -> dict[str, str]:  # noqa: ANN401 - JSON
    if isinstance(node, str):
        return {path: node}
    return {
        inner: text
        for key, value in node.items()
        for inner, text in texts(value, f"{path}.{key}").items()
    }


def test_both_languages_have_the_same_texts() -> None:
    assert texts(ENGLISH).keys() == texts(PORTUGUESE).keys()


@pytest.mark.parametrize("path", texts(ENGLISH))
def test_both_languages_fill_in_the_same_words(path: str) -> None:
    english, portuguese = texts(ENGLISH)[path], texts(PORTUGUESE)[path]
    assert english
    assert portuguese
    assert set(re.findall(r"\{\w+\}", english)) == set(re.findall(r"\{\w+\}", portuguese))


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


def test_every_icon_belongs_to_an_entity_or_an_action() -> None:
    icons = json.loads((INTEGRATION / "icons.json").read_text("utf-8"))
    assert icons["services"].keys() == ENGLISH["services"].keys()
    for platform, entities in ENGLISH["entity"].items():
        assert icons["entity"][platform].keys() == entities.keys()


def test_every_field_of_an_action_is_described() -> None:
    actions = parse_yaml((INTEGRATION / "services.yaml").read_text("utf-8"))
    assert isinstance(actions, dict)
    assert actions.keys() == {action.name for action in ACTIONS}
    for name, action in actions.items():
        assert action["fields"].keys() == ENGLISH["services"][name]["fields"].keys()
