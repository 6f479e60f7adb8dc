"""Reads the shell commands of the pages: in blocks, and within sentences."""

import re
import shlex
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted(
    path
    for path in (
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/**/*.md"),
        ROOT / "slack_app/README.md",
    )
    # What an older version was told to run may be gone.
    if path.name != "CHANGELOG.md"
)

_BLOCK = re.compile(
    r"^(?P<indent> *)```(?P<language>\w+)\n(?P<text>.*?)^(?P=indent)```", re.MULTILINE | re.DOTALL
)
_SPAN = re.compile(
    r"(?<!`)`(?P<text>(?:\$ )?(?:wuts|wuts-simulator|wuts-slack|scripts/\w+)(?: [^`]*)?)`(?!`)"
)
_SHELLS = {"sh", "bash", "shell", "console"}


@dataclass(frozen=True)
class Block:
    """Commands that are shown together, which one reader types one after the other."""

    page: Path
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"

    @property
    def commands(self) -> list[str]:
        """What is typed before each Return that runs something."""
        commands, waiting = [], ""
        for line in self.text.splitlines():
            waiting += line + "\n"
            if not line.endswith("\\") and is_shell(waiting):
                if words(waiting):
                    commands.append(waiting.rstrip("\n"))
                waiting = ""
        assert not waiting, f"{self}: {waiting} is no whole command"
        return commands


@cache
def is_shell(text: str) -> bool:
    """Tell whether bash takes this as whole commands."""
    return (
        subprocess.run(["bash", "-n", "-c", text], check=False, capture_output=True).returncode == 0
    )


def words(command: str) -> list[str]:
    """Return the words of a command, without comments."""
    return shlex.split(command, comments=True)


def blocks() -> Iterator[Block]:
    """Yield every block of every page."""
    for page in PAGES:
        content = page.read_text()
        for match in _BLOCK.finditer(content):
            if match["language"] not in _SHELLS:
                continue
            lines = [line.removeprefix(match["indent"]) for line in match["text"].splitlines()]
            if match["language"] == "console":
                lines = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
            text = "\n".join(lines)
            yield Block(page, content[: match.start()].count("\n") + 1, text)


def spans() -> Iterator[tuple[str, str]]:
    """Yield what a sentence names of our own commands, with its page."""
    for page in PAGES:
        content = _BLOCK.sub("", page.read_text())
        for match in _SPAN.finditer(content):
            yield str(page.relative_to(ROOT)), " ".join(match["text"].split())


def slash_commands() -> Iterator[str]:
    """Yield what the page on Slack lets people type behind ``/wuts``."""
    content = (ROOT / "docs/slack.md").read_text()
    for match in re.finditer(r"`/wuts ([^`]+)`|^/wuts (.+?)(?:  |$)", content, re.MULTILINE):
        yield " ".join((match[1] or match[2]).split())
