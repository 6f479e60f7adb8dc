"""What the entities of WhatsApp devices share."""

from collections.abc import Callable
from typing import Any, override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .account.members import identifier_of
from .alerts.details import details_of
from .const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_DEVICE
from .coordinator import WutsConfigEntry, WutsCoordinator
from .core.supervisor import Alert
from .models import WutsDevice


class WutsBaseEntity(CoordinatorEntity[WutsCoordinator]):
    """An entity of a subentry that needs a WhatsApp device."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: WutsCoordinator, subentry: ConfigSubentry, identifier: str
    ) -> None:
        super().__init__(coordinator)
        self._subentry = subentry
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, identifier)},
            manufacturer="WUTS",
            model="WhatsApp",  # Home Assistant translates no model
            name=subentry.title,
        )

    @property
    def device_id(self) -> str:
        """The gateway's id of the device; a person may choose another one for a recipient."""
        device_id: str = self._subentry.data[CONF_DEVICE_ID]
        return device_id

    @property
    @override
    def available(self) -> bool:
        return super().available and self.device_id in self.coordinator.data


class WutsEntity(WutsBaseEntity):
    """An entity of a WhatsApp device."""

    def __init__(
        self, coordinator: WutsCoordinator, subentry: ConfigSubentry, description: EntityDescription
    ) -> None:
        identifier = identifier_of(coordinator.config_entry, subentry.data[CONF_DEVICE_ID])
        super().__init__(coordinator, subentry, identifier)
        self.subentry_id = subentry.subentry_id
        self.entity_description = description
        self._attr_unique_id = f"{identifier}_{description.key}"

    @property
    def key(self) -> tuple[str, str]:
        """The account's and the device's id."""
        return self.coordinator.config_entry.entry_id, self.device_id

    @property
    def device(self) -> WutsDevice:
        """The device's present state."""
        return self.coordinator.data[self.device_id]

    def details_of(self, alert: Alert) -> dict[str, Any]:
        """Return what automations may want to know of an alert of the device."""
        return details_of(alert, self.coordinator.supervisor.alerts.mute_of(alert))


def add_entities[D: EntityDescription](
    entry: WutsConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    kind: Callable[[WutsCoordinator, ConfigSubentry, D], WutsEntity],
    descriptions: tuple[D, ...],
) -> None:
    """Add one entity of ``kind`` per description to each device, now and when one is added."""

    def add_device(subentry: ConfigSubentry) -> None:
        entities = [kind(entry.runtime_data, subentry, description) for description in descriptions]
        add(entities, config_subentry_id=subentry.subentry_id)

    entry.runtime_data.members.async_for_each(SUBENTRY_DEVICE, add_device)


@callback
def only_ours(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return the entities of this integration, where a user may choose a whole area."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entity_ids
        if (entry := registry.async_get(entity_id)) is not None and entry.platform == DOMAIN
    }
