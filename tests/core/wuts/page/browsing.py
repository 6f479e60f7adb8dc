"""A page in a real browser, whose complaints are failures."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page, ViewportSize

from scripts.lib.browser import find_chromium
from tests.core.wuts.page.serving import Served, code, qr
from wuts.page import PairingLink

type Scheme = Literal["light", "dark"]
type Size = tuple[int, int]

SIZES: tuple[Size, ...] = ((320, 568), (360, 640), (390, 844), (740, 360), (1100, 850))
AXE = Path(".cache/axe/node_modules/axe-core/axe.min.js")

# The page's own policy lets no script in but its own; this one comes by the browser's debugger.
RUN = "axe.run(document, {resultTypes: ['violations', 'incomplete']})"

needs_chromium = pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")


def axe() -> str:
    """Return the text of axe-core, or skip the test."""
    path = Path(os.environ.get("WUTS_AXE") or Path(__file__).parents[4] / AXE)
    if not path.exists():
        pytest.skip("there is no axe-core: scripts/test installs it where npm is")
    return path.read_text("utf-8")


@asynccontextmanager
async def new_page(  # noqa: PLR0913 - all but one are named
    browser: Browser,
    *,
    size: Size = (390, 844),
    scheme: Scheme = "light",
    language: str = "en-US",
    javascript: bool = True,
    expected: str = "",
) -> AsyncIterator[Page]:
    """Open a browser window; what it complains of must contain ``expected``, if it is anything."""
    context = await browser.new_context(
        viewport=ViewportSize(width=size[0], height=size[1]),
        color_scheme=scheme,
        locale=language,
        java_script_enabled=javascript,
    )
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text))
    try:
        yield page
    finally:
        await context.close()
    assert [said for said in complaints if not expected or expected not in said] == []


async def show_qr(page: Page, served: Served, link: PairingLink, lifetime: float = 60.0) -> None:
    served.show(link, qr(lifetime))
    await page.wait_for_selector(".qr img")
    assert await page.evaluate("document.querySelector('.qr img').decode().then(() => true)")


async def show_code(page: Page, served: Served, link: PairingLink) -> None:
    served.show(link, code())
    await page.wait_for_selector(".code")


async def press(page: Page, url: str) -> None:
    """Open a link, and press *Show the code*."""
    await page.goto(url)
    await page.get_by_role("button").click()
    await page.wait_for_selector("#view:not(:has(form))")


async def findings(page: Page, script: str) -> list[str]:
    """Return what axe-core objects to; what it cannot decide counts too."""
    await page.evaluate(script)
    found: dict[str, Any] = await page.evaluate(RUN)
    return [
        f"{kind}: {rule['id']}: {node['html']}"
        for kind in ("violations", "incomplete")
        for rule in found[kind]
        for node in rule["nodes"]
    ]
