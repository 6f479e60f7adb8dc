"""Reads a built site: its pages, and what each of them links to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urljoin, urlsplit

from scripts.lib.docs.pages import SITE

STRUCTURE = ("h1", "h2", "h3", "h4", "li", "table", "pre", "blockquote", "img")
"""What a page is made of; the same on GitHub as on the site."""


@dataclass
class Page(HTMLParser):
    """One page: its ids and links, and how often the article has each element."""

    url: str
    html: str = field(repr=False)
    ids: set[str] = field(default_factory=set)
    links: set[str] = field(default_factory=set)
    loaded: set[str] = field(default_factory=set)
    counts: dict[str, int] = field(default_factory=dict)
    is_in_article: bool = True

    def __post_init__(self) -> None:
        super().__init__()
        self.is_in_article = "<article" not in self.html
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        self.ids |= {values[name] for name in ("id", "name") if name in values}
        if tag == "a" and "href" in values:
            self.links.add(urljoin(self.url, values["href"]))
        if tag in {"img", "script"} and "src" in values:
            self.loaded.add(urljoin(self.url, values["src"]))
        if tag == "link" and values.get("rel") == "stylesheet":
            self.loaded.add(urljoin(self.url, values["href"]))
        if tag == "article":
            self.is_in_article = True
        if self.is_in_article and tag in STRUCTURE:
            self.counts[tag] = self.counts.get(tag, 0) + 1

    def handle_endtag(self, tag: str) -> None:
        if tag == "article":
            self.is_in_article = False

    def __hash__(self) -> int:
        return hash(self.url)


def read_site(folder: Path) -> dict[str, Page]:
    """Return every page by its address."""
    pages = {}
    for path in sorted(folder.rglob("*.html")):
        url = SITE + path.relative_to(folder).as_posix().removesuffix("index.html")
        pages[url] = Page(url, path.read_text())
    return pages


def broken_links(folder: Path, pages: Mapping[str, Page]) -> list[str]:
    """Return the links and files within the site that are not there, each with its page."""
    broken = []
    for page in pages.values():
        for link in sorted(page.links | page.loaded):
            address, _, anchor = link.partition("#")
            if not address.startswith(SITE):
                continue
            target = pages.get(address)
            path = folder / unquote(urlsplit(address.removeprefix(SITE)).path)
            ids = {"", *target.ids} if target else set()
            if not (unquote(anchor) in ids if target else path.is_file()):
                broken.append(f"{page.url.removeprefix(SITE)}: {link.removeprefix(SITE)}")
    return broken
