"""Write llms.txt and llms-full.txt, as llmstxt.org has them, and a Markdown copy of each page."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from . import openapi_page
from .pages import MADE_OF, adapt, page_url, source_pages

SUMMARY = (
    "Link a WhatsApp number to the WUTS gateway with one scan, and keep it connected: "
    "a Home Assistant integration, a Slack app, a command and a Python library."
)

_NO_SENTENCE = re.compile(r"[#|!<-]|```")
_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")

type Json = Any


class _Config(yaml.SafeLoader):
    """Reads mkdocs.yml without the Python objects it names."""


_Config.add_multi_constructor("tag:yaml.org,2002:python/", lambda *_: None)


def navigation(config: str) -> dict[str, list[tuple[str, str]]]:
    """Return the sections of docs/mkdocs.yml; a title is empty where the page's own is used."""
    content = yaml.load(config, _Config)  # noqa: S506 - a safe loader
    sections: dict[str, list[tuple[str, str]]] = {}
    for item in content["nav"]:
        ((title, value),) = item.items()
        name, pages = (title, value) if isinstance(value, list) else ("Start", [item])
        sections.setdefault(name, []).extend(_pages(pages))
    return sections


def _pages(items: list[Json]) -> Iterator[tuple[str, str]]:
    for item in items:
        title, value = ("", item) if isinstance(item, str) else next(iter(item.items()))
        if isinstance(value, list):
            yield from _pages(value)
        else:
            yield title, value


def write(root: Path, site: Path) -> None:
    """Write the files into the built site."""
    sources = {page: source for source, page in source_pages(root).items()}
    lines = ["# WUTS", "", f"> {SUMMARY}", ""]
    full = list(lines)
    for section, pages in navigation((root / "docs/mkdocs.yml").read_text()).items():
        lines += [f"## {section}", ""]
        for title, page in pages:
            if page not in sources:
                module = page.removeprefix("api/").removesuffix(".md")
                lines.append(f"- [wuts.{module}]({page_url(page)})")
                continue
            text = _text(root, sources[page])
            copy = page_url(page) + "index.md"
            (site / copy.removeprefix(page_url("README.md"))).write_text(text)
            shown = title or _heading(text)
            lines.append(f"- [{shown}]({copy}): {_first_sentence(text)}")
            full += [text, ""]
        lines.append("")
    (site / "llms.txt").write_text("\n".join(lines))
    (site / "llms-full.txt").write_text("\n".join(full))


def _text(root: Path, source: str) -> str:
    """Return a page as Markdown that can be read anywhere: its links are whole addresses."""
    text = (root / source).read_text()
    if source in MADE_OF:
        return openapi_page.render(yaml.safe_load(text))
    return adapt(text, source, root, page_url_or_file)


def page_url_or_file(page: str) -> str:
    """Return the address of a page of the site, or of a picture."""
    return page_url(page) if page.endswith(".md") else page_url("README.md") + page


def _first_sentence(text: str) -> str:
    paragraphs = (part for part in text.split("\n\n") if part and not _NO_SENTENCE.match(part))
    first = _LINK.sub(r"\1", " ".join(next(paragraphs, "").split()))
    return first.partition(". ")[0].removesuffix(".") + "."


def _heading(text: str) -> str:
    return text.partition("\n")[0].removeprefix("# ")
