"""What a device is, when it is tried next, whose phone it is."""

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
from .models import DeviceReport

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class WutsSensorDescription(SensorEntityDescription):
    """Describes a sensor by what it reads from a report."""

    value_fn: Callable[[DeviceReport], str | int | datetime | None]


DESCRIPTIONS = (
    WutsSensorDescription(
        key="state",
        translation_key="state",
        device_class=SensorDeviceClass.ENUM,
        # A device that the gateway has no more has no state: its entities are unavailable.
        options=[state.value for state in DeviceState if state is not DeviceState.GONE],
        value_fn=lambda report: report.state.value,
    ),
    WutsSensorDescription(
        key="next_try",
        translation_key="next_try",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda report: report.next_try,
    ),
    WutsSensorDescription(
        key="attempts",
        translation_key="attempts",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda report: report.attempt,
    ),
    WutsSensorDescription(
        key="last_seen",
        translation_key="last_seen",
        device_class=SensorDeviceClass.TIMESTAMP,
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda report: report.last_seen,
    ),
    WutsSensorDescription(
        key="phone_number",
        translation_key="phone_number",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        value_fn=lambda report: report.phone_number,
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
        return self.entity_description.value_fn(self.report)
