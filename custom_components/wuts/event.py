"""What happens to a device's session, as events to automate on."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry
from .core.supervisor import DeviceState, Reason, StateChanged
from .entity import WutsEntity, add_entities

PARALLEL_UPDATES = 0

CONNECTED = "connected"
DISCONNECTED = "disconnected"
RECONNECTED = "reconnected"
NEEDS_PAIRING = "needs_pairing"
PAIRED = "paired"

DESCRIPTIONS = (
    EventEntityDescription(
        key="session",
        translation_key="session",
        event_types=[CONNECTED, DISCONNECTED, RECONNECTED, NEEDS_PAIRING, PAIRED],
    ),
)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's event entity."""
    add_entities(entry, async_add_entities, WutsEvent, DESCRIPTIONS)


class WutsEvent(WutsEntity, EventEntity):
    """The last thing that happened to a device's session."""

    _dropped = False

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            self.coordinator.async_listen_to_states(self.device_id, self._take_change)
        )

    @callback
    def _take_change(self, change: StateChanged) -> None:
        event = self._name(change)
        if event is not None:
            self._trigger_event(event)
            self.async_write_ha_state()

    def _name(self, change: StateChanged) -> str | None:
        """Return what a change is called, or None when it is no event.

        That a device was connected when it was first looked at is none: nothing has happened.
        """
        if change.new is change.old:
            return None
        match change.new:
            case DeviceState.NEEDS_PAIRING:
                return NEEDS_PAIRING
            case DeviceState.RECONNECTING if change.old is DeviceState.CONNECTED:
                self._dropped = True
                return DISCONNECTED
            case DeviceState.CONNECTED if change.reason is not Reason.FIRST_SEEN:
                dropped, self._dropped = self._dropped, False
                if change.reason is Reason.PAIRED:
                    return PAIRED
                return RECONNECTED if dropped else CONNECTED
        return None
