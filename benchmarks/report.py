"""Prints a table, and puts it into docs/performance.md between the markers of its name."""

import os
import platform
import re
from collections.abc import Sequence
from pathlib import Path

PAGE = Path(__file__).parent.parent / "docs" / "performance.md"


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """Say what the run was made on, since no figure holds for another machine."""
    return f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()}"


def publish(name: str, text: str) -> None:
    """Print ``text`` and put it into the page, between ``<!-- name -->`` and ``<!-- /name -->``.

    Raises:
        LookupError: The page has no such markers.
    """
    print(text)
    page = PAGE.read_text()
    marked = re.compile(f"(<!-- {name} -->\n).*?(<!-- /{name} -->)", re.DOTALL)
    if not marked.search(page):
        raise LookupError(f"{PAGE.name} has no markers named {name}")
    PAGE.write_text(marked.sub(lambda match: f"{match[1]}\n{text}\n\n{match[2]}", page))
