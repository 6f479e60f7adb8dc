"""Everybody can use the board: axe-core finds nothing on it, whatever it shows."""

from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from tests.core.wuts.page.browsing import Scheme, axe, findings, needs_chromium, new_page
from tests.wuts_cli.board.serving import ACCOUNT, fill, serving
from wuts_cli.board.words import LANGUAGES
from wuts_simulator import Simulator

pytestmark = [pytest.mark.slow, pytest.mark.chromium, needs_chromium]

SLOW = 240_000

LAID_OUT = "document.styleSheets[0].insertRule('li { content-visibility: visible !important; }', 0)"
"""What is far below the window is not laid out, and axe-core cannot judge that."""


@pytest.mark.parametrize(("scheme", "language"), [("light", "en-US"), ("dark", "pt-BR")])
async def test_axe_finds_nothing(
    sim: Simulator, chromium: Browser, tmp_path: Path, scheme: Scheme, language: str
) -> None:
    script, words = axe(), LANGUAGES["en" if language == "en-US" else "pt-BR"]
    accounts = {ACCOUNT: True, "far": False}
    async with serving(sim, store=tmp_path / "store.db", accounts=accounts) as served:
        await fill(served)
        await served.until_said(lambda said: len(said["alerts"]) >= 3)
        for size in ((320, 568), (1200, 900)):
            served.allowed = True
            async with new_page(
                chromium, size=size, scheme=scheme, language=language, expected="Failed to load"
            ) as page:
                await page.goto(served.url)
                await expect(page.locator("#rows > li")).to_have_count(7, timeout=SLOW)
                await expect(page.locator("#rows path.up").first).to_be_attached(timeout=SLOW)
                await page.evaluate(LAID_OUT)
                assert await findings(page, script) == []
                await page.get_by_role("searchbox").fill("nobody")
                await page.get_by_role("button", name=words.periods["quarter"]).click()
                assert await findings(page, script) == []
                await page.get_by_role("searchbox").fill("")
                await served.stop()
                await expect(page.locator("body.lost")).to_be_attached(timeout=SLOW)
                assert await findings(page, script) == []
                served.allowed = False
                await served.start()
                await expect(page.get_by_text(words.denied)).to_be_visible(timeout=SLOW)
                assert await findings(page, script) == []
