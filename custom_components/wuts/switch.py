"""Whether Home Assistant keeps a device connected."""

from typing import Any, override

from homeassistant.components.switch import SwitchEntity, SwitchEntityDescription
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry
from .core.supervisor import DeviceState
from .entity import WutsEntity, add_entities

PARALLEL_UPDATES = 0

DESCRIPTIONS = (SwitchEntityDescription(key="keep_connected", translation_key="keep_connected"),)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's switch."""
    add_entities(entry, async_add_entities, WutsSwitch, DESCRIPTIONS)


class WutsSwitch(WutsEntity, SwitchEntity):
    """On while lost sessions are reconnected."""

    @property
    @override
    def is_on(self) -> bool:
        return self.device.state is not DeviceState.PAUSED

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        await self.coordinator.async_keep_connected(self.device_id, keep=True)

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        await self.coordinator.async_keep_connected(self.device_id, keep=False)
