"""Each rule that the quality scale calls done is: by a check here, or by a test that is named."""

from pathlib import Path
from typing import Any

import pytest
from homeassistant import components
from homeassistant.util.yaml import load_yaml_dict

from tests.custom_components.wuts.files import ROOT, read_yaml
from tests.custom_components.wuts.quality import CHECKS, MANIFEST, PAGE

RULES: dict[str, Any] = read_yaml("quality_scale.yaml")["rules"]
MODEL = Path(components.__path__[0]) / "trmnl/quality_scale.yaml"
"""A platinum integration of the installed Home Assistant, whose file names every rule."""

PROVED = {
    "action-exceptions": "test_services.py::test_what_the_gateway_cannot_do_is_told",
    "config-flow-test-coverage": (
        "test_config_flow.py::test_every_failure_is_told_and_can_be_mended"
    ),
    "entity-unavailable": (
        "test_entities.py::test_what_changes_while_the_gateway_is_down_makes_nothing_available"
    ),
    "entity-unique-id": "test_entities.py::test_every_entity_and_device_is_as_recorded",
    "entity-category": "test_entities.py::test_every_entity_and_device_is_as_recorded",
    "entity-device-class": "test_entities.py::test_every_entity_and_device_is_as_recorded",
    "entity-disabled-by-default": (
        "test_entities.py::test_what_changes_often_is_off_unless_it_is_wanted"
    ),
    "log-when-unavailable": (
        "test_repairs.py::test_a_gateway_that_is_down_has_an_issue_until_it_answers"
    ),
    "repair-issues": (
        "test_repairs.py::test_an_unlinked_device_is_repaired_by_scanning_in_the_repair_dialog"
    ),
    "stale-devices": ("test_repairs.py::test_a_device_that_is_gone_from_the_gateway_has_an_issue"),
    "test-before-configure": (
        "test_config_flow.py::test_a_wrong_token_or_address_is_told_and_can_be_mended"
    ),
    "unique-config-entry": (
        "test_config_flow.py::test_another_token_of_the_same_account_is_refused"
    ),
}
"""Rules of behaviour, and the test that shows each."""

DOCUMENTED = {
    "docs-high-level-description": "WUTS links WhatsApp numbers to Home Assistant",
    "docs-installation-instructions": "## Install",
    "docs-removal-instructions": "## Remove",
    "docs-data-update": "## How it updates",
    "docs-examples": "```yaml",
    "docs-known-limitations": "## Limits",
    "docs-supported-devices": "Any device of a WUTS account is supported",
    "docs-troubleshooting": "## Troubleshooting",
    "docs-use-cases": "Use it for",
}
"""Rules about the page, and where it heeds them."""


def status_of(rule: str) -> str:
    judged = RULES[rule]
    return str(judged if isinstance(judged, str) else judged["status"])


def test_every_rule_of_the_installed_home_assistant_is_judged() -> None:
    assert RULES.keys() == load_yaml_dict(str(MODEL))["rules"].keys()


def test_nothing_is_left_to_do_on_the_scale_that_the_manifest_names() -> None:
    assert MANIFEST["quality_scale"] == "platinum"
    assert {status_of(rule) for rule in RULES} <= {"done", "exempt"}


@pytest.mark.parametrize("rule", [one for one in RULES if status_of(one) == "exempt"])
def test_what_does_not_apply_says_why(rule: str) -> None:
    assert RULES[rule].keys() == {"status", "comment"}
    assert len(RULES[rule]["comment"].split()) >= 5


@pytest.mark.parametrize("rule", [one for one in RULES if status_of(one) == "done"])
def test_a_rule_that_is_done_is(rule: str) -> None:
    assert (rule in CHECKS) + (rule in PROVED) + (rule in DOCUMENTED) == 1
    if rule in CHECKS:
        assert CHECKS[rule]()
    elif rule in DOCUMENTED:
        assert DOCUMENTED[rule] in PAGE
    else:
        name, _, test = PROVED[rule].partition("::")
        (path,) = (ROOT / "tests/custom_components/wuts").glob(f"**/{name}")
        assert f"async def {test}(" in path.read_text("utf-8")
