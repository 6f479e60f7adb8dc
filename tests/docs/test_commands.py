"""Every command that a page shows is one that a reader can type."""

import re
import tomllib
from itertools import takewhile

import pytest

from slack_app.messages.parser import Invocation, Mistake, MistakeKind, parse
from tests.docs.not_run import REASONS, why_not_run
from tests.docs.our_commands import unknown_parts
from tests.docs.shell import PAGES, ROOT, Block, blocks, is_shell, slash_commands, spans, words

OURS = {"wuts", "wuts-simulator", "wuts-slack"}
BLOCKS = list(blocks())
COMMANDS = [(block, command) for block in BLOCKS for command in block.commands]
IDS = [f"{block}-{command.split()[0]}" for block, command in COMMANDS]

# Files of the repository, as a command names them from the top of a clone.
_FILE = re.compile(r"(?:deploy|docs|requirements|slack_app|wuts_cli|scripts)/[\w./-]*\w")
_EXTRAS = re.compile(r"\b(wuts(?:-slack)?)\[([\w,-]+)\]")


def test_the_pages_show_commands() -> None:
    assert len(COMMANDS) > 30
    assert {page.name for page in PAGES} >= {"README.md", "CONTRIBUTING.md", "cli.md", "slack.md"}


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_a_block_is_a_script(block: Block) -> None:
    assert is_shell(block.text)
    assert block.commands


@pytest.mark.parametrize("command", [command for _, command in COMMANDS], ids=IDS)
def test_what_a_command_names_is_there(command: str) -> None:
    given = words(command)
    missing = [name for name in _FILE.findall(" ".join(given)) if not (ROOT / name).exists()]
    if given[0].removeprefix(".venv/bin/") in OURS or given[0].startswith("scripts/"):
        missing += unknown_parts(list(takewhile(lambda word: word != "|", given)))
    assert missing == []


@pytest.mark.parametrize("command", sorted({command for _, command in COMMANDS if "[" in command}))
def test_an_extra_that_is_installed_exists(command: str) -> None:
    offered = {}
    for folder, name in ((ROOT, "wuts"), (ROOT / "slack_app", "wuts-slack")):
        project = tomllib.loads((folder / "pyproject.toml").read_text())["project"]
        offered[name] = set(project.get("optional-dependencies", {}))
    for project, extras in _EXTRAS.findall(command):
        assert set(extras.split(",")) <= offered[project]


@pytest.mark.parametrize("span", sorted({span for _, span in spans()}))
def test_what_a_sentence_names_exists(span: str) -> None:
    assert unknown_parts(span.replace('"', "").split()) == []


@pytest.mark.parametrize("typed", sorted(set(slash_commands())))
def test_what_is_typed_in_slack_is_understood(typed: str) -> None:
    understood = parse(re.sub(r"[][]| or \w+", "", typed).replace("…", "99999-9999"))
    is_named = isinstance(understood, Mistake) and understood.kind is MistakeKind.ARGUMENT_MISSING
    assert isinstance(understood, Invocation) or is_named


def test_a_reason_for_not_running_a_command_is_a_sentence_about_it() -> None:
    assert why_not_run("docker build .") == REASONS["docker "]
    assert why_not_run("wuts devices") is None
    for reason in REASONS.values():
        for named in re.findall(r"tests/[\w/.]*\w", reason):
            assert (ROOT / named).exists()


@pytest.mark.parametrize(
    ("words_of_it", "wrong"),
    [
        ("wuts pair DEVICE --page", []),
        ("wuts pear DEVICE", ["pear"]),
        ("wuts pair DEVICE --paeg", ["--paeg"]),
        ("wuts-simulator --token home=x --tokens", ["--tokens"]),
        ("scripts/demo --auto", []),
        ("scripts/gone", ["scripts/gone"]),
        ("scripts/lock --downgrade", ["--downgrade"]),
    ],
)
def test_a_word_that_a_command_does_not_know_is_named(words_of_it: str, wrong: list[str]) -> None:
    assert unknown_parts(words_of_it.split()) == wrong
