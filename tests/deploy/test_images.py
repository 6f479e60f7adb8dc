"""The recipes of the two images: what they share, and what makes an image of ours fit to run."""

import re
from pathlib import Path

import pytest
import yaml

from scripts.lib.groups import read_pyproject

ROOT = Path(__file__).parents[2]
RECIPES = [ROOT / "deploy/Containerfile", ROOT / "slack_app/Dockerfile"]
OF_SLACK = {"COPY slack_app slack_app\n": "", " . ./slack_app": " .", "slack.txt": "cli.txt"}
COMPOSE = sorted((ROOT / "deploy").glob("compose*.yaml"))
KUBERNETES = [ROOT / "deploy/kubernetes" / name for name in ("slack.yaml", "watch.yaml")]


def build_stage(recipe: Path) -> str:
    """Return the stages before the last."""
    text = re.sub(r"^#.*\n", "", recipe.read_text(), flags=re.MULTILINE)
    return text[: text.index("\nFROM base\n")]


def test_both_images_are_built_alike() -> None:
    watch, slack = map(build_stage, RECIPES)
    for ours, theirs in OF_SLACK.items():
        assert ours in slack
        slack = slack.replace(ours, theirs)
    assert slack == watch


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_a_base_is_pinned_by_its_digest(recipe: Path) -> None:
    bases = re.findall(r"^FROM (\S+)(?: AS (\w+))?$", recipe.read_text(), re.MULTILINE)
    assert bases[0][1] == "base"
    assert re.fullmatch(r"python:3\.14-slim@sha256:[0-9a-f]{64}", bases[0][0])
    assert {name for name, _ in bases[1:]} == {"base"}


@pytest.mark.parametrize("recipe", RECIPES, ids=lambda path: path.name)
def test_nothing_of_an_image_needs_a_shell_when_it_runs(recipe: Path) -> None:
    last = recipe.read_text().partition("\nFROM base\n")[2]
    commands = re.findall(r"^(?:CMD|ENTRYPOINT|    CMD) (.*)$", last, re.MULTILINE)
    assert commands
    assert [line for line in commands if not line.startswith("[")] == []
    assert not {"sh", "bash", "curl", "wget"} & set(re.findall(r'"([\w./-]+)"', " ".join(commands)))


def images_of(path: Path) -> list[str]:
    return re.findall(r"^\s*image: (\S+)$", path.read_text(), re.MULTILINE)


@pytest.mark.parametrize("path", [*COMPOSE, *KUBERNETES], ids=lambda path: path.name)
def test_our_images_are_those_of_this_version_and_others_are_pinned(path: Path) -> None:
    version = read_pyproject()["project"]["version"]
    images = images_of(path)
    ours = {image for image in images if image.startswith("ghcr.io/wuts/")}
    assert len(ours) == 1
    assert ours <= {f"ghcr.io/wuts/wuts:{version}", f"ghcr.io/wuts/wuts-slack:{version}"}
    assert [one for one in images if one not in ours and "@sha256:" not in one] == []


def test_the_bases_are_kept_up_to_date() -> None:
    updates = yaml.safe_load((ROOT / ".github/dependabot.yml").read_text())["updates"]
    folders = {
        one["package-ecosystem"]: one.get("directories") for one in updates if "directories" in one
    }
    assert set(folders["docker"]) == {f"/{path.parent.name}" for path in RECIPES}
    assert folders["docker-compose"] == ["/deploy"]
