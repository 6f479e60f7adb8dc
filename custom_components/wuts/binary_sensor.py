"""Whether a device can send."""

from collections.abc import Callable
from dataclasses import dataclass
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
from .models import WutsDevice

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class WutsBinarySensorDescription(BinarySensorEntityDescription):
    """Describes a binary sensor by the value it takes from its device."""

    value_fn: Callable[[WutsDevice], bool]


DESCRIPTIONS = (
    WutsBinarySensorDescription(
        key="connection",
        device_class=BinarySensorDeviceClass.CONNECTIVITY,
        value_fn=lambda device: device.connected,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's binary sensors."""
    add_entities(entry, async_add_entities, WutsBinarySensor, DESCRIPTIONS)


class WutsBinarySensor(WutsEntity, BinarySensorEntity):
    """A yes or no about a device."""

    entity_description: WutsBinarySensorDescription

    @property
    @override
    def is_on(self) -> bool:
        return self.entity_description.value_fn(self.device)
