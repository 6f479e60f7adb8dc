"""The page in a real browser."""

from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Locator, Page, async_playwright, expect

from tests.wuts_simulator.conftest import Start
from tests.wuts_simulator.gateway import PHONE, Api
from wuts_simulator import Settings, Simulator

pytestmark = pytest.mark.chromium

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture
async def sim(start: Start) -> Simulator:
    return await start(Settings(connecting_for=0))


@pytest.fixture
async def page(chromium: str, sim: Simulator) -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        page = await browser.new_page(viewport={"width": 390, "height": 844})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text))
        await page.goto(f"{sim.url}/phone")
        yield page
        await browser.close()
    # What the browser says of an answer that we meant to be a refusal.
    assert [said for said in complaints if "Failed to load resource" not in said] == []


def card(page: Page, name: str) -> Locator:
    return page.locator(".card", has=page.get_by_role("heading", name=name, exact=True))


async def test_a_person_scans_drops_and_unlinks(page: Page, api: Api, sim: Simulator) -> None:
    await expect(page.get_by_text("There is no device yet.")).to_be_visible()
    device = sim.world.add_device("home", "Reception")
    await api.get("/qr")
    reception = card(page, "Reception")
    await expect(reception.get_by_text("Waiting for a phone")).to_be_visible()
    await expect(reception.get_by_text("1:00 left")).to_be_visible()
    await expect(reception.locator("img")).to_have_js_property("naturalWidth", 520)

    await page.get_by_label("Scan with phone").fill("12")
    await reception.get_by_role("button", name="Scan", exact=True).click()
    await expect(reception.get_by_role("alert")).to_contain_text("10 to 15 digits")
    await page.get_by_label("Scan with phone").fill("+55 11 99999-9999")
    await reception.get_by_role("button", name="Scan", exact=True).click()
    await expect(reception.get_by_text(f"Linked to {PHONE}")).to_be_visible()
    await expect(reception.get_by_role("alert")).to_be_hidden()

    await reception.get_by_role("button", name="Drop session").click()
    await expect(reception.get_by_text("Disconnected")).to_be_visible()
    await reception.get_by_role("button", name="Unlink").click()
    await expect(reception.get_by_text("Not linked")).to_be_visible()
    assert device.phone is None


async def test_a_phone_asks_for_a_passkey_and_is_refused_and_goes_offline(
    page: Page, api: Api, sim: Simulator
) -> None:
    device = sim.world.add_device("home", "Reception")
    reception = card(page, "Reception")

    async def scan(then: str) -> None:
        await api.get("/qr")
        await page.get_by_label("Then it").select_option(then)
        await reception.get_by_role("button", name="Scan", exact=True).click()

    await scan("asks for a passkey")
    await expect(reception.get_by_text("Asks for a passkey", exact=True)).to_be_visible()
    await reception.get_by_role("button", name="Give up").click()
    await expect(reception.get_by_text("Not linked")).to_be_visible()
    await scan("is refused by WhatsApp")
    await expect(reception.get_by_text("Not linked")).to_be_visible()
    await scan("goes offline")
    await expect(reception.get_by_text("Phone offline")).to_be_visible()
    await reception.get_by_role("button", name="Bring the phone online").click()
    await expect(reception.get_by_text("Connected", exact=True)).to_be_visible()
    await reception.get_by_role("button", name="Unlink").click()
    await scan("asks for a passkey")
    await reception.get_by_role("button", name="Create a passkey").click()
    await expect(reception.get_by_text(f"Linked to {PHONE}")).to_be_visible()
    assert device.is_connected


async def test_a_person_scans_an_expired_qr(page: Page, api: Api, sim: Simulator) -> None:
    sim.world.add_device("home", "Reception")
    reception = card(page, "Reception")
    await api.get("/qr")
    await expect(reception.get_by_text("Waiting for a phone")).to_be_visible()
    await expect(reception.get_by_role("button", name="Scan an expired QR")).to_be_hidden()
    await api.get("/qr", refresh="true")
    await reception.get_by_role("button", name="Scan an expired QR").click()
    await expect(reception.get_by_role("alert")).to_contain_text("Expired")


async def test_a_person_types_the_code(page: Page, api: Api, sim: Simulator) -> None:
    sim.world.add_device("home", "Kitchen")
    code = (await api.post("/paircode", json={"phone": PHONE})).data["code"]
    kitchen = card(page, "Kitchen")
    await expect(kitchen.get_by_text(code)).to_be_visible()
    await expect(kitchen.get_by_text("5:00 left")).to_be_visible()
    await kitchen.get_by_label("Code to type").fill(code.lower())
    await kitchen.get_by_role("button", name="Type the code").click()
    await expect(kitchen.get_by_text(f"Linked to {PHONE}")).to_be_visible()


async def test_a_person_breaks_mends_and_restarts_the_gateway(
    page: Page, api: Api, sim: Simulator
) -> None:
    device = sim.world.add_device("home", state="connected")
    await page.get_by_label("Break for").fill("45")
    await page.get_by_role("button", name="Break").click()
    await expect(page.get_by_text("Gateway broken for 45 s")).to_be_visible()
    assert (await api.get("/status")).status == 503
    await page.get_by_role("button", name="Fix now").click()
    await expect(page.get_by_text("Gateway up")).to_be_visible()
    assert (await api.get("/status")).status == 200
    await page.get_by_role("button", name="Restart").click()
    await expect(card(page, device.name).get_by_text("Disconnected")).to_be_visible()


async def test_a_person_finds_one_device_among_50000(page: Page, sim: Simulator) -> None:
    sim.world.add_devices("home", 50_000, "Fleet", state="connected")
    await expect(page.get_by_text("1 of 4167 · 50000 devices")).to_be_visible()
    await page.get_by_role("button", name="Next").click()
    await expect(card(page, "Fleet 13")).to_be_visible()
    await page.get_by_label("Search devices").fill("fleet 49999")
    await expect(card(page, "Fleet 49999")).to_be_visible()
    await expect(page.locator(".card")).to_have_count(1)
    await page.get_by_label("Search devices").fill("no such thing")
    await expect(page.get_by_text("No device matches.")).to_be_visible()


async def test_typing_is_not_disturbed_by_what_is_new(page: Page, api: Api, sim: Simulator) -> None:
    device = sim.world.add_device("home", "Kitchen")
    await api.post("/paircode", json={"phone": PHONE})
    typed = card(page, "Kitchen").get_by_label("Code to type")
    await typed.fill("ABCD")
    await api.get("/qr")
    await expect(card(page, "Kitchen").locator("img")).to_be_visible()
    await expect(typed).to_have_value("ABCD")
    await expect(typed).to_be_focused()
    sim.world.remove(device.id)
    await expect(card(page, "Kitchen")).to_have_count(0)


@pytest.mark.parametrize("width", [320, 390, 768, 1280])
async def test_nothing_is_wider_than_the_screen(
    page: Page, api: Api, sim: Simulator, width: int
) -> None:
    sim.world.add_device("home", "A device with quite a long name that goes on and on")
    await api.get("/qr")
    await api.post("/paircode", json={"phone": PHONE})
    await page.set_viewport_size({"width": width, "height": 800})
    await expect(page.locator(".card img")).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") == width
