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

from .alert_details import details_of
from .const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_DEVICE
from .coordinator import WutsConfigEntry, WutsCoordinator
from .core.supervisor import Alert
from .models import WutsDevice


class WutsBaseEntity(CoordinatorEntity[WutsCoordinator]):
    """An entity of a subentry that needs a WhatsApp device."""

    _attr_has_entity_name = True

    def __init__(
        self, coordinator: WutsCoordinator, subentry: ConfigSubentry, identifier: str, model: str
    ) -> None:
        super().__init__(coordinator)
        self.device_id: str = subentry.data[CONF_DEVICE_ID]
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, identifier)},
            manufacturer="WUTS",
            model=model,
            name=subentry.title,
        )

    @property
    @override
    def available(self) -> bool:
        return super().available and self.device_id in self.coordinator.data


class WutsEntity(WutsBaseEntity):
    """An entity of a WhatsApp device."""

    def __init__(
        self, coordinator: WutsCoordinator, subentry: ConfigSubentry, description: EntityDescription
    ) -> None:
        super().__init__(coordinator, subentry, subentry.data[CONF_DEVICE_ID], "WhatsApp device")
        self.subentry_id = subentry.subentry_id
        self.entity_description = description
        self._attr_unique_id = f"{self.device_id}_{description.key}"

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
    """Add one entity of ``kind`` per description to each of the account's devices."""
    for subentry in entry.get_subentries_of_type(SUBENTRY_DEVICE):
        entities = [kind(entry.runtime_data, subentry, description) for description in descriptions]
        add(entities, config_subentry_id=subentry.subentry_id)


@callback
def only_ours(hass: HomeAssistant, entity_ids: set[str]) -> set[str]:
    """Return the entities of this integration, where a user may choose a whole area."""
    registry = er.async_get(hass)
    return {
        entity_id
        for entity_id in entity_ids
        if (entry := registry.async_get(entity_id)) is not None and entry.platform == DOMAIN
    }
