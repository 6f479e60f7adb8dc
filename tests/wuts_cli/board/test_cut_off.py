"""What the board shows when the service is gone: never an old state as a fresh one."""

import pytest
from playwright.async_api import Browser, Route, expect

from tests.core.wuts.page.browsing import needs_chromium, new_page
from tests.core.wuts.page.wire import Wire
from tests.wuts_cli.board.browsing import SLOW, WIDE, names, open_board
from tests.wuts_cli.board.serving import ACCOUNT, Served
from wuts_simulator import Device

pytestmark = [pytest.mark.slow, pytest.mark.chromium, needs_chromium]

CUT_OFF = "Failed to load resource"


async def test_what_is_old_is_never_shown_as_fresh(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    async with Wire.to(served.port) as wire, new_page(chromium, size=WIDE, expected="ERR") as page:
        await page.goto(served.url.replace(str(served.port), str(wire.port)))
        van = page.locator("#rows > li", has_text="Van")
        await expect(van).to_contain_text("try 2 in", timeout=SLOW)
        await expect(page.locator("#fresh")).to_contain_text("Live")
        await wire.cut()
        lost = page.get_by_text("No connection to the service. What you see is from")
        await expect(lost).to_be_visible(timeout=SLOW)
        await expect(page.locator("#fresh")).to_be_empty()
        await expect(van).not_to_contain_text("try", timeout=SLOW)
        await expect(van).to_contain_text("reconnecting")
        assert await page.evaluate("document.body.classList.contains('lost')")
        await served.supervisor.pause(ACCOUNT, devices["Van"].id)
        await wire.mend()
        await expect(lost).to_be_hidden(timeout=SLOW)
        await expect(page.locator("#fresh")).to_contain_text("Live")
        await expect(van).to_contain_text("paused", timeout=SLOW)


async def test_a_service_that_hangs_counts_as_cut_off(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    assert devices
    async with new_page(chromium, size=WIDE) as page:
        await open_board(page, served)

        async def hang(_route: Route) -> None:
            """Answer nothing, as a machine that has just lost its power."""

        await page.route("**/*.json*", hang)
        lost = page.get_by_text("No connection to the service. What you see is from")
        await expect(lost).to_be_visible(timeout=SLOW)
        await page.unroute("**/*.json*")
        await expect(lost).to_be_hidden(timeout=SLOW)


async def test_what_is_no_answer_of_the_service_counts_as_none(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    assert devices
    async with new_page(chromium, size=WIDE) as page:
        await open_board(page, served)

        async def log_in_first(route: Route) -> None:
            await route.fulfill(body="<h1>Welcome to our Wi-Fi</h1>", content_type="text/html")

        await page.route("**/*.json*", log_in_first)
        await expect(page.get_by_text("No connection to the service")).to_be_visible(timeout=SLOW)
        assert len(await names(page)) == 7


async def test_it_outlives_a_restart_of_the_service(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    async with new_page(chromium, size=WIDE, expected="ERR") as page:
        await open_board(page, served)
        await page.evaluate("window.loaded = true")
        await served.stop()
        lost = page.get_by_text("No connection to the service")
        await expect(lost).to_be_visible(timeout=SLOW)
        await served.supervisor.pause(ACCOUNT, devices["Office"].id)
        await served.start()
        await expect(lost).to_be_hidden(timeout=SLOW)
        office = page.locator("#rows > li", has_text="Office")
        await expect(office).to_contain_text("paused", timeout=SLOW)
        assert await page.evaluate("window.loaded")


async def test_who_may_no_longer_read_it_sees_nothing_of_it(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    assert devices
    async with new_page(chromium, size=WIDE, expected=CUT_OFF) as page:
        await open_board(page, served)
        served.allowed = False
        await expect(page.get_by_text("You no longer have access to this board")).to_be_visible(
            timeout=SLOW
        )
        assert "Reception" not in await page.content()
        served.allowed = True
        await expect(page.locator("#rows > li")).to_have_count(7, timeout=SLOW)
        await expect(page.locator("#lost")).to_be_empty()
