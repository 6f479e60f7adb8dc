"""Everybody can use the page: axe-core finds nothing on any of its states."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser

from scripts.lib.browser import running_browser
from tests.core.wuts.page.browsing import Scheme, axe, findings, needs_chromium, new_page, press
from tests.core.wuts.page.serving import Served, serving
from tests.core.wuts.page.test_words import SCENES
from wuts.pairing import Stage

pytestmark = [pytest.mark.slow, pytest.mark.chromium, needs_chromium]

ENDS = (Stage.PAIRED, Stage.WRONG_ACCOUNT, Stage.UNCHECKED, Stage.FAILED)


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as pages:
        yield pages


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


@pytest.mark.parametrize("language", ["en-US", "pt-BR"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing(
    served: Served, chromium: Browser, scheme: Scheme, language: str
) -> None:
    script = axe()
    for size in ((320, 568), (1100, 850)):
        async with new_page(
            chromium, size=size, scheme=scheme, language=language, expected="404"
        ) as page:
            await page.goto(f"{served.base_url}/guess")
            assert await findings(page, script) == []
            url, link = served.offer(note="Use the shop's phone.")
            await page.goto(url)
            assert await findings(page, script) == []
            await press(page, url)
            for stage in Stage:
                if stage in ENDS:
                    continue
                await page.evaluate("document.querySelector('#view').dataset.old = true")
                served.show(link, *SCENES[stage])
                await page.wait_for_selector("#view:not([data-old])")
                assert await findings(page, script) == [], stage


@pytest.mark.parametrize("stage", ENDS)
async def test_axe_finds_nothing_at_the_end(
    served: Served, chromium: Browser, stage: Stage
) -> None:
    script = axe()
    for scheme in ("light", "dark"):
        async with new_page(chromium, scheme=scheme) as page:
            url, link = served.offer()
            await press(page, url)
            served.show(link, *SCENES[stage])
            await page.wait_for_selector("#view:not([data-live])")
            assert await findings(page, script) == []
