"""Prints a table, and puts it into docs/performance.md between the markers of its name."""

import os
import platform
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    return "\n".join(map(table_row, [head, ["---"] * len(head), *rows]))


def table_row(cells: Sequence[str]) -> str:
    """Return a line of a Markdown table."""
    return f"| {' | '.join(cells)} |"


def machine() -> str:
    """Say what the run was made on, since no figure holds for another machine."""
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"


def check_markers(names: Iterable[str]) -> None:
    """Refuse to measure for minutes what could not be published.

    Raises:
        LookupError: The page lacks the markers of a name.
    """
    page = PAGE.read_text()
    for name in names:
        if not _marked(name).search(page):
            raise LookupError(f"{PAGE.name} has no markers named {name}")


def publish(name: str, text: str) -> None:
    """Print ``text`` and put it into the page.

    Raises:
        LookupError: The page lacks the markers of that name.
    """
    print(text, flush=True)
    write(name, text)


def write(name: str, text: str) -> None:
    """Put ``text`` into the page, between ``<!-- name -->`` and ``<!-- /name -->``.

    Raises:
        LookupError: The page has no such markers.
    """
    check_markers([name])
    page = _marked(name).sub(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", PAGE.read_text())
    PAGE.write_text(page)


def _marked(name: str) -> re.Pattern[str]:
    return re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
