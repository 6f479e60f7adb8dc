"""Find English that reads as translated: the habits in prose.toml.

It reads pages, configuration, comments, docstrings and the strings of the programs, in the files
that git tracks or would add. Code in backticks and fences does not count. What it finds is printed
as PATH:LINE: “FOUND”: write WHAT.

usage: python -m scripts.lib.prose [PATH...]   all files, or these

Where a habit is right, write `prose: ok` on its line or the one above it: as a comment, in a page
as <!-- prose: ok -->. All between `prose: off` and `prose: on` is left out.
"""

import ast
import functools
import io
import re
import sys
import tokenize
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.lib.git_files import regular

ROOT = Path(__file__).parents[2]
RULES = Path(__file__).with_name("prose.toml")

PLAIN = {".css", ".example", ".html", ".js", ".sh", ".toml", ".txt", ".yaml", ".yml"}
NOT_OURS = re.compile(
    r"^(LICENSE|requirements/|scripts/lib/prose\.toml)|[._/]pt[-_]br\b|CODE_OF_CONDUCT",
    re.IGNORECASE,
)
ENGLISH_JSON = re.compile(r"(^|/)(en|strings)\.json$")

FENCE = re.compile(r"^( *)(```+|~~~+).*?^\1\2", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(`+)[^`]+?\1")
PREFIX = re.compile(r"^[ \t]*(?:#+|//+|\*+|>)(?= |$)", re.MULTILINE)
OFF = re.compile(r"prose: off.*?(?:prose: on|\Z)", re.DOTALL)


@dataclass(frozen=True, kw_only=True)
class Rule:
    """A habit: how it is found, and what to write instead."""

    pattern: str
    write: str
    case: bool = False
    bad: list[str] = field(default_factory=list)
    good: list[str] = field(default_factory=list)

    def found(self, text: str) -> Iterator[re.Match[str]]:
        """Yield each place of the habit."""
        return _compiled(self.pattern, case=self.case).finditer(text)


@dataclass(frozen=True)
class Passage:
    """A text as people read it, and the line of the file where it begins."""

    line: int
    text: str


@functools.cache
def _compiled(pattern: str, *, case: bool) -> re.Pattern[str]:
    spaces = (
        pattern.replace("[ ]", "\0").replace(" ", r"(?:[ \t]+|[ \t]*\n[ \t]*)").replace("\0", "[ ]")
    )
    return re.compile(spaces, re.MULTILINE | (0 if case else re.IGNORECASE))


def rules() -> list[Rule]:
    """Return the habits."""
    return [Rule(**rule) for rule in tomllib.loads(RULES.read_text())["rule"]]


def _blank(match: re.Match[str]) -> str:
    return "\n" * match[0].count("\n") or "…"


def _readable(text: str) -> str:
    for pattern in (OFF, FENCE, CODE):
        text = pattern.sub(_blank, text)
    return PREFIX.sub("", text)


class _Strings(ast.NodeVisitor):
    """Collects the strings of a module, an f-string as one."""

    def __init__(self) -> None:
        self.found: list[Passage] = []

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str) and " " in node.value:
            self.found.append(Passage(node.lineno, node.value))

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        parts = [part.value if isinstance(part, ast.Constant) else "…" for part in node.values]
        self.found.append(Passage(node.lineno, "".join(str(part) for part in parts)))


def _strings(source: str) -> list[Passage]:
    strings = _Strings()
    strings.visit(ast.parse(source))
    return strings.found


def _docstrings(source: str) -> list[Passage]:
    """Return the strings that stand alone, which only document."""
    alone = [node.value for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Expr)]
    return [
        Passage(node.lineno, node.value)
        for node in alone
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


def _comments(source: str) -> Iterator[Passage]:
    """Yield each comment; lines of comments that follow each other are one."""
    start, lines = 0, list[str]()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type != tokenize.COMMENT:
            continue
        line = token.start[0]
        if lines and line != start + len(lines):
            yield Passage(start, "\n".join(lines))
            lines = []
        start = start if lines else line
        lines.append(token.string)
    if lines:
        yield Passage(start, "\n".join(lines))


def passages(name: str, source: str) -> list[Passage]:
    """Return what people read in a file, by its name."""
    path = Path(name)
    if path.suffix == ".py":
        # A test may quote what it refuses; what it says itself is in its docstrings and comments.
        strings = _docstrings if name.startswith("tests/") else _strings
        return [*strings(source), *_comments(source)]
    if path.suffix == ".md" or path.suffix in PLAIN or source.startswith("#!"):
        return [Passage(1, source)]
    return [Passage(1, source)] if ENGLISH_JSON.search(name) else []


def complaints(name: str, source: str, habits: list[Rule]) -> Iterator[tuple[int, str]]:
    """Yield the line and the description of each habit in a file."""
    lines = source.splitlines()
    for passage in passages(name, source):
        text = _readable(passage.text)
        for rule in habits:
            for match in rule.found(text):
                line = passage.line + text.count("\n", 0, match.start())
                if not any("prose: ok" in near for near in lines[max(line - 2, 0) : line]):
                    found = " ".join(match[0].split())
                    yield line, f"“{found}”: write {rule.write}"


def english_files(root: Path, paths: list[str]) -> list[str]:
    """List the files under root that may hold English of ours; below paths, if there are any."""
    return [name for name in regular(root, *paths) if not NOT_OURS.search(name)]


def main(root: Path, paths: list[str]) -> int:
    """Print every complaint about the files under root; return the exit code."""
    habits, counts = rules(), Counter[str]()
    for name in english_files(root, paths):
        try:
            source = (root / name).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue  # an image, or another file that is not text
        try:
            found = sorted(complaints(name, source, habits))
        except SyntaxError as error:
            found = [(error.lineno or 1, f"is not Python: {error.msg}")]
        for line, reason in found:
            counts[name] += 1
            print(f"{name}:{line}: {reason}")
    print(f"{counts.total()} complaints in {len(counts)} files." if counts else "No complaints.")
    return int(bool(counts))


if __name__ == "__main__":
    sys.exit(main(ROOT, sys.argv[1:]))
