"""Looks up our own translated texts, for the places where Home Assistant does not do it itself."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers.translation import async_get_translations

from .const import DOMAIN


async def text_of(hass: HomeAssistant, category: str, key: str) -> str:
    """Return a text in the language of this Home Assistant.

    Args:
        hass: Home Assistant.
        category: The part of the translations, such as ``exceptions``.
        key: The dotted path inside it.
    """
    texts = await async_get_translations(hass, hass.config.language, category, [DOMAIN])
    return texts[f"component.{DOMAIN}.{category}.{key}"]
