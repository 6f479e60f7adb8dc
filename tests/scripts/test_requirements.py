import re
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from scripts.lib.groups import read_pyproject, requirements

ROOT = Path(__file__).parents[2]
PYPROJECT = read_pyproject()
SLACK = read_pyproject(ROOT / "slack_app")
FILES = sorted((ROOT / "requirements").glob("*.txt"))
ALONE = {"bootstrap", "docs", "hass", "home-assistant"}
GROUPS = [path.stem for path in FILES]

# One requirement of a compiled file: name==version, perhaps a marker, then its hashes.
ENTRY = re.compile(r"^([\w.-]+)==(\S+)(?: ;[^\\\n]+)?((?: \\\n    --hash=sha256:[0-9a-f]{64})+)$")


def entries(group: str) -> list[str]:
    lines = (ROOT / f"requirements/{group}.txt").read_text().splitlines()
    body = "\n".join(line for line in lines if not line.startswith("#"))
    return re.split(r"\n(?=\S)", body)


def pins(group: str) -> dict[str, str]:
    found = [ENTRY.match(entry) for entry in entries(group)]
    return {match[1]: match[2] for match in found if match}


def test_every_group_of_the_project_has_a_file() -> None:
    groups = {"core", "slack", *PYPROJECT["project"]["optional-dependencies"]}
    assert set(GROUPS) == groups | set(PYPROJECT["dependency-groups"])


@pytest.mark.parametrize("group", GROUPS)
def test_every_package_has_one_version_and_its_hashes(group: str) -> None:
    assert [entry for entry in entries(group) if not ENTRY.match(entry)] == []
    assert len(pins(group)) == len(entries(group))


@pytest.mark.parametrize("group", GROUPS)
def test_a_file_holds_what_its_group_asks_for(group: str) -> None:
    pinned = pins(group)
    asked = [Requirement(line) for line in requirements(group, PYPROJECT, SLACK)]
    missing = [
        str(requirement)
        for requirement in asked
        if not requirement.specifier.contains(pinned.get(canonicalize_name(requirement.name), "0"))
    ]
    assert missing == [], "scripts/lock has not been run"


@pytest.mark.parametrize("group", GROUPS)
def test_a_file_tells_how_it_is_made_and_names_no_address(group: str) -> None:
    text = (ROOT / f"requirements/{group}.txt").read_text()
    assert "scripts/lock" in text.splitlines()[1]
    assert "://" not in text


def test_groups_that_share_an_environment_agree_on_every_version() -> None:
    versions = defaultdict(set)
    for group in set(GROUPS) - ALONE:
        for name, version in pins(group).items():
            versions[name].add(version)
    assert {name: found for name, found in versions.items() if len(found) > 1} == {}


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"hass", "home-assistant"}))
def test_no_other_group_installs_home_assistant(group: str) -> None:
    assert "homeassistant" not in pins(group)


@pytest.mark.parametrize("group", sorted(set(GROUPS) - {"slack"}))
def test_no_other_group_installs_slack(group: str) -> None:
    assert {"slack-bolt", "slack-sdk"} & set(pins(group)) == set()


def test_the_simulator_installs_no_client() -> None:
    assert {"httpx", "httpx2"} & set(pins("simulator")) == set()
