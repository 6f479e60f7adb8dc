"""The board in a real browser: what a person sees of it."""

import re
import time
from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.core.wuts.page.browsing import Scheme, needs_chromium, new_page
from tests.core.wuts.supervisor.home import until
from tests.wuts_cli.board.browsing import DRAWN, SLOW, WIDE, names, open_board
from tests.wuts_cli.board.serving import ACCOUNT, HOSTILE, Served, serving
from wuts.supervisor import DeviceState
from wuts_cli.board.words import LANGUAGES
from wuts_simulator import Device, Simulator

EN, PT_BR = LANGUAGES["en"], LANGUAGES["pt-BR"]

pytestmark = [pytest.mark.slow, pytest.mark.chromium, needs_chromium]


async def test_a_person_sees_the_worst_first_and_who_has_it(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    async with new_page(chromium, size=WIDE) as page:
        await open_board(page, served)
        shown = await names(page)
        assert set(shown[:2]) == {"<img src=x onerror=alert(1)> {account} …4321", "Reception"}
        assert shown[2:5] == ["Van", "Spare", "Kiosk"]
        assert sorted(shown[5:]) == ["Office", "connected"]
        assert await page.locator("img").count() == 0
        van = page.locator("#rows > li", has_text="Van")
        await expect(van).to_contain_text(re.compile(r"reconnecting since .+ try 2 in \d+\s"))
        desk = page.locator("#rows > li", has_text="Reception")
        await expect(desk).to_contain_text("The phone unlinked it. Acknowledged by")
        alerts = page.locator("#alerts > li")
        await expect(alerts).to_have_count(3)
        await expect(alerts.nth(0)).to_contain_text(EN.nobody)
        await expect(alerts.nth(1)).to_contain_text(re.compile("Muted by .*Bo <b>.* until it"))
        await expect(alerts.nth(2)).to_contain_text(re.compile("Acknowledged by .*Ana.*on my way"))
        assert await page.title() == "(1) Devices"
        await expect(page.get_by_text("Last listed by the gateway: ")).to_be_visible()
        body = await page.locator("body").inner_text()
        assert not [one.phone for one in devices.values() if one.phone and one.phone in body]
        assert HOSTILE not in body


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 360, 740, 1200])
async def test_it_fits_any_window(
    served: Served, devices: dict[str, Device], chromium: Browser, width: int, scheme: Scheme
) -> None:
    assert devices
    async with new_page(chromium, size=(width, 640), scheme=scheme, language="pt-BR") as page:
        await open_board(page, served)
        assert await page.evaluate("document.documentElement.scrollWidth") <= width
        colour = await page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert colour == {"light": "rgb(255, 255, 255)", "dark": "rgb(18, 20, 22)"}[scheme]


async def test_it_updates_by_itself(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    async with new_page(chromium, size=WIDE) as page:
        await open_board(page, served)
        await page.evaluate("window.loaded = true")
        await served.supervisor.pause(ACCOUNT, devices["Office"].id)
        office = page.locator("#rows > li", has_text="Office")
        await expect(office).to_contain_text("paused", timeout=SLOW)
        assert (await names(page))[-1] == "connected"
        served.sim.world.add_device(ACCOUNT, "Late comer", state="connected")
        served.supervisor.wake(ACCOUNT)
        await expect(page.locator("#rows > li", has_text="Late comer")).to_be_visible(timeout=SLOW)
        await expect(page.get_by_role("button", name="paused (2)")).to_be_visible()
        assert await page.evaluate("window.loaded")


async def test_rows_are_filtered_with_the_keyboard_and_the_choice_is_kept(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    assert devices
    async with new_page(chromium, size=WIDE) as page:
        await open_board(page, served)
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("link", name=EN.skip)).to_be_focused()
        await page.keyboard.press("Enter")
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("searchbox")).to_be_focused()
        await page.keyboard.type("off")
        assert await names(page) == ["Office"]
        await expect(page.get_by_role("status").filter(has_text="1 of 7")).to_be_visible()
        await page.keyboard.type("x")
        await expect(page.get_by_text(EN.none_found)).to_be_visible()
        await page.get_by_role("searchbox").fill("")
        paused = page.get_by_role("button", name="paused (1)")
        await paused.focus()
        await page.keyboard.press("Space")
        await expect(paused).to_have_attribute("aria-pressed", "true")
        assert await names(page) == ["Kiosk"]
        await page.reload()
        await expect(page.locator("#rows > li")).to_have_count(7, timeout=SLOW)
        assert await names(page) == ["Kiosk"]
        await paused.click()
        assert len(await names(page)) == 7


async def test_the_language_is_switched_and_remembered(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    assert devices
    async with new_page(chromium, size=WIDE) as page:
        await open_board(page, served)
        await page.get_by_role("button", name="Português").click()
        await expect(page.get_by_role("heading", name=PT_BR.alerts)).to_be_visible()
        reception = page.locator("#rows > li", has_text="Reception")
        await expect(reception).to_contain_text("precisa ser vinculado", timeout=SLOW)
        assert await page.evaluate("document.documentElement.lang") == "pt-BR"
        await page.reload()
        await expect(page.get_by_role("heading", name=PT_BR.alerts)).to_be_visible()
        body = await page.locator("body").inner_text()
        assert EN.no_alerts not in body
        assert not re.search(r"\{\w+\}(?! …4321)", body)


async def test_strips_show_both_periods(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    async with new_page(chromium, size=WIDE) as page:
        await open_board(page, served)
        office = page.locator("#rows > li", has_text="Office").get_by_role("img")
        label = re.compile(r"24 hours: Connected 100%.*Drops: 0")
        await expect(office).to_have_attribute("aria-label", label, timeout=SLOW)
        await expect(office.locator("path.up")).to_have_count(1)
        await page.get_by_role("button", name="90 days").click()
        label = re.compile("90 days: Connected 100%")
        await expect(office).to_have_attribute("aria-label", label, timeout=SLOW)
        spare = page.locator("#rows > li", has_text="Spare").get_by_role("img")
        await expect(spare).to_have_attribute("aria-label", re.compile(EN.uptime_unknown))
        assert devices["Spare"].id in await page.content()


async def test_without_a_store_it_says_how_to_get_uptime(sim: Simulator, chromium: Browser) -> None:
    async with serving(sim) as served, new_page(chromium) as page:
        sim.world.add_devices(ACCOUNT, 2, state="connected")
        served.supervisor.wake(ACCOUNT)
        await open_board(page, served, 2)
        await expect(page.get_by_text(EN.no_history)).to_be_visible()
        await expect(page.get_by_role("img")).to_have_count(0)


async def test_several_accounts_are_told_apart(sim: Simulator, chromium: Browser) -> None:
    accounts = {ACCOUNT: True, "שלום": True, "far": False}
    async with serving(sim, accounts=accounts) as served, new_page(chromium, size=WIDE) as page:
        sim.world.add_devices(ACCOUNT, 2, state="connected")
        for name in (ACCOUNT, "שלום"):
            served.supervisor.wake(name)
        await open_board(page, served, 4)
        await expect(page.locator("#notices > li")).to_contain_text(
            ["another process watches this account", EN.no_history]
        )
        await page.get_by_label(EN.account).select_option("שלום")
        assert len(await names(page)) == 2
        await expect(page.get_by_text("Devices shown: 2 of 4")).to_be_visible()


async def test_the_service_s_clock_counts_not_the_browser_s(
    sim: Simulator, chromium: Browser
) -> None:
    """A device that is connected since a minute, on a machine whose clock is a day ahead."""
    ahead = 86_400.0
    async with serving(sim, clock=lambda: time.time() + ahead) as served:
        sim.world.add_devices(ACCOUNT, 1, state="connected")
        served.supervisor.wake(ACCOUNT)
        async with new_page(chromium, size=WIDE) as page:
            await open_board(page, served, 1)
            await expect(page.locator("#rows > li")).to_contain_text(re.compile(r"\(1\sd\b"))


async def test_nothing_moves_for_who_asked_for_that(
    served: Served, devices: dict[str, Device], chromium: Browser
) -> None:
    for motion, moves in (("no-preference", True), ("reduce", False)):
        async with new_page(chromium, size=WIDE) as page:
            await page.emulate_media(reduced_motion=motion)  # type: ignore[arg-type]
            await page.add_init_script(
                "addEventListener('animationstart', () => { document.body.dataset.moved = true; })"
            )
            await open_board(page, served)
            # What was read first may be older than the pause: then nothing would change.
            await expect(page.locator("#rows > li.is-paused")).to_contain_text(
                "Kiosk", timeout=SLOW
            )
            await served.supervisor.resume(ACCOUNT, devices["Kiosk"].id)
            await served.until_state(devices["Kiosk"], DeviceState.CONNECTED)
            kiosk = page.locator("#rows > li.changed", has_text="Kiosk")
            await expect(kiosk).to_contain_text("connected", timeout=SLOW)
            if moves:
                await page.wait_for_selector("body[data-moved]", timeout=SLOW)
            else:
                await page.evaluate(
                    "new Promise((done) => requestAnimationFrame("
                    "() => requestAnimationFrame(done)))"
                )
                assert not await page.evaluate("'moved' in document.body.dataset")
            await served.supervisor.pause(ACCOUNT, devices["Kiosk"].id)
            await until(lambda: served.state_of(devices["Kiosk"]) is DeviceState.PAUSED)


async def test_a_thousand_devices_are_all_there_and_in_order(
    sim: Simulator, chromium: Browser
) -> None:
    async with serving(sim) as served, new_page(chromium, size=WIDE) as page:
        created = sim.world.add_devices(ACCOUNT, 1000, state="connected")
        served.supervisor.wake(ACCOUNT)
        await served.until_said(lambda said: len(said["devices"]) == 1000)
        await open_board(page, served, 1000)
        sim.world.unlink(created[700].id)
        served.supervisor.wake(ACCOUNT, created[700].id)
        first = page.locator("#rows > li").first
        await expect(first).to_contain_text("Device 701", timeout=SLOW)
        said: dict[str, Any] = await served.state()
        await page.wait_for_selector(DRAWN)
        assert await names(page) == [one["name"] for one in said["devices"]]
        await page.get_by_role("searchbox").fill("device 99")
        assert len(await names(page)) == 11
