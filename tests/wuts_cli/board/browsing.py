"""The board in a browser's window."""

from playwright.async_api import Page, expect

from tests.wuts_cli.board.serving import Served

SLOW = 240_000
"""Milliseconds that anything may take before it counts as missing."""

WIDE = (1200, 900)
DRAWN = "#rows:not([data-drawing])"


async def open_board(page: Page, served: Served, count: int = 7) -> None:
    await page.goto(served.url)
    await expect(page.locator("#rows > li")).to_have_count(count, timeout=SLOW)


async def names(page: Page) -> list[str]:
    found: list[str] = await page.evaluate(
        "[...document.querySelectorAll('#rows > li')].filter((one) => !one.hidden)"
        ".map((one) => one.querySelector('.name').textContent)"
    )
    return found
