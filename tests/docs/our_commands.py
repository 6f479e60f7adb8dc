"""What our own commands take: their subcommands and options."""

import re
import subprocess
import sys
from functools import cache
from pathlib import Path

from typer.main import get_command

from tests.docs.shell import ROOT
from wuts_cli import app

_OPTION = re.compile(r"(?<![\w-])--?[a-z][\w-]*")
_SUBCOMMAND = re.compile(r"[a-z][a-z-]+")


def unknown_parts(words: list[str]) -> list[str]:
    """Return what one of our commands does not take of these words."""
    program, *rest = words
    name = program.removeprefix(".venv/bin/")
    asked = [word.partition("=")[0] for word in rest if word.startswith("-") and word != "-"]
    if name == "wuts":
        return _unknown_to_wuts(rest, asked)
    if name.startswith("scripts/"):
        if not (ROOT / name).is_file():
            return [name]
        known = _named_in_scripts(name)
    else:
        known = _named_in_help(name)
    return [option for option in asked if option not in known]


def _unknown_to_wuts(rest: list[str], asked: list[str]) -> list[str]:
    commands = _options_of_wuts()
    name = next((word for word in rest if not word.startswith("-")), "")
    if name and not (_SUBCOMMAND.fullmatch(name) and name in commands):
        return [name]
    return [option for option in asked if option not in commands[name]]


@cache
def _options_of_wuts() -> dict[str, set[str]]:
    """Return the options of each subcommand, and under an empty name those of all."""
    group = get_command(app._make_app(()))
    commands = {"": group, **getattr(group, "commands")}  # noqa: B009 - of Typer's own click
    return {
        name: {"--help", *(opt for one in command.params for opt in one.opts + one.secondary_opts)}
        for name, command in commands.items()
    }


@cache
def _named_in_scripts(name: str) -> set[str]:
    """Return the options that a script speaks of, or a program that it hands its arguments to."""
    text = (ROOT / name).read_text()
    if '"$@"' in text and "pytest" in text:
        return {"-k", "-q", "--snapshot-update", *_OPTION.findall(text)}
    helpers = (path.read_text() for path in (ROOT / "scripts/lib").rglob("*.py"))
    return set(_OPTION.findall("\n".join((text, *helpers))))


@cache
def _named_in_help(program: str) -> set[str]:
    told = subprocess.run(
        [Path(sys.executable).with_name(program), "--help"],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(_OPTION.findall(told.stdout))
