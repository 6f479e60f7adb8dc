"""Recipients of messages, as notify entities."""

from typing import override

from homeassistant.components.notify import NotifyEntity
from homeassistant.components.notify.const import NotifyEntityFeature
from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .account.members import identifier_of
from .const import CONF_RECIPIENT, DOMAIN, SUBENTRY_RECIPIENT
from .coordinator import WutsConfigEntry, WutsCoordinator
from .entity import WutsBaseEntity
from .errors import translated_errors

PARALLEL_UPDATES = 1


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add an entity for each recipient, now and when one is added."""

    def add_recipient(subentry: ConfigSubentry) -> None:
        entity = WutsNotify(entry.runtime_data, subentry)
        async_add_entities([entity], config_subentry_id=subentry.subentry_id)

    entry.runtime_data.members.async_for_each(SUBENTRY_RECIPIENT, add_recipient)


class WutsNotify(WutsBaseEntity, NotifyEntity):
    """A recipient. It is available for as long as its sending device is set up.

    Home Assistant silently skips unavailable entities, but a message that cannot be sent must fail
    visibly.
    """

    _attr_name = None
    _attr_supported_features = NotifyEntityFeature.TITLE

    def __init__(self, coordinator: WutsCoordinator, subentry: ConfigSubentry) -> None:
        super().__init__(coordinator, subentry, subentry.subentry_id)
        self._attr_unique_id = subentry.subentry_id

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self._show_sender()

    @callback
    @override
    def _handle_coordinator_update(self) -> None:
        self._show_sender()
        super()._handle_coordinator_update()

    @callback
    def _show_sender(self) -> None:
        """Show by which device the recipient is reached; it may be added later, or be another."""
        entry, registry = self.coordinator.config_entry, dr.async_get(self.hass)
        identifier = (DOMAIN, identifier_of(entry, self.device_id))
        sender = registry.async_get_device_by_identifier(identifier, entry.entry_id)
        if self.device_entry is None or sender is None:
            return
        # What the entity has of its device may be older: removing the sender changes that too.
        own = registry.async_get(self.device_entry.id, include_child_devices=False)
        if own is not None and own.via_device_id != sender.id:
            registry.async_update_device(own.id, via_device_id=sender.id)

    @property
    @override
    def available(self) -> bool:
        return self.device_id in self.coordinator.members.names

    @override
    async def async_send_message(self, message: str, title: str | None = None) -> None:
        """Send a message, below its title in bold if it has one.

        Raises:
            HomeAssistantError: It was not sent; at once where the device is known to be down.
        """
        self.coordinator.check_sends(self.device_id)
        text = message if title is None else f"*{title}*\n{message}"
        recipient = self._subentry.data[CONF_RECIPIENT]
        with translated_errors():
            await self.coordinator.client.send_text(recipient, text, self.device_id)
