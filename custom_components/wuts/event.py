"""What happens to a device, as events for automations: to its session, alerts and messages."""

from typing import override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .coordinator import WutsConfigEntry
from .core.supervisor import (
    Alert,
    AlertKind,
    AlertStatus,
    AlertUpdate,
    AlertUpdated,
    DeviceState,
    Reason,
    StateChanged,
)
from .entity import WutsEntity, add_entities
from .push.message_event import KEY, RECEIVED, add_message_entities
from .signals import signal_of_alerts, signal_of_states

PARALLEL_UPDATES = 0

CONNECTED = "connected"
DISCONNECTED = "disconnected"
RECONNECTED = "reconnected"
NEEDS_PAIRING = "needs_pairing"
PAIRED = "paired"
REFUSED = "refused"

EVENTS = {DeviceState.NEEDS_PAIRING: NEEDS_PAIRING, DeviceState.REFUSED: REFUSED}
"""States that are reported however they came about."""

ALERTS = {
    NEEDS_PAIRING: AlertKind.NEEDS_PAIRING,
    REFUSED: AlertKind.DEVICE_REFUSED,
}
"""The alerts that these events open."""

DESCRIPTIONS = (
    EventEntityDescription(
        key="session",
        translation_key="session",
        event_types=[CONNECTED, DISCONNECTED, RECONNECTED, NEEDS_PAIRING, PAIRED, REFUSED],
    ),
)

OF_ALERTS = (
    EventEntityDescription(
        key="alert",
        translation_key="alert",
        event_types=[*(one.value for one in AlertStatus), *(one.value for one in AlertUpdate)],
    ),
)

OF_MESSAGES = (EventEntityDescription(key=KEY, translation_key="message", event_types=[RECEIVED]),)


async def async_setup_entry(
    hass: HomeAssistant, entry: WutsConfigEntry, async_add_entities: AddConfigEntryEntitiesCallback
) -> None:
    """Add each device's event entities."""
    add_entities(entry, async_add_entities, WutsEvent, DESCRIPTIONS)
    add_entities(entry, async_add_entities, WutsAlertEvent, OF_ALERTS)
    add_message_entities(entry, async_add_entities, OF_MESSAGES)


class WutsEvent(WutsEntity, EventEntity):
    """The last thing that happened to a device's session."""

    _dropped = False

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(self.hass, signal_of_states(*self.key), self._take_change)
        )

    @callback
    def _take_change(self, change: StateChanged) -> None:
        event = self._event_of(change)
        if event is None:
            return
        kind = ALERTS.get(event)
        alert = None if kind is None else self.coordinator.async_alert_of(self.device_id, kind)
        self._trigger_event(event, None if alert is None else self.details_of(alert))
        self.async_write_ha_state()

    def _event_of(self, change: StateChanged) -> str | None:
        """Return the event of a change, or None.

        A device that is connected when it is first seen has no event: nothing has happened.
        """
        if change.new is change.old:
            return None
        match change.new:
            case DeviceState.NEEDS_PAIRING | DeviceState.REFUSED:
                return EVENTS[change.new]
            case DeviceState.RECONNECTING if change.old is DeviceState.CONNECTED:
                self._dropped = True
                return DISCONNECTED
            case DeviceState.CONNECTED if change.reason is not Reason.FIRST_SEEN:
                dropped, self._dropped = self._dropped, False
                if change.reason is Reason.PAIRED:
                    return PAIRED
                return RECONNECTED if dropped else CONNECTED
        return None


class WutsAlertEvent(WutsEntity, EventEntity):
    """The last thing that happened to an alert of a device; also while its gateway is away."""

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        signal = signal_of_alerts(self.coordinator.config_entry.entry_id)
        self.async_on_remove(async_dispatcher_connect(self.hass, signal, self._take_alert))

    @property
    @override
    def available(self) -> bool:
        return True

    @callback
    def _take_alert(self, event: Alert | AlertUpdated) -> None:
        alert, name = (
            (event, event.status.value)
            if isinstance(event, Alert)
            else (event.alert, event.update.value)
        )
        if alert.device_id != self.device_id:
            return
        self._trigger_event(name, self.details_of(alert))
        self.async_write_ha_state()
