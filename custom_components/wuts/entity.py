"""What all entities share: a device, its report, and when it is available."""

from collections.abc import Callable
from typing import override

from homeassistant.config_entries import ConfigSubentry
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_DEVICE
from .coordinator import WutsConfigEntry, WutsCoordinator
from .models import DeviceReport


class WutsEntity(CoordinatorEntity[WutsCoordinator]):
    """An entity of one WhatsApp device.

    Args:
        coordinator: The device's account.
        subentry: The device, as it was added.
        description: Which of the device's entities this is.
    """

    _attr_has_entity_name = True

    def __init__(
        self,
        coordinator: WutsCoordinator,
        subentry: ConfigSubentry,
        description: EntityDescription,
    ) -> None:
        super().__init__(coordinator)
        self.subentry = subentry
        self.device_id: str = subentry.data[CONF_DEVICE_ID]
        self.entity_description = description
        self._attr_unique_id = f"{self.device_id}_{description.key}"
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, self.device_id)},
            manufacturer="WUTS",
            model="WhatsApp device",
            name=subentry.title,
        )

    @property
    @override
    def available(self) -> bool:
        return super().available and self.device_id in self.coordinator.data

    @property
    def report(self) -> DeviceReport:
        """What is known of the device."""
        return self.coordinator.data[self.device_id]


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
