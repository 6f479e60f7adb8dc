"""The README says what is true of this repository, and its table what docs/peers.md shows."""

import json
import os
import re
import tomllib
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from wuts_cli.service.listen import ListenSettings

from .readme import PEERS, README, ROOT, alternatives, commands, section, table

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
MANIFEST = json.loads((ROOT / "custom_components/wuts/manifest.json").read_text())
REPOSITORY = "https://github.com/wuts/wuts"
FIRST_SCREEN = 40
"""Lines of it, with a picture that is as tall as half of them."""

ANSWERS = table(README, "Compared with others")
SOURCES = table(PEERS, "Feature by feature")
FEATURES = [feature for feature in SOURCES if feature]
SOURCE = re.compile(r"\(`[\w./#-]+`(, `[\w./#-]+`)*\)")


def short(cell: str) -> str:
    """Return what a cell of docs/peers.md says before it explains itself and names its source."""
    return re.split(r": | \(`", cell, maxsplit=1)[0]


def badge(name: str) -> str:
    """Return the address of the badge with this text."""
    (address,) = re.findall(rf"!\[{re.escape(name)}[^\]]*\]\(([^)]+)\)", README)
    return str(address)


def test_the_first_screen_has_one_picture_and_all_three_ways_in() -> None:
    top = "\n".join(README.splitlines()[: 2 * FIRST_SCREEN])
    assert top.count("](docs/images/") == 1
    order = [top.index(sign) for sign in ("docs/images/", "hacs_repository", "uv tool", "docker")]
    assert order == sorted(order)


def test_two_commands_try_it_without_an_account() -> None:
    tried = commands("Try it without an account")
    assert tried == [["scripts/demo"], ["scripts/test"]]
    assert all(os.access(ROOT / command, os.X_OK) for [command] in tried)


def test_the_badge_of_python_names_the_versions_that_are_tested() -> None:
    named = re.findall(r"3\.\d+", badge("Python").split("python-")[1])
    listed = re.findall(r"Python :: (3\.\d+)", "\n".join(PROJECT["project"]["classifiers"]))
    assert named == listed
    assert PROJECT["project"]["requires-python"] == f">={named[0]}"


def test_the_badge_of_home_assistant_names_what_hacs_asks_for() -> None:
    hacs = json.loads((ROOT / "hacs.json").read_text())
    assert f"-{hacs['homeassistant'].removesuffix('.0')}%2B-" in badge("Home Assistant")
    assert hacs["zip_release"]
    assert badge("HACS")


def test_the_badges_of_licence_types_and_tests_are_true() -> None:
    assert (PROJECT["project"]["license"], "MIT" in badge("MIT")) == ("MIT", True)
    assert (PROJECT["tool"]["mypy"]["strict"], "mypy" in badge("Typed")) == (True, True)
    workflow = badge("Test").removeprefix(f"{REPOSITORY}/actions/workflows/").split("/")[0]
    jobs = yaml.safe_load((ROOT / ".github/workflows" / workflow).read_text())
    assert jobs["name"] == "Test"


def test_every_badge_is_held_to_the_truth() -> None:
    badges = re.findall(r"^\[!\[([^\]]+)\]", README.split("\nLink a ")[0], re.MULTILINE)
    known = ("Test", "Python", "Home Assistant", "HACS", "Typed", "MIT")
    assert [name.startswith(word) for name, word in zip(badges, known, strict=True)] == [True] * 6


def test_the_button_opens_this_repository_in_hacs() -> None:
    (address,) = re.findall(r"\]\((https://my\.home-assistant\.io/redirect/hacs_[^)]+)\)", README)
    owner, name = MANIFEST["documentation"].removeprefix("https://github.com/").split("/")[:2]
    asked = parse_qs(urlsplit(address).query)
    assert asked == {"owner": [owner], "repository": [name], "category": ["integration"]}
    assert f"https://github.com/{owner}/{name}" == REPOSITORY
    assert f"Download *{MANIFEST['name']}*" in README


def test_uv_and_pipx_install_the_distribution_with_the_extra_of_the_command() -> None:
    uv, *_ = commands("Install")
    (pipx,) = alternatives("Install")
    wanted = f"{PROJECT['project']['name']}[cli]"
    python = ["--python", PROJECT["project"]["requires-python"]]
    assert uv == ["uv", "tool", "install", *python, wanted]
    assert pipx == ["pipx", "install", wanted]
    assert "cli" in PROJECT["project"]["optional-dependencies"]
    assert "wuts" in PROJECT["project"]["scripts"]


@pytest.mark.parametrize(
    ("image", "file"), [("wuts", "deploy/Containerfile"), ("wuts-slack", "slack_app/Dockerfile")]
)
def test_docker_runs_the_image_as_its_file_builds_it(image: str, file: str) -> None:
    built = (ROOT / file).read_text()
    (run,) = (words for words in commands("Install") if words[-1] == f"ghcr.io/wuts/{image}")
    assert run[:2] == ["docker", "run"]
    options = dict(pairwise(run))
    assert options["--name"] == image
    assert options["--volume"] == f"{image}:/data"
    assert "\nVOLUME /data\n" in built
    if port := options.get("--publish", "").rpartition(":")[2]:
        assert re.search(rf"^EXPOSE {port}$", built, re.MULTILINE)
    given = [after for option, after in pairwise(run) if option == "--env"]
    settings = {f"WUTS_LISTEN__{name.upper()}" for name in ListenSettings.model_fields}
    assert set(given) <= settings | {"WUTS_TOKEN"}


def test_the_table_says_what_the_page_of_peers_shows() -> None:
    names = [re.sub(r"\[([^\]]+)\]\([^)]+\)", r"\1", cell) for cell in ANSWERS[""]]
    assert names == SOURCES[""]
    features = [feature for feature in ANSWERS if feature]
    assert len(features) > 9
    assert {feature: ANSWERS[feature] for feature in features} == {
        feature: [short(cell) for cell in SOURCES[feature]] for feature in features
    }


@pytest.mark.parametrize("feature", FEATURES)
def test_a_cell_says_where_it_can_be_read(feature: str) -> None:
    ours, *others = SOURCES[feature]
    assert ours == "no" or re.search(r"\(\[[^\]]+\]\([^)]+\)\)$", ours), ours
    for cell in others:
        assert cell == "no" or SOURCE.search(cell), cell


def test_the_peers_are_named_with_what_was_read_of_each() -> None:
    read = PEERS.partition("| project | what we read |\n")[2].partition("\n\n")[0]
    line = re.compile(r"^\| ([\w -]+) \| \[([\w./-]+)\].* `([0-9a-f]{7})` of 20", re.MULTILINE)
    named = line.findall(read)
    assert [name for name, *_ in named] == SOURCES[""][1:]
    for _, repository, _ in named:
        assert f"(https://github.com/{repository})" in section(README, "Compared with others")


INDEX_PAGES = {"wuts": ROOT / "core/README.md", "wuts-slack": ROOT / "slack_app/README.md"}
"""What the package index shows of each distribution. It resolves no relative links."""


def test_the_index_shows_the_same_commands_as_the_readme() -> None:
    page = INDEX_PAGES["wuts"].read_text()
    (block,) = re.findall(r"```sh\n.*?```", page, re.DOTALL)
    assert block in section(README, "Install")
    assert (ROOT / PROJECT["project"]["readme"]) == INDEX_PAGES["wuts"]


@pytest.mark.parametrize("page", INDEX_PAGES.values(), ids=list(INDEX_PAGES))
def test_the_index_links_to_pages_of_the_site_and_to_nothing_beside_it(page: Path) -> None:
    links = re.findall(r"\]\(([^)]+)\)", page.read_text())
    assert links
    for link in links:
        name = re.fullmatch(r"https://wuts\.github\.io/wuts/([\w-]+)/", link)
        assert link == REPOSITORY or (name and (ROOT / f"docs/{name[1]}.md").is_file()), link


def slug(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("page", ["README.md", "docs/peers.md", "docs/README.md"])
def test_every_link_leads_somewhere(page: str) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)\s]+)\)", (ROOT / page).read_text()):
        path, _, anchor = link.partition("#")
        target = (ROOT / page).parent / path if path else ROOT / page
        assert target.exists(), link
        if anchor:
            headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
            assert anchor in map(slug, headings), link
