"""Whether a device can send."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry
from .entity import WutsEntity, add_entities

PARALLEL_UPDATES = 0

DESCRIPTIONS = (
    BinarySensorEntityDescription(
        key="connection", device_class=BinarySensorDeviceClass.CONNECTIVITY
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's binary sensor."""
    add_entities(entry, async_add_entities, WutsBinarySensor, DESCRIPTIONS)


class WutsBinarySensor(WutsEntity, BinarySensorEntity):
    """On while the device is connected."""

    @property
    @override
    def is_on(self) -> bool:
        return self.device.connected
