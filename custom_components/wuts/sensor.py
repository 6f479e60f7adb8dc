"""A device's state, its next reconnect and its phone."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry
from .core.supervisor import DeviceState
from .entity import WutsEntity, add_entities
from .models import WutsDevice

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class WutsSensorDescription(SensorEntityDescription):
    """Describes a sensor by the value it takes from its device."""

    value_fn: Callable[[WutsDevice], str | int | datetime | None]


DESCRIPTIONS = (
    WutsSensorDescription(
        key="state",
        translation_key="state",
        device_class=SensorDeviceClass.ENUM,
        # A device that is gone from the gateway has no state: its entities are unavailable.
        options=[state.value for state in DeviceState if state is not DeviceState.GONE],
        value_fn=lambda device: device.state.value,
    ),
    WutsSensorDescription(
        key="next_try",
        translation_key="next_try",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda device: device.next_try,
    ),
    WutsSensorDescription(
        key="attempts",
        translation_key="attempts",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda device: device.attempt,
    ),
    WutsSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda device: device.last_seen,
    ),
    WutsSensorDescription(
        key="phone_number",
        translation_key="phone_number",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda device: device.phone_number,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's sensors."""
    add_entities(entry, async_add_entities, WutsSensor, DESCRIPTIONS)


class WutsSensor(WutsEntity, SensorEntity):
    """A value of a device."""

    entity_description: WutsSensorDescription

    @property
    @override
    def native_value(self) -> str | int | datetime | None:
        return self.entity_description.value_fn(self.device)
