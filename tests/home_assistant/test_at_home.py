"""How a real Home Assistant knows the integration: what it says of itself, and its images."""

import json
from zipfile import ZipFile

import httpx
import pytest

from scripts.lib.home_assistant import ARCHIVE, HASS
from scripts.lib.home_page import HomePage
from tests.home_assistant.house import House

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.chromium,
    pytest.mark.timeout(900),
]

CONNECTED = "() => document.querySelector('home-assistant')?.hass?.connection"
ASK = "type => document.querySelector('home-assistant').hass.callWS({type})"
LIKE_US = ("telegram_bot", "signal_messenger")
"""Core's chat integrations that reach a service or a server of one's own, as ours does."""


async def test_it_is_described_as_cores_chat_integrations_are(window: HomePage) -> None:
    await window.show("/config/integrations/dashboard")
    await window.page.wait_for_function(CONNECTED)
    described = await window.page.evaluate(ASK, "integration/descriptions")
    ours = described["custom"]["integration"]["wuts"]
    assert ours["name"] == "WUTS for WhatsApp"
    assert ours["integration_type"] == "service"
    (components,) = HASS.parents[1].glob("lib/python*/site-packages/homeassistant/components")
    for model in LIKE_US:
        core = json.loads((components / model / "manifest.json").read_text())
        assert (ours["categories"], ours["connectivity"]) == (
            core["categories"],
            core["connectivity"],
        )


@pytest.mark.parametrize("theme", ["", "dark_"])
@pytest.mark.parametrize("kind", ["icon", "logo"])
@pytest.mark.parametrize("size", ["", "@2x"])
async def test_its_own_images_are_shown(
    house: House, window: HomePage, theme: str, kind: str, size: str
) -> None:
    await window.show("/config/integrations/dashboard")
    await window.page.wait_for_function(CONNECTED)
    token = (await window.page.evaluate(ASK, "brands/access_token"))["token"]
    name = f"{theme}{kind}{size}.png"
    address = f"{house.home.url}/api/brands/integration/wuts/{name}"
    async with httpx.AsyncClient(trust_env=False) as http:
        answer = await http.get(address, params={"token": token})
    with ZipFile(ARCHIVE) as archive:
        assert answer.content == archive.read(f"brand/{name}")
