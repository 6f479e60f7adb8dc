"""Sends a message to a recipient that the user has added."""

from typing import override

from homeassistant.components.notify import NotifyEntity
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONF_DEVICE_ID, CONF_RECIPIENT, DOMAIN
from .coordinator import WutsConfigEntry, WutsCoordinator
from .core.errors import WutsError
from .errors import action_failed
from .recipients import recipients_of

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add an entity for each recipient."""
    for subentry in recipients_of(entry):
        async_add_entities(
            [WutsNotify(entry.runtime_data, subentry)], config_subentry_id=subentry.subentry_id
        )


class WutsNotify(CoordinatorEntity[WutsCoordinator], NotifyEntity):
    """A recipient; it is available while its sending device is there, connected or not.

    Home Assistant passes over what is unavailable without a word, and a message that cannot be sent
    now must fail aloud.

    Args:
        coordinator: The recipient's account.
        subentry: The recipient, as it was added.
    """

    _attr_has_entity_name = True
    _attr_name = None
    _attr_supported_features = NotifyEntityFeature.TITLE

    def __init__(self, coordinator: WutsCoordinator, subentry: ConfigSubentry) -> None:
        super().__init__(coordinator)
        self._recipient: str = subentry.data[CONF_RECIPIENT]
        self._device_id: str = subentry.data[CONF_DEVICE_ID]
        self._attr_unique_id = subentry.subentry_id
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, subentry.subentry_id)},
            manufacturer="WUTS",
            model="WhatsApp recipient",
            name=subentry.title,
        )

    @property
    @override
    def available(self) -> bool:
        return super().available and self._device_id in self.coordinator.data

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a message, below its title in bold if it has one.

        Raises:
            HomeAssistantError: It was not sent.
        """
        text = message if title is None else f"*{title}*\n{message}"
        try:
            await self.coordinator.client.send_text(self._recipient, text, self._device_id)
        except WutsError as error:
            raise action_failed(error) from error
