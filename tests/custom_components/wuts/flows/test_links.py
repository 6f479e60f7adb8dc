"""A pairing by a link: for somebody else's phone, and large in the present browser."""

import asyncio
import re
from collections.abc import AsyncIterator
from http import HTTPStatus

import pytest
from aiohttp import ClientSession, CookieJar
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import CONF_PHONE_NUMBER
from custom_components.wuts.core.page import PairingPages
from custom_components.wuts.core.pairing import PAIRINGS
from custom_components.wuts.pairing import pages as pages_module
from tests.custom_components.wuts.alerts.test_questions import questions
from tests.custom_components.wuts.dialog import Dialog
from tests.custom_components.wuts.helpers import (
    PATIENCE,
    AddEntry,
    Result,
    Until,
    our_tasks,
    read_qr,
    state_of,
)
from wuts_simulator import Device, Simulator

pytestmark = pytest.mark.filterwarnings("ignore:A test tried to use socket")

PHONE = "5511988887777"
OTHER = "5511977776666"


class Browser:
    """A browser of somebody who has a link and no login."""

    def __init__(self, http: ClientSession) -> None:
        self._http = http
        self.status: int = HTTPStatus.OK
        self.page = ""

    async def get(self, url: str) -> str:
        async with self._http.get(url) as answer:
            self.status, self.page = answer.status, await answer.text()
        return self.page

    async def open(self, url: str) -> str:
        """Press the button of a link's first page."""
        async with self._http.post(url) as answer:
            self.status, self.page = answer.status, await answer.text()
        return self.page

    async def sees_qr(self, url: str) -> str | None:
        found = re.search(r"data:image/png;base64,[^\"')]+", await self.get(url))
        return read_qr(found[0]) if found else None


@pytest.fixture
async def browser(home: str) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield Browser(http)


@pytest.fixture
async def stranger(home: str) -> AsyncIterator[Browser]:
    async with ClientSession(cookie_jar=CookieJar(unsafe=True)) as http:
        yield Browser(http)


@pytest.fixture
def device(sim: Simulator) -> Device:
    return sim.world.add_device(name="Front desk")


async def asks_for_link(dialog: Dialog, step: str = "page") -> str:
    await dialog.choose("qr")
    await dialog.shows("qr")
    result = await dialog.choose(step)
    assert result["step_id"] == step
    return address_in(result)


def address_in(result: Result) -> str:
    """Return the address that a dialog shows as a link."""
    match = re.search(r'href="([^"]+)"', result["description_placeholders"]["link"])
    assert match
    return match[1]


async def qr_of(browser: Browser, url: str) -> str:
    """Wait for the QR of a page that is open."""
    async with asyncio.timeout(PATIENCE):
        while (payload := await browser.sees_qr(url)) is None:  # noqa: ASYNC110 - no event
            await asyncio.sleep(0.05)
    return payload


async def test_somebody_without_a_login_links_a_phone_by_a_link_and_the_dialog_ends_well(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    browser: Browser,
    stranger: Browser,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    url = await asks_for_link(dialog)
    assert url.startswith(f"{home}/api/wuts/pair/")
    # Until it is opened, nobody pairs; the preview of a chat opens nothing.
    await stranger.get(url)
    assert stranger.status == HTTPStatus.OK
    assert PAIRINGS.owner(sim.url, device.id) is None

    await browser.open(url)
    payload = await qr_of(browser, url)
    assert (await dialog.read())["step_id"] == "opened"
    await stranger.get(url)
    assert stranger.status == HTTPStatus.FORBIDDEN
    sim.world.scan(payload, PHONE)
    assert (await dialog.ends())["reason"] == "paired"
    secret = url.rpartition("/")[2]
    assert secret not in caplog.text
    assert "page opened" in caplog.text


async def test_a_link_that_was_sent_outlives_its_dialog_and_a_reload(
    hass: HomeAssistant,
    sim: Simulator,
    browser: Browser,
    add_entry: AddEntry,
    until: Until,
    home: str,
) -> None:
    entry = await add_entry()
    sim.world.add_device(name="Other")
    dialog = await Dialog.add(hass, entry)
    await dialog.answer(device_id="new_device")
    await dialog.answer(device_name="Kitchen")
    url = await asks_for_link(dialog)
    result = await dialog.choose("sent")
    assert result["type"] is FlowResultType.CREATE_ENTRY
    await hass.async_block_till_done()
    await hass.config_entries.async_reload(entry.entry_id)

    await browser.open(url)
    sim.world.scan(await qr_of(browser, url), PHONE)
    (subentry,) = entry.subentries.values()
    await until(lambda: subentry.data[CONF_PHONE_NUMBER] == PHONE)
    await until(lambda: state_of(hass, "sensor.kitchen_state") == "connected")
    await until(lambda: "wuts pairing by a link" not in our_tasks())


async def test_another_phone_by_a_link_is_asked_about(
    hass: HomeAssistant, sim: Simulator, browser: Browser, add_entry: AddEntry, until: Until
) -> None:
    device = sim.world.add_device(name="Front desk", state="connected", phone=PHONE)
    entry = await add_entry(device)
    sim.world.unlink(device.id)
    dialog = await Dialog.again(hass, entry)
    url = await asks_for_link(dialog)
    assert (await dialog.choose("sent"))["reason"] == "link_sent"
    await browser.open(url)
    sim.world.scan(await qr_of(browser, url), OTHER)
    await until(lambda: questions(hass) == {"wrong_account"})


async def test_a_closed_dialog_ends_its_link(
    hass: HomeAssistant, device: Device, browser: Browser, add_entry: AddEntry, until: Until
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    url = await asks_for_link(dialog)
    hass.config_entries.subentries.async_abort(dialog.result["flow_id"])
    await until(lambda: not {one for one in our_tasks() if one.startswith("wuts pairing")})
    await browser.open(url)
    assert browser.status == HTTPStatus.GONE


async def test_the_qr_in_the_dialog_ends_the_link(
    hass: HomeAssistant, sim: Simulator, device: Device, browser: Browser, add_entry: AddEntry
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    url = await asks_for_link(dialog)
    await dialog.choose("qr")
    texts = await dialog.shows("qr")
    await browser.open(url)
    assert browser.status == HTTPStatus.GONE
    sim.world.scan(read_qr(texts["qr"]), PHONE)
    assert (await dialog.ends())["reason"] == "paired"


async def test_a_link_that_nobody_opens_is_told(
    hass: HomeAssistant,
    home: str,
    device: Device,
    add_entry: AddEntry,
) -> None:
    entry = await add_entry(device)
    hass.data[pages_module._PAGES] = PairingPages(lifetime=0.5)
    dialog = await Dialog.again(hass, entry)
    await asks_for_link(dialog)
    result = await dialog.ends()
    assert result["step_id"] == "failed"
    assert result["errors"] == {"base": "link_expired"}


async def test_without_an_address_it_says_how_to_set_one(
    hass: HomeAssistant, device: Device, add_entry: AddEntry
) -> None:
    dialog = await Dialog.again(hass, await add_entry(device))
    await dialog.choose("qr")
    await dialog.shows("qr")
    assert (await dialog.choose("page"))["step_id"] == "no_address"
    await dialog.choose("qr")
    await dialog.shows("qr")


@pytest.mark.parametrize("method", ["qr", "code"])
async def test_it_is_shown_large_in_the_present_browser(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    browser: Browser,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    method: str,
) -> None:
    await hass.config.async_update(internal_url=home)
    dialog = await Dialog.again(hass, await add_entry(device))
    if method == "code":
        await dialog.choose("phone")
        await dialog.answer(phone_number=f"+{PHONE}")
        await dialog.shows("code")
        url = address_in(await dialog.choose("large"))
        await browser.open(url)
        await until(lambda: device.code is not None)
        assert device.code is not None
        sim.world.enter_code(device.id, device.code.code)
    else:
        url = await asks_for_link(dialog, "large")
        await browser.open(url)
        sim.world.scan(await qr_of(browser, url), PHONE)
    assert (await dialog.ends())["reason"] == "paired"


@pytest.mark.parametrize("opened", [True, False])
async def test_an_account_that_is_removed_ends_its_links(
    hass: HomeAssistant,
    device: Device,
    browser: Browser,
    add_entry: AddEntry,
    until: Until,
    opened: bool,
) -> None:
    entry: MockConfigEntry = await add_entry(device)
    dialog = await Dialog.again(hass, entry)
    url = await asks_for_link(dialog)
    if opened:
        await browser.open(url)
        await qr_of(browser, url)
    await hass.config_entries.async_remove(entry.entry_id)
    result = await dialog.ends()
    assert result["reason"] == "account_removed"
    await browser.open(url)
    assert await browser.sees_qr(url) is None
