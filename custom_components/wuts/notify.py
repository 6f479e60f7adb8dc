"""Recipients of messages, as notify entities."""

from typing import override

from homeassistant.components.notify import NotifyEntity
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .const import CONF_RECIPIENT
from .coordinator import WutsConfigEntry, WutsCoordinator, recipients_of
from .entity import WutsBaseEntity
from .errors import translated_errors

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add an entity for each recipient."""
    for subentry in recipients_of(entry):
        async_add_entities(
            [WutsNotify(entry.runtime_data, subentry)], config_subentry_id=subentry.subentry_id
        )


class WutsNotify(WutsBaseEntity, NotifyEntity):
    """A recipient. It is available even while its sending device is not connected.

    Home Assistant silently skips unavailable entities, but a message that cannot be sent must fail
    visibly.
    """

    _attr_name = None
    _attr_supported_features = NotifyEntityFeature.TITLE

    def __init__(self, coordinator: WutsCoordinator, subentry: ConfigSubentry) -> None:
        super().__init__(coordinator, subentry, subentry.subentry_id, "WhatsApp recipient")
        self._recipient: str = subentry.data[CONF_RECIPIENT]
        self._attr_unique_id = subentry.subentry_id

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a message, below its title in bold if it has one.

        Raises:
            HomeAssistantError: It was not sent.
        """
        text = message if title is None else f"*{title}*\n{message}"
        with translated_errors():
            await self.coordinator.client.send_text(self._recipient, text, self.device_id)
