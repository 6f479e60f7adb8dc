"""Tells our entities from others, where a user may choose a whole area."""

from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er

from .const import DOMAIN


@callback
def ours(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return those of some entities that are this integration's."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entity_ids
        if (entry := registry.async_get(entity_id)) is not None and entry.platform == DOMAIN
    }
