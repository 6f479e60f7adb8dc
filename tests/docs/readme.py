"""What the README promises, taken apart for tests that hold it to that."""

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text("utf-8")
PEERS = (ROOT / "docs/peers.md").read_text("utf-8")

_SHELL = re.compile(r"```sh\n(.*?)```", re.DOTALL)

type Table = dict[str, list[str]]
"""The cells of each row beside its first, by the first."""


def section(page: str, title: str) -> str:
    """Return what stands under a heading, up to the next of its kind."""
    return page.partition(f"\n## {title}\n")[2].partition("\n## ")[0]


def commands(title: str) -> list[list[str]]:
    """Return the words of each command in a section of the README."""
    return commands_in(section(README, title))


def commands_in(text: str) -> list[list[str]]:
    """Return the words of each command in the blocks of a text, without comments."""
    lines = "".join(_SHELL.findall(text)).replace("\\\n", " ").splitlines()
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def alternatives(title: str) -> list[list[str]]:
    """Return the commands of comments that say "or: …"."""
    return [shlex.split(line) for line in re.findall(r"# or: (.*)", section(README, title))]


def table(page: str, title: str) -> Table:
    """Return the one table of a section."""
    rows = [line for line in section(page, title).splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in row[1:-1].split(" | ")] for row in rows]
    return {first: rest for first, *rest in cells if not first.startswith("-")}
