import json
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
MANIFEST = json.loads((ROOT / "custom_components/wuts/manifest.json").read_text())
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]


def test_the_integration_has_the_version_of_the_project() -> None:
    assert MANIFEST["version"] == PROJECT["version"]


def test_the_manifest_has_every_key_that_hacs_asks_for() -> None:
    keys = {"codeowners", "documentation", "domain", "issue_tracker", "name", "version"}
    assert keys <= set(MANIFEST)


def test_the_integration_requires_what_core_needs_and_home_assistant_does_not_bring() -> None:
    brought = {"httpx", "pillow"}
    extras = PROJECT["optional-dependencies"]
    asked = [*PROJECT["dependencies"], *extras["phone"], *extras["supervisor"]]
    of_its_own = {"regex"}
    needed = {Requirement(line).name for line in asked} - brought | of_its_own
    assert {Requirement(line).name for line in MANIFEST["requirements"]} == needed


def test_the_shared_core_is_a_relative_link_so_that_a_clone_can_be_moved() -> None:
    link = ROOT / "custom_components/wuts/core"
    assert link.is_symlink()
    assert link.readlink() == Path("../../core/wuts")


def test_hacs_downloads_the_archive_that_the_build_makes() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert hacs["zip_release"] is True
    build = (ROOT / "scripts/build").read_text()
    assert "\nOUT=dist\n" in build
    assert f'build_zip.py "$SOURCE/custom_components/wuts" "$1/{hacs["filename"]}"\n' in build
