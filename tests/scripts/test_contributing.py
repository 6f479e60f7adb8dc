"""The pages for newcomers name what is there, and leave to them what is still to be done."""

import json
import os
import re
from pathlib import Path

import pytest
import yaml

from scripts.lib.demo.__main__ import FIRST_PORT
from scripts.lib.git_files import regular

ROOT = Path(__file__).parents[2]
CONTRIBUTING = ROOT / "CONTRIBUTING.md"
GUIDE = ROOT / "docs/first-changes.md"
PAGES = (CONTRIBUTING, GUIDE, ROOT / "SECURITY.md", ROOT / "CODE_OF_CONDUCT.md")

# Made by scripts, so not in a clone.
MADE = (".cache/", ".venv", "dist/")


def spans(page: Path) -> list[str]:
    """Return what a page says in code, a line each, outside and inside of its blocks of shell."""
    text = page.read_text()
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    lines = [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]
    return [*re.findall(r"`([^`\n]+)`", prose), *filter(None, lines)]


def paths(page: Path) -> set[str]:
    """Return the files and folders of the project that a page names."""
    words = {word for span in spans(page) for word in span.split()}
    named = {
        word.partition("::")[0] for word in words if re.fullmatch(r"[\w.][\w./-]*/[\w./-]*", word)
    }
    return {name for name in named if not name.startswith(MADE)}


def rows() -> list[tuple[str, str, str]]:
    """Return each first change: its part, what is missing, and in which file."""
    found = re.findall(
        r"^\| \[(.+?)\]\(.+?\) \| `(.+?)` \| `(.+?)` \|$", GUIDE.read_text(), re.MULTILINE
    )
    return [(part, missing, path) for part, missing, path in found]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_file_that_is_named_is_there(page: Path) -> None:
    gone = {name for name in paths(page) if not (ROOT / name).exists()}
    assert gone == set()


def test_the_pages_name_files() -> None:
    assert {"core/wuts/", "scripts/test", "tests/core/wuts/test_qr.py"} <= paths(CONTRIBUTING)
    assert {"scripts/lint", "scripts/test"} <= paths(GUIDE)


@pytest.mark.parametrize("page", [CONTRIBUTING, GUIDE], ids=lambda page: page.stem)
def test_every_option_of_a_script_is_one_that_it_has(page: Path) -> None:
    for span in spans(page):
        script, *words = span.split()
        if not script.startswith("scripts/"):
            continue
        assert os.access(ROOT / script, os.X_OK), script
        options = {word for word in words if word.startswith("--")} - {"--snapshot-update"}
        text = "".join(file.read_text() for file in source_of(script))
        assert {option for option in options if option not in text} == set(), span


def source_of(script: str) -> list[Path]:
    helper = ROOT / "scripts/lib" / f"{Path(script).name}.py"
    return [ROOT / script, *([helper] if helper.exists() else [])]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_link_leads_to_a_page_and_a_heading(page: Path) -> None:
    for link in re.findall(r"\]\((?!https?:)([^)]+)\)", page.read_text()):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        headings = re.findall(r"^#+ (.+)$", target.read_text(), re.MULTILINE)
        assert not anchor or anchor in map(slug, headings), link


def test_whoever_makes_a_first_change_can_delete_its_section() -> None:
    pages = [ROOT / name for name in regular(ROOT, "*.md", "*.yml") if ROOT / name != GUIDE]
    linking = [str(one) for one in pages if f"{GUIDE.name}#" in one.read_text()]
    assert linking == []


def slug(heading: str) -> str:
    """Return a heading's anchor, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


@pytest.mark.parametrize("name", re.findall(r"in `(test_\w+)`", GUIDE.read_text()))
def test_a_test_that_is_to_be_changed_is_there(name: str) -> None:
    files = [ROOT / path for path in paths(GUIDE) if path.startswith("tests/")]
    assert any(f"def {name}(" in file.read_text() for file in files)


@pytest.mark.parametrize(("part", "missing", "path"), rows())
def test_a_first_change_is_still_to_be_done(part: str, missing: str, path: str) -> None:
    reason = f"{missing} is there now: delete the row and the section “{part}” from {GUIDE.name}"
    assert missing not in (ROOT / path).read_text(), reason


def test_every_first_change_has_its_row() -> None:
    sections = re.findall(r"^## ([\w ]+):", GUIDE.read_text(), re.MULTILINE)
    in_table = re.findall(r"^\| \[(.+?)\]", GUIDE.read_text(), re.MULTILINE)
    assert [one.lower() for one in sections] == [one.lower() for one in in_table]


def test_the_bug_form_asks_for_what_the_doctors_print() -> None:
    form = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE/bug.yml").read_text())
    fields = {field["id"]: field for field in form["body"] if "id" in field}
    assert fields["doctor"]["validations"]["required"]
    assert "`wuts doctor`" in fields["doctor"]["attributes"]["description"]


@pytest.mark.parametrize("form", sorted((ROOT / ".github/ISSUE_TEMPLATE").glob("[!c]*.yml")))
def test_a_form_sets_a_label_that_there_is(form: Path) -> None:
    labels = {label["name"] for label in yaml.safe_load((ROOT / ".github/labels.yml").read_text())}
    wanted = set(yaml.safe_load(form.read_text())["labels"])
    assert wanted
    assert wanted <= labels


def test_each_suite_of_the_tests_is_a_job_of_its_own() -> None:
    workflow = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())
    [suites] = re.findall(r"--suite runs some of: (.+)", (ROOT / "scripts/test").read_text())
    assert workflow["jobs"]["test"]["strategy"]["matrix"]["suite"] == suites.split()


def test_the_container_for_development_makes_the_clone_ready_and_shows_the_demo() -> None:
    text = (ROOT / ".devcontainer/devcontainer.json").read_text()
    container = json.loads(re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE))
    assert container["postCreateCommand"] == "scripts/setup && .venv/bin/pre-commit install"
    assert container["forwardPorts"] == list(range(FIRST_PORT, FIRST_PORT + 3))


def test_what_runs_before_a_commit_is_there_after_the_setup() -> None:
    config = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())
    [repository] = config["repos"]
    assert repository["repo"] == "local", "a hook that is fetched needs a network, and minutes"
    for hook in repository["hooks"]:
        program = hook["entry"].split()[0]
        assert program.startswith((".venv/bin/", "scripts/")), program
        assert os.access(ROOT / program, os.X_OK), program
