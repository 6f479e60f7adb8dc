"""Triggers for automations: what happened to a device's session, and messages that reached it."""

from typing import ClassVar, override

from homeassistant.components.event import EventEntityStateAttribute
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, State
from homeassistant.helpers.automation import DomainSpec
from homeassistant.helpers.trigger import (
    NotTriggeredReasonReporter,
    StatelessEntityTriggerBase,
    Trigger,
)

from .entity import only_ours
from .event import NEEDS_PAIRING, RECONNECTED, REFUSED
from .push.message_trigger import MessageReceivedTrigger

EVENTS: dict[str, DomainSpec] = {Platform.EVENT: DomainSpec()}


class SessionTrigger(StatelessEntityTriggerBase):
    """Fires on one type of event of a device's event entity."""

    _domain_specs = EVENTS
    event_type: ClassVar[str]

    @override
    def entity_filter(self, entities: set[str]) -> set[str]:
        return only_ours(self._hass, super().entity_filter(entities))

    @override
    def is_valid_state(
        self, state: State, report_not_triggered: NotTriggeredReasonReporter
    ) -> bool:
        return state.attributes.get(EventEntityStateAttribute.EVENT_TYPE) == self.event_type


class NeedsPairingTrigger(SessionTrigger):
    """Fires when a phone has unlinked a device, which must be paired again."""

    event_type = NEEDS_PAIRING


class ReconnectedTrigger(SessionTrigger):
    """Fires when a device has reconnected after a dropped connection."""

    event_type = RECONNECTED


class RefusedTrigger(SessionTrigger):
    """Fires when the gateway says that a device is not for the account's token."""

    event_type = REFUSED


TRIGGERS: dict[str, type[Trigger]] = {
    "needs_pairing": NeedsPairingTrigger,
    "reconnected": ReconnectedTrigger,
    "refused": RefusedTrigger,
    "message_received": MessageReceivedTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers by their names after ``wuts.``."""
    return TRIGGERS
