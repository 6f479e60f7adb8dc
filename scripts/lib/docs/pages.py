"""Make the site's pages of the pages that GitHub shows.

A link within the site stays one; a link to any other file of the project leads to the repository.
"""

import posixpath
import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from .lists import with_deep_lists

SITE = "https://wuts.github.io/wuts/"
REPOSITORY = "https://github.com/wuts/wuts"

TOP_PAGES = {"CONTRIBUTING.md": "contributing.md", "CHANGELOG.md": "changelog.md"}
"""Pages at the top of the repository that the site shows too."""

MADE_OF = {"docs/openapi.yaml": "openapi.md"}
"""Pages that the site makes of a file; a link to the file leads to its page."""

DIAGRAMS = "assets/mermaid.js"

# The supervisor is written in parts, which are its base classes.
_OF_PARTS = {"supervisor": "    options:\n      inherited_members: true\n"}
_API_PAGE = re.compile(r"\bapi/([\w.]+)\.md")
# Code is matched first, so that a link in it is left as it is.
_CODE = r"^(?P<fence>```+|~~~+).*?^(?P=fence)|(?P<ticks>`+)[^`].*?(?P=ticks)"
_LINK = r"(?P<before>\]\(|^\[[^\]]+\]: +)(?P<target>[^)\s]+)"
_CODE_OR_LINK = re.compile(f"{_CODE}|{_LINK}", re.DOTALL | re.MULTILINE)

type Placed = Callable[[str], str]


class PageError(Exception):
    """A page of the documentation cannot be put on the site; the text says which, and why."""


def source_pages(root: Path) -> dict[str, str]:
    """Return where each page of the repository is on the site."""
    pages = sorted((root / "docs").rglob("*.md"))
    return {
        **{page.relative_to(root).as_posix(): _below_docs(root, page) for page in pages},
        **TOP_PAGES,
        **MADE_OF,
    }


def api_modules(config: str) -> list[str]:
    """Return the modules of the API reference, as the navigation of docs/mkdocs.yml lists them."""
    return list(dict.fromkeys(_API_PAGE.findall(config)))


def api_page(module: str) -> str:
    """Return the page of a module; mkdocstrings fills it from the docstrings."""
    return f"# wuts.{module}\n\n::: wuts.{module}\n{_OF_PARTS.get(module, '')}"


def page_url(page: str) -> str:
    """Return where a reader finds a page of the site."""
    path = page.removesuffix(".md").removesuffix("README")
    return SITE + path + ("/" if path and not path.endswith("/") else "")


def relative_to(page: str) -> Placed:
    """Return what names other pages of the site as seen from this one."""
    return lambda other: posixpath.relpath(other, posixpath.dirname(page))


def adapt(text: str, source: str, root: Path, placed: Placed | None = None) -> str:
    """Return a page with links that lead somewhere on the site.

    Args:
        text: The page as the repository has it.
        source: Its path in the repository.
        root: The repository.
        placed: How a page of the site is named in a link; relative to this page by default.

    Raises:
        PageError: A link leads nowhere.
    """
    pages = source_pages(root)
    placed = placed or relative_to(pages[source])

    def replace(match: re.Match[str]) -> str:
        if match["target"] is None:
            return match[0]
        return match["before"] + _target(match["target"], source, root, pages, placed)

    return _CODE_OR_LINK.sub(replace, text)


def _target(target: str, source: str, root: Path, pages: Mapping[str, str], placed: Placed) -> str:
    address, mark, anchor = target.partition("#")
    if address.startswith(SITE):
        return placed(address.removeprefix(SITE).rstrip("/") + ".md") + mark + anchor
    if not address or ":" in address:
        return target
    path = posixpath.normpath(posixpath.join(posixpath.dirname(source), address))
    if path in pages:
        return placed(pages[path]) + mark + anchor
    if path.startswith("docs/images/"):
        return placed(path.removeprefix("docs/"))
    if not (root / path).exists():
        raise PageError(f"{source} links to {target}, and there is no {path}")
    kind = "tree" if (root / path).is_dir() else "blob"
    return f"{REPOSITORY}/{kind}/main/{path}{mark}{anchor}"


def _below_docs(root: Path, page: Path) -> str:
    return page.relative_to(root / "docs").as_posix()


def with_diagrams(text: str, page: str) -> str:
    """Let a page with a diagram load what draws it from the site itself."""
    if "```mermaid" not in text:
        return text
    return f'{text}\n<script src="{relative_to(page)(DIAGRAMS)}"></script>\n'


def write_pages(root: Path, folder: Path) -> None:
    """Write every page that is not made of something else, and the pictures, into a folder.

    Raises:
        PageError: A link leads nowhere.
    """
    shutil.copytree(root / "docs/images", folder / "images")
    for source, page in source_pages(root).items():
        if source in MADE_OF:
            continue
        text = with_deep_lists(adapt((root / source).read_text(), source, root))
        write_page(folder, page, with_diagrams(text, page))
    for module in api_modules((root / "docs/mkdocs.yml").read_text()):
        write_page(folder, f"api/{module}.md", api_page(module))


def write_page(folder: Path, page: str, text: str) -> None:
    """Write one page, and the folders above it."""
    path = folder / page
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
