"""Conditions for automations: a device is connected."""

from typing import override

from homeassistant.components.binary_sensor.const import BinarySensorDeviceClass
from homeassistant.const import STATE_ON, Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.condition import Condition, EntityStateConditionBase

from .entity import only_ours

CONNECTIONS: dict[str, DomainSpec] = {
    Platform.BINARY_SENSOR: DomainSpec(device_class=BinarySensorDeviceClass.CONNECTIVITY)
}
CONNECTED: set[str | bool] = {STATE_ON}


class ConnectedCondition(EntityStateConditionBase):
    """True while devices are connected."""

    _domain_specs = CONNECTIONS
    _states = CONNECTED

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        return only_ours(self._hass, super().entity_filter(entities))


CONDITIONS: dict[str, type[Condition]] = {"is_connected": ConnectedCondition}


async def async_get_conditions(hass: HomeAssistant) -> dict[str, type[Condition]]:
    """Return the conditions by their names after ``wuts.``."""
    return CONDITIONS
