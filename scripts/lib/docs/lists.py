"""Write lists as Python-Markdown reads them.

GitHub indents what belongs to an item by as much as the item's text, and lets a list follow a
paragraph at once. Python-Markdown wants four spaces, and a blank
line before the list and behind an item of several parts.
"""

import re
from collections.abc import Iterator

_MARKER = re.compile(r"(?:[-*+]|\d{1,9}[.)]) +(?=\S)")
_BREAKS_A_PARAGRAPH = re.compile(r"(?:[-*+]|1[.)]) +(?=\S)")
_FENCE = re.compile(r"```+|~~~+")
_DEPTH = 4


def with_deep_lists(text: str) -> str:
    """Return a page whose lists are the same for both."""
    return "\n".join(_rewritten(text.split("\n")))


def _rewritten(lines: list[str]) -> Iterator[str]:
    columns = [0]  # where the text of each open item begins, in the page as it came
    fence = ""
    dropped = 0
    has_parts = False  # the open item, with blank lines between them
    after_blank = True
    for line in lines:
        rest = line.lstrip(" ")
        if not rest:
            after_blank = has_parts = True
            yield line
            continue
        indent = len(line) - len(rest)
        marker = None if fence else _MARKER.match(rest)
        is_tight = len(columns) > 1 and not has_parts
        while indent < columns[-1] and (marker or (after_blank and not fence)):
            columns.pop()
        if (
            marker
            and (has_parts or _BREAKS_A_PARAGRAPH.match(rest))
            and not (after_blank or is_tight)
        ):
            yield ""
        beyond = max(0, indent - columns[-1])
        if not fence:
            dropped = beyond if beyond < _DEPTH else 0  # up to three more spaces mean nothing
        yield " " * (_DEPTH * (len(columns) - 1) + max(0, beyond - dropped)) + rest
        if marker:
            has_parts = False
            columns.append(indent + len(marker[0]))
        elif found := _FENCE.match(rest):
            fence = "" if fence and rest.startswith(fence) else fence or found[0]
        after_blank = False
