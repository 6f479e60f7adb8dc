"""Write docs/api.md, the library's API reference, from its docstrings.

It reads the sources without importing them, so that the page is the same on every Python.
"""

import ast
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "core/wuts"
PAGE = ROOT / "docs/api.md"

MODULES = (
    "client",
    "messaging",
    "media",
    "chats",
    "http.aiohttp_transport",
    "verified",
    "pairing",
    "page",
    "models",
    "errors",
    "finder",
    "webhooks",
    "incoming",
    "signatures",
    "repeats",
    "push_address",
    "qr",
    "phone",
    "phone_numbers",
    "inputs",
    "check_budget",
    "settings_file",
    "receivers",
    "doctor",
    "clock",
    "supervisor",
    "supervisor.store",
    "metrics",
    "operations.health",
    "operations.webhooks",
    "operations.background",
    "operations.logs",
)
"""What is public, in the order of the page."""

_HEAD = """\
# API reference

Every public name of `wuts`. Start with [the library](library.md). The page is generated from the
docstrings by `scripts/lib/api_reference.py`.
"""
_SECTION = re.compile(r"^(Args|Attributes|Raises|Returns):$")
_ENTRY = re.compile(r"^    (\*{0,2}\w+): (.*)$")

type Function = ast.FunctionDef | ast.AsyncFunctionDef
type Statement = ast.stmt


def render() -> str:
    """Return the page."""
    parts = [_HEAD]
    for module in MODULES:
        parts += _module(module)
    return "\n".join(parts)


def _module(name: str) -> Iterator[str]:
    path = LIBRARY.joinpath(*name.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(path.read_text())
    yield f"## wuts.{name}\n"
    yield _prose(ast.get_docstring(tree) or "")
    for statement, doc in _public(path, tree):
        yield from _statement(statement, doc)


def _public(path: Path, tree: ast.Module) -> Iterator[tuple[Statement, str]]:
    """Yield what a module offers: a package's ``__all__``, wherever it is, or its own names."""
    wanted = _all(tree)
    if not wanted:
        yield from ((one, doc) for one, doc in _with_docs(tree.body) if _is_public(_name(one)))
        return
    places = _imported(path, tree)
    for name in wanted:
        part = ast.parse(places[name].read_text())
        for one, doc in _with_docs(part.body):
            if _name(one) == name:
                if isinstance(one, ast.ClassDef):
                    _take_parts_in(one, _imported(places[name], part))
                yield one, doc


def _imported(path: Path, tree: ast.Module) -> dict[str, Path]:
    """Return where the names are that a module has from others of the library."""
    places: dict[str, Path] = {}
    for statement in tree.body:
        if isinstance(statement, ast.ImportFrom) and statement.level:
            source = path.parents[statement.level - 1].joinpath(
                *(statement.module or "").split(".")
            )
            for alias in statement.names:
                places[alias.name] = source.with_suffix(".py")
    return places


def _take_parts_in(statement: ast.ClassDef, places: Mapping[str, Path]) -> None:
    """Add the methods of base classes that are no more than a part of this one."""
    for base in list(statement.bases):
        place = places.get(ast.unparse(base))
        body = ast.parse(place.read_text()).body if place and place.is_file() else []
        for one, doc in _with_docs(body):
            is_base = isinstance(one, ast.ClassDef) and one.name == ast.unparse(base)
            if isinstance(one, ast.ClassDef) and is_base and doc.startswith("Part of "):
                statement.bases.remove(base)
                functions = (ast.FunctionDef, ast.AsyncFunctionDef)
                statement.body += [each for each in one.body if isinstance(each, functions)]


def _all(tree: ast.Module) -> list[str]:
    for statement in tree.body:
        if isinstance(statement, ast.Assign) and _name(statement) == "__all__":
            names: list[str] = ast.literal_eval(statement.value)
            return names
    return []


def _with_docs(body: list[Statement]) -> Iterator[tuple[Statement, str]]:
    """Yield each statement and its docstring; a constant's is the text behind it."""
    for place, statement in enumerate(body):
        if isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield statement, ast.get_docstring(statement) or ""
            continue
        behind = body[place + 1] if place + 1 < len(body) else None
        text = behind.value if isinstance(behind, ast.Expr) else None
        is_doc = isinstance(text, ast.Constant) and isinstance(text.value, str)
        yield statement, str(text.value) if is_doc and isinstance(text, ast.Constant) else ""


def _name(statement: Statement) -> str:
    match statement:
        case ast.ClassDef() | ast.FunctionDef() | ast.AsyncFunctionDef():
            return statement.name
        case ast.AnnAssign(target=ast.Name(id=name)) | ast.TypeAlias(name=ast.Name(id=name)):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]):
            return name
    return ""


def _is_public(name: str) -> bool:
    return bool(name) and not name.startswith("_")


def _statement(statement: Statement, doc: str) -> Iterator[str]:
    match statement:
        case ast.ClassDef():
            yield from _class(statement, doc)
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield f"### `{_signature(statement)}`\n"
            yield _prose(doc)
        case _ if doc or isinstance(statement, ast.TypeAlias):
            yield f"### `{ast.unparse(statement)}`\n"
            yield _prose(doc)


def _class(statement: ast.ClassDef, doc: str) -> Iterator[str]:
    bases = ", ".join(ast.unparse(base) for base in statement.bases)
    yield f"### `class {statement.name}{f'({bases})' if bases else ''}`\n"
    yield _prose(doc)
    fields = [(one, text) for one, text in _with_docs(statement.body) if _is_field(one)]
    if fields:
        lines = [f"- `{_field(one)}`{f': {_inline(text)}' if text else ''}" for one, text in fields]
        yield "\n".join(lines) + "\n"
    for method in statement.body:
        if not isinstance(method, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        doc = ast.get_docstring(method) or ""
        if method.name == "__init__" and len(method.args.args + method.args.kwonlyargs) > 1:
            yield f"#### `{statement.name}{_signature(method).removeprefix('__init__')}`\n"
        elif _is_public(method.name) and not _has(method, "override"):
            yield f"#### `{_signature(method)}`\n"
            yield _prose(doc)


def _is_field(statement: Statement) -> bool:
    name = _name(statement)
    is_value = isinstance(statement, ast.AnnAssign | ast.Assign)
    return is_value and _is_public(name) and name != "model_config"


def _field(statement: Statement) -> str:
    """Return a field as it is declared, without what only its own machinery reads."""
    if isinstance(statement, ast.AnnAssign) and isinstance(statement.value, ast.Call):
        defaults = {word.arg: word.value for word in statement.value.keywords}
        text = f"{_name(statement)}: {ast.unparse(statement.annotation)}"
        return f"{text} = {ast.unparse(defaults['default'])}" if "default" in defaults else text
    return ast.unparse(statement)


def _has(function: Function, decorator: str) -> bool:
    return any(isinstance(one, ast.Name) and one.id == decorator for one in function.decorator_list)


def _signature(function: Function) -> str:
    """Return how a function is called, without ``self``."""
    arguments = function.args
    if arguments.args and arguments.args[0].arg in {"self", "cls"}:
        arguments.args.pop(0)
    returns = f" -> {ast.unparse(function.returns)}" if function.returns else ""
    if _has(function, "property"):
        return f"{function.name}{returns.replace(' -> ', ': ')}"
    kind = "await " if isinstance(function, ast.AsyncFunctionDef) else ""
    generics = ", ".join(ast.unparse(one) for one in function.type_params)
    name = f"{function.name}[{generics}]" if generics else function.name
    return f"{kind}{name}({ast.unparse(arguments)}){returns if function.name != '__init__' else ''}"


def _prose(doc: str) -> str:
    """Return a docstring as Markdown: its sections as lists, its examples as code."""
    lines: list[str] = []
    in_section = in_code = False
    for line in doc.splitlines():
        section, entry = _SECTION.match(line), _ENTRY.match(line) if in_section else None
        if in_code and line and not line.startswith("    "):
            lines[-1:] = ["```", ""]
            in_code = False
        if line == "::":
            lines.append("```python")
            in_code = True
        elif section:
            lines += [f"**{section.group(1)}**", ""]
            in_section = True
        elif entry:
            lines.append(f"- `{entry.group(1)}`: {_inline(entry.group(2))}")
        elif in_code:
            if line or lines[-1] != "```python":
                lines.append(line.removeprefix("    "))
        elif in_section and line:
            lines.append(f"  {_inline(line.strip())}")
        else:
            lines.append(_inline(line))
    return "\n".join([*lines, *(["```"] if in_code else []), ""])


def _inline(text: str) -> str:
    return text.replace("``", "`")


if __name__ == "__main__":
    PAGE.write_text(render())
