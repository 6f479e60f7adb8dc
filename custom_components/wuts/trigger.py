"""Triggers for automations: a device needs pairing, a device is back."""

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
from .event import NEEDS_PAIRING, RECONNECTED

EVENTS: dict[str, DomainSpec] = {Platform.EVENT: DomainSpec()}


class SessionTrigger(StatelessEntityTriggerBase):
    """Fires when a device's event entity tells of one kind of event."""

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
    """Fires when a phone has unlinked a device, so that a person must pair it again."""

    event_type = NEEDS_PAIRING


class ReconnectedTrigger(SessionTrigger):
    """Fires when a device is connected again after a drop."""

    event_type = RECONNECTED


TRIGGERS: dict[str, type[Trigger]] = {
    "needs_pairing": NeedsPairingTrigger,
    "reconnected": ReconnectedTrigger,
}


async def async_get_triggers(hass: HomeAssistant) -> dict[str, type[Trigger]]:
    """Return the triggers, by what they are called after ``wuts.``."""
    return TRIGGERS
