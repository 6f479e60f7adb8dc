"""The page in a real browser, of every size, with and without JavaScript."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from playwright.async_api import Browser, Route, expect

from scripts.lib.browser import read_qr, running_browser
from tests.core.wuts.page.browsing import (
    SIZES,
    Scheme,
    needs_chromium,
    new_page,
    press,
    show_code,
    show_qr,
)
from tests.core.wuts.page.serving import PAIRED, SCANNED, Served, code, qr, serving
from tests.core.wuts.page.wire import Wire
from tests.core.wuts.values import CODE, PAYLOAD

pytestmark = [pytest.mark.slow, pytest.mark.chromium, needs_chromium]

WIDTH = "document.documentElement.scrollWidth"
PLACE = "JSON.stringify(document.querySelector('.qr img').getBoundingClientRect())"
NO_NETWORK = "Failed to load resource"


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
async def test_a_camera_reads_the_qr_from_every_screen(
    served: Served, chromium: Browser, scheme: Scheme, language: str
) -> None:
    for width, height in SIZES:
        size = (width, height)
        async with new_page(chromium, size=size, scheme=scheme, language=language) as page:
            url, link = served.offer()
            await press(page, url)
            assert await page.evaluate(WIDTH) == width
            await show_qr(page, served, link)
            assert await page.evaluate(WIDTH) == width, "nothing is wider than the screen"
            box = await page.locator(".qr img").bounding_box()
            assert box is not None
            assert box["width"] >= 0.62 * min(width, height), "the QR is as large as the screen"
            assert box["width"] >= min(width, height, 320)
            assert box["y"] + box["height"] <= height, "all of it is on the screen"
            assert read_qr(await page.screenshot()) == PAYLOAD
            await show_code(page, served, link)
            assert await page.evaluate(WIDTH) == width
            code_box = await page.locator(".code").bounding_box()
            assert code_box is not None
            assert code_box["x"] + code_box["width"] <= width


async def test_the_page_follows_a_pairing_without_a_reload(
    served: Served, chromium: Browser
) -> None:
    async with new_page(chromium) as page:
        url, link = served.offer()
        await press(page, url)
        await page.evaluate("window.loaded = true")
        await show_qr(page, served, link)
        await expect(page.get_by_role("status")).to_have_text("Scan this code with WhatsApp")
        await expect(page.get_by_role("timer")).to_have_text("Expires in 0:59")
        served.show(link, qr(), SCANNED)
        await expect(page.locator(".qr")).to_have_count(0)
        await expect(
            page.get_by_role("heading", name="Your phone accepted the code")
        ).to_be_visible()
        served.show(link, qr(), SCANNED, PAIRED)
        await expect(page.get_by_text("The phone is linked to Front desk.")).to_be_visible()
        assert await page.evaluate("window.loaded")
        assert await page.evaluate("source === null"), "there is nothing more to hear"


async def test_the_page_works_without_javascript(served: Served, chromium: Browser) -> None:
    async with new_page(chromium, javascript=False) as page:
        url, link = served.offer()
        await page.goto(url)
        await page.get_by_role("button", name="Show the code").click()
        await expect(page.get_by_text("Getting a code from WhatsApp")).to_be_visible()
        served.show(link, qr())
        await expect(page.locator(".qr img")).to_be_visible(timeout=20_000)
        assert read_qr(await page.screenshot()) == PAYLOAD
        served.show(link, qr(), SCANNED)
        await expect(page.get_by_text("Your phone accepted the code")).to_be_visible(timeout=20_000)
        served.show(link, qr(), SCANNED, PAIRED)
        await expect(page.get_by_text("The phone is linked")).to_be_visible(timeout=20_000)
    async with new_page(chromium, javascript=False) as page:
        url, link = served.offer()
        served.show(link, code())
        await page.goto(url)
        await page.get_by_role("button").click()
        await expect(page.locator(".code")).to_have_text(CODE)
        await expect(page.get_by_role("button")).to_have_count(0)


async def test_a_dead_qr_is_taken_down_although_the_server_is_gone(
    served: Served, chromium: Browser
) -> None:
    async with Wire.to(served.port) as wire, new_page(chromium, expected="net::ERR") as page:
        url, link = served.offer()
        await press(page, url.replace(str(served.port), str(wire.port)))
        await show_qr(page, served, link, lifetime=4.0)
        await wire.cut()
        await expect(page.locator(".qr")).to_have_count(0, timeout=10_000)
        await expect(page.get_by_text("That code has expired")).to_be_visible()
        lost = page.get_by_text("This page has lost its connection")
        await expect(lost).to_be_visible(timeout=20_000)
        await wire.mend()
        served.show(link, code())
        await expect(page.locator(".code")).to_have_text(CODE, timeout=20_000)
        await expect(lost).to_be_hidden(timeout=20_000)


async def test_a_network_that_holds_streams_back_is_got_round(
    served: Served, chromium: Browser
) -> None:
    async def hold_back(route: Route) -> None:
        await route.fulfill(status=503)

    async with new_page(chromium, expected=NO_NETWORK) as page:
        await page.route("**/events", hold_back)
        url, link = served.offer()
        await press(page, url)
        served.show(link, code())
        await expect(page.locator(".code")).to_have_text(CODE, timeout=30_000)


@pytest.mark.parametrize("is_modern", [True, False])
async def test_the_code_is_copied(served: Served, chromium: Browser, *, is_modern: bool) -> None:
    async with new_page(chromium) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        if not is_modern:  # as with plain http on a home's network
            await page.add_init_script("navigator.clipboard.writeText = undefined")
        url, link = served.offer()
        await press(page, url)
        await show_code(page, served, link)
        await page.get_by_role("button", name="Copy").click()
        await expect(page.get_by_role("button", name="Copied")).to_be_visible()
        await expect(page.get_by_role("status")).to_have_text("Copied")
        assert (await page.evaluate("navigator.clipboard.readText()")).strip() == CODE


async def test_another_browser_is_told_to_ask_and_the_owner_comes_back(
    served: Served, chromium: Browser
) -> None:
    url, link = served.offer()
    served.show(link, code())

    async def mail(_request: web.Request) -> web.Response:
        return web.Response(text=f'<a href="{url}">link</a>', content_type="text/html")

    app = web.Application()
    app.router.add_get("/", mail)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    elsewhere = f"http://localhost:{runner.addresses[0][1]}/"
    try:
        async with new_page(chromium, expected=NO_NETWORK) as owner:
            await press(owner, url)
            await expect(owner.locator(".code")).to_have_text(CODE)
            async with new_page(chromium, expected=NO_NETWORK) as other:
                await other.goto(url)
                await expect(other.get_by_text("was opened in another browser")).to_be_visible()
                await other.get_by_role("button", name="It was this browser").click()
                await expect(other.get_by_text("was opened in another browser")).to_be_visible()
                await expect(other.locator(".code")).to_have_count(0)
            await owner.goto(elsewhere)  # a link from another site brings no strict cookie
            await owner.get_by_role("link").click()
            await owner.get_by_role("button", name="It was this browser").click()
            await expect(owner.locator(".code")).to_have_text(CODE)
    finally:
        await runner.cleanup()
