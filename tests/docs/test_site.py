"""The site of the documentation: built as it is published, and read in a real browser."""

import importlib
import inspect
import subprocess
import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from playwright.async_api import Browser, expect
from playwright.async_api import Page as Tab

from scripts.lib.browser import find_chromium, running_browser
from scripts.lib.docs.llms import navigation
from scripts.lib.docs.pages import MADE_OF, SITE, api_modules, page_url, source_pages
from tests.docs.built_site import Page, broken_links, read_site

pytestmark = [pytest.mark.slow, pytest.mark.one_python, pytest.mark.timeout(900)]

ROOT = Path(__file__).parents[2]
CONFIG = (ROOT / "docs/mkdocs.yml").read_text()
PATIENCE = 120_000  # milliseconds
needs_chromium = pytest.mark.skipif(not find_chromium(), reason="there is no Chromium")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    work = tmp_path_factory.mktemp("docs")
    built = subprocess.run(
        [ROOT / "scripts/docs", "--into", work], check=False, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return work / "site"


@pytest.fixture(scope="module")
def pages(folder: Path) -> dict[str, Page]:
    return read_site(folder)


def test_every_link_of_the_site_leads_to_something(folder: Path, pages: dict[str, Page]) -> None:
    assert broken_links(folder, pages) == []


def test_whatever_a_page_loads_is_on_the_site(pages: dict[str, Page]) -> None:
    loaded = {address for page in pages.values() for address in page.loaded}
    assert loaded
    assert {address for address in loaded if not address.startswith((SITE, "data:"))} == set()


def test_a_link_to_elsewhere_is_encrypted(pages: dict[str, Page]) -> None:
    links = {link for page in pages.values() for link in page.links}
    assert {link for link in links if not link.startswith(("https://", "mailto:"))} == set()


def test_every_page_is_in_the_navigation() -> None:
    listed = [page for section in navigation(CONFIG).values() for _, page in section]
    written = {*source_pages(ROOT).values(), *(f"api/{name}.md" for name in api_modules(CONFIG))}
    assert len(listed) == len(set(listed))
    assert written - set(listed) == set(), "list it in nav of docs/mkdocs.yml"
    assert set(listed) - written == set()


@pytest.mark.parametrize("source", sorted(set(source_pages(ROOT)) - set(MADE_OF)))
def test_a_page_has_the_same_parts_on_github_and_on_the_site(
    source: str, pages: dict[str, Page]
) -> None:
    markdown = MarkdownIt("commonmark").enable("table")
    on_github = Page("", markdown.render((ROOT / source).read_text()))
    on_site = pages[page_url(source_pages(ROOT)[source])]
    assert on_site.counts == on_github.counts


@pytest.mark.parametrize("module", api_modules(CONFIG))
def test_every_public_name_is_in_the_reference(module: str, pages: dict[str, Page]) -> None:
    name = f"wuts.{module}"
    content = importlib.import_module(name)
    public = getattr(content, "__all__", None) or [
        each
        for each, value in inspect.getmembers(content)
        if not each.startswith("_") and getattr(value, "__module__", None) == name
    ]
    page = pages[page_url(f"api/{module}.md")]
    assert public
    assert [each for each in public if f"{name}.{each}" not in page.ids] == []


def test_the_reference_says_what_a_call_takes_and_raises(pages: dict[str, Page]) -> None:
    html = pages[page_url("api/client.md")].html
    call = html.partition('id="wuts.client.WutsClient.get_qr"')[2]
    call = call.partition('id="wuts.client.WutsClient.get_qr_status"')[0]
    for word in ("device_id", "Parameters:", "Raises:", "QrNotReadyError"):
        assert word in call


def test_what_is_only_a_part_of_a_class_is_on_its_page(pages: dict[str, Page]) -> None:
    ids = pages[page_url("api/supervisor.md")].ids
    for method in ("account_state", "listed_at", "open_alerts", "expect_number"):
        assert f"wuts.supervisor.Supervisor.{method}" in ids


def test_every_module_of_the_reference_is_on_the_page_that_github_shows() -> None:
    page = (ROOT / "docs/api.md").read_text()
    listed = [line for line in page.splitlines() if line.startswith("| [`wuts.")]
    assert len(listed) == len(api_modules(CONFIG))
    for module in api_modules(CONFIG):
        assert f"[`wuts.{module}`]({page_url(f'api/{module}.md')})" in page


@pytest.mark.parametrize("name", ["llms.txt", "llms-full.txt", "404.html", "sitemap.xml"])
def test_the_site_has_what_stands_beside_the_pages(folder: Path, name: str) -> None:
    assert (folder / name).stat().st_size > 1000


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(folder: Path) -> Iterator[str]:
    """Serve it below the path that it is published at, which the page for a wrong address names."""
    (folder.parent / "wuts").symlink_to(folder)
    handler = partial(_Quiet, directory=folder.parent)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/wuts/"
        server.shutdown()
        thread.join()


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


class Opened:
    """Pages of the site that a browser opens, and what they asked others for."""

    def __init__(self, tab: Tab, address: str) -> None:
        self.tab = tab
        self.asked_others: list[str] = []
        self.errors: list[str] = []
        tab.set_default_timeout(PATIENCE)
        tab.on("request", lambda request: self._asked(request.url, address))
        tab.on("pageerror", lambda error: self.errors.append(str(error)))

    def _asked(self, url: str, address: str) -> None:
        if not url.startswith((address, "data:", "blob:")):
            self.asked_others.append(url)


@pytest.mark.chromium
@needs_chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360])
async def test_pages_ask_nobody_else_and_fit(
    browser: Browser, address: str, pages: dict[str, Page], scheme: str, width: int
) -> None:
    context = await browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light",
        viewport={"width": width, "height": 800},
    )
    opened = Opened(await context.new_page(), address)
    for page in ("", "supervisor/", "home-assistant/", "openapi/", "api/client/", "performance/"):
        assert page_url("README.md") + page in pages
        await opened.tab.goto(address + page, wait_until="networkidle")
        wide = await opened.tab.evaluate("document.documentElement.scrollWidth")
        assert wide <= width, page
    look = await opened.tab.evaluate("document.body.getAttribute('data-md-color-scheme')")
    assert look == ("slate" if scheme == "dark" else "default")
    assert opened.errors == []
    assert opened.asked_others == []


@pytest.mark.chromium
@needs_chromium
async def test_a_diagram_is_drawn(browser: Browser, address: str) -> None:
    opened = Opened(await browser.new_page(), address)
    await opened.tab.goto(address + "supervisor/")
    diagram = opened.tab.locator("article div.mermaid")
    await expect(diagram).to_be_visible(timeout=PATIENCE)
    box = await diagram.bounding_box()
    assert box is not None
    assert box["height"] > 100
    assert opened.asked_others == []


@pytest.mark.chromium
@needs_chromium
async def test_a_word_that_is_typed_finds_its_page(browser: Browser, address: str) -> None:
    opened = Opened(await browser.new_page(), address)
    await opened.tab.goto(address)
    await opened.tab.locator("header button", has_text="Search").click()
    await opened.tab.locator("dialog[open] input").first.fill("acknowledge")
    found = opened.tab.locator("dialog[open] a[href*='/alerts/']").first
    # The list may still move, so the link itself is clicked and not the place where it is.
    await found.evaluate("link => link.click()")
    await opened.tab.wait_for_url("**/alerts/**")
    assert opened.errors == []
    assert opened.asked_others == []


@pytest.mark.chromium
@needs_chromium
async def test_a_reader_switches_to_the_dark_page(browser: Browser, address: str) -> None:
    context = await browser.new_context(color_scheme="light")
    opened = Opened(await context.new_page(), address)
    await opened.tab.goto(address)
    await opened.tab.locator("label[title=Dark]").click()
    body = opened.tab.locator("body")
    await expect(body).to_have_attribute("data-md-color-scheme", "slate", timeout=PATIENCE)


@pytest.mark.chromium
@needs_chromium
async def test_a_wrong_address_leads_back_to_the_pages(browser: Browser, address: str) -> None:
    opened = Opened(await browser.new_page(), address)
    failed: list[str] = []
    opened.tab.on("response", lambda answer: failed.append(answer.url) if not answer.ok else None)
    await opened.tab.goto(address + "404.html", wait_until="networkidle")
    await expect(opened.tab.locator("article h1")).to_contain_text("404", timeout=PATIENCE)
    assert failed == []
    await opened.tab.locator("header a").first.click()
    await expect(opened.tab.locator("article h1")).to_contain_text("Documentation")
