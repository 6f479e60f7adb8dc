"""A device's state, its next reconnect, its phone, and how it is paired on a dashboard."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry, WutsCoordinator
from .core.pairing import Stage
from .core.supervisor import DeviceState
from .entity import WutsEntity, add_entities
from .models import WutsDevice
from .pairing.dashboards import wanted
from .pairing.dialog import PairingDialog, async_dialog_of, signal_of

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

IDLE = "idle"

OF_PAIRING = (
    SensorEntityDescription(
        key="pairing",
        translation_key="pairing",
        device_class=SensorDeviceClass.ENUM,
        options=[IDLE, *(stage.value for stage in Stage)],
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's sensors."""
    add_entities(entry, async_add_entities, WutsSensor, DESCRIPTIONS)
    add_entities(entry, async_add_entities, WutsPairingSensor, wanted(entry, OF_PAIRING))


class WutsSensor(WutsEntity, SensorEntity):
    """A value of a device."""

    entity_description: WutsSensorDescription

    @property
    @override
    def native_value(self) -> str | int | datetime | None:
        return self.entity_description.value_fn(self.device)


class WutsPairingSensor(WutsEntity, SensorEntity):
    """What a person beside the image of the QR has to know: the pairing's stage, and why.

    How it ended is shown until the next one begins.
    """

    _attr_native_value = IDLE

    def __init__(
        self,
        coordinator: WutsCoordinator,
        subentry: ConfigSubentry,
        description: SensorEntityDescription,
    ) -> None:
        super().__init__(coordinator, subentry, description)
        dialog = async_dialog_of(coordinator.hass, *self.key)
        if dialog is not None:
            self._show(dialog)

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(self.hass, signal_of(*self.key), self._take_change)
        )

    @callback
    def _take_change(self, dialog: PairingDialog) -> None:
        self._show(dialog)
        self.async_write_ha_state()

    def _show(self, dialog: PairingDialog) -> None:
        is_cancelled = dialog.is_over and dialog.view.outcome is None
        self._attr_native_value = IDLE if is_cancelled else dialog.view.stage.value
        self._attr_extra_state_attributes = {"reason": None if is_cancelled else dialog.reason}
