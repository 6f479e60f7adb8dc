"""Whoever looks for WhatsApp finds the integration, and its page."""

import pytest
from homeassistant.const import __version__
from homeassistant.core import HomeAssistant
from homeassistant.loader import async_get_integration, async_get_integration_descriptions

from custom_components.wuts.const import DOMAIN
from tests.custom_components.wuts.files import LANGUAGES, ROOT, read_json

FURTHEST, FUZZY = 100, 0.2
"""How the frontend's *Add integration* searches: Fuse with these, from a name's beginning."""

PAGE = "docs/home-assistant.md"
MY = "https://my.home-assistant.io/redirect"


def finds(words: str, name: str) -> bool:
    """Tell whether the frontend's search finds a name, without any typing error."""
    at = name.casefold().find(words.casefold())
    return at >= 0 and at / FURTHEST <= FUZZY


@pytest.mark.parametrize("words", ["whatsapp", "WhatsApp", "WUTS"])
async def test_it_is_found_by_its_own_and_by_whatsapps_name(
    hass: HomeAssistant, words: str
) -> None:
    described = await async_get_integration_descriptions(hass)
    found = described["custom"]["integration"][DOMAIN]
    assert finds(words, found["name"])
    assert found["config_flow"] is True


@pytest.mark.parametrize("language", LANGUAGES)
def test_its_name_is_found_in_every_language(language: str) -> None:
    title = read_json(f"translations/{language}.json")["title"]
    assert finds("whatsapp", title)
    assert title.startswith("WUTS ")


async def test_it_is_what_cores_chat_integrations_are(hass: HomeAssistant) -> None:
    """The oldest Home Assistant of ours does not know these keys yet, and takes no harm."""
    ours = await async_get_integration(hass, DOMAIN)
    model = await async_get_integration(hass, "telegram_bot")
    assert ours.integration_type == model.integration_type == "service"
    manifest = read_json("manifest.json")
    assert manifest["categories"] == ["messaging_notifications.chat_apps"]
    assert manifest["connectivity"] == ["cloud", "network"]


async def test_debug_logging_covers_what_we_require(hass: HomeAssistant) -> None:
    """The core logs below the integration's own name."""
    ours = await async_get_integration(hass, DOMAIN)
    assert ours.loggers == ["apscheduler"]


async def test_its_documentation_is_the_page_for_home_assistant(hass: HomeAssistant) -> None:
    ours = await async_get_integration(hass, DOMAIN)
    assert ours.documentation == f"https://github.com/wuts/wuts/blob/main/{PAGE}"
    assert (ROOT / PAGE).is_file()


def test_the_page_leads_into_ones_own_home_assistant() -> None:
    page = (ROOT / PAGE).read_text("utf-8")
    assert f"{MY}/config_flow_start/?domain={DOMAIN}" in page
    assert f"{MY}/hacs_repository/?owner=wuts&repository=wuts&category=integration" in page


def test_the_oldest_home_assistant_is_stated_and_is_the_one_these_tests_run_on() -> None:
    oldest = read_json("/hacs.json")["homeassistant"].removesuffix(".0")
    assert __version__.startswith(f"{oldest}.")
    assert f"Home Assistant {oldest} or later" in (ROOT / PAGE).read_text("utf-8")
