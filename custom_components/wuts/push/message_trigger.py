"""The trigger ``wuts.message_received``: a message reached a device.

What the message says comes from the dispatcher and not from the entity's state, where a text would
be recorded.
"""

from typing import Final, cast, override

import probatio
from homeassistant.const import ATTR_DEVICE_ID, ATTR_ENTITY_ID, CONF_OPTIONS
from homeassistant.core import CALLBACK_TYPE, HomeAssistant, callback
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.target import TargetEntityChangeTracker, TargetSelection
from homeassistant.helpers.trigger import (
    ENTITY_STATE_TRIGGER_SCHEMA,
    Trigger,
    TriggerActionRunner,
    TriggerConfig,
    TriggerNotTriggeredReporter,
)
from homeassistant.helpers.typing import ConfigType

from ..const import DOMAIN
from ..core.errors import WutsError
from ..signals import SIGNAL_OF_MESSAGES, Received
from .message_event import data_of, is_message_entity, unique_id_of
from .message_filter import (
    CONF_CONTAINS,
    CONF_GROUP,
    CONF_MATCHES,
    CONF_SENDER,
    CONF_TYPE,
    MessageFilter,
)
from .pattern import LONGEST_PATTERN

_TEXTS = probatio.All(cv.ensure_list, [cv.string])

SCHEMA = ENTITY_STATE_TRIGGER_SCHEMA.extend(
    {
        probatio.Required(CONF_OPTIONS, default={}): {
            probatio.Optional(CONF_SENDER): _TEXTS,
            probatio.Optional(CONF_GROUP): _TEXTS,
            probatio.Optional(CONF_CONTAINS): _TEXTS,
            probatio.Optional(CONF_MATCHES): cv.string,
            probatio.Optional(CONF_TYPE): _TEXTS,
        },
    }
)


EXPECTED: Final = {
    CONF_SENDER: "expected phone numbers with country code, or IDs that end in @lid",
    CONF_GROUP: "expected IDs of groups, which end in @g.us",
    CONF_MATCHES: (
        f"expected a regular expression of at most {LONGEST_PATTERN} characters that repeats little"
        " and neither refers to groups nor looks around"
    ),
}
"""What Home Assistant says of an option that is wrong; it translates no such text."""


class MessageReceivedTrigger(Trigger):
    """Fires on each message that reached one of the chosen devices and is as the options say."""

    @override
    @classmethod
    async def async_validate_config(cls, hass: HomeAssistant, config: ConfigType) -> ConfigType:
        config = cast("ConfigType", SCHEMA(config))
        for option, expected in EXPECTED.items():
            chosen = {option: config[CONF_OPTIONS].get(option, ())}
            try:
                MessageFilter.of(chosen, hass.config.country)
            except (WutsError, ValueError) as error:
                raise probatio.Invalid(expected, path=[CONF_OPTIONS, option]) from error
        return config

    def __init__(self, hass: HomeAssistant, config: TriggerConfig) -> None:
        """Read what was chosen."""
        super().__init__(hass, config)
        self._target = TargetSelection(config.target or {})
        self._filter = MessageFilter.of(config.options or {}, hass.config.country)

    @override
    async def async_attach_runner(
        self,
        run_action: TriggerActionRunner,
        did_not_trigger: TriggerNotTriggeredReporter | None = None,
    ) -> CALLBACK_TYPE:
        if not self._target.has_any_target:
            raise HomeAssistantError(translation_domain=DOMAIN, translation_key="no_target")
        chosen = _Chosen(self._hass, self._target)
        forget_chosen = await chosen.async_setup()

        @callback
        def take(received: Received) -> None:
            entity = chosen.entity_of(received)
            if entity is None or not self._filter.takes(received.message):
                return
            told = data_of(received.message)
            told |= {ATTR_ENTITY_ID: entity.entity_id, ATTR_DEVICE_ID: entity.device_id}
            _ = run_action(told, f"message received by {entity.entity_id}")

        forget_messages = async_dispatcher_connect(self._hass, SIGNAL_OF_MESSAGES, take)

        @callback
        def remove() -> None:
            forget_messages()
            forget_chosen()

        return remove


class _Chosen(TargetEntityChangeTracker):
    """The entities that a target means, as they come and go."""

    def __init__(self, hass: HomeAssistant, target: TargetSelection) -> None:
        super().__init__(hass, target, self._of_messages)
        self._entities: dict[str, er.RegistryEntry] = {}

    def entity_of(self, received: Received) -> er.RegistryEntry | None:
        """Return the entity of the device that a message reached, if it is meant."""
        return self._entities.get(unique_id_of(received.entry, received.message.device_id))

    @callback
    def _of_messages(self, entity_ids: set[str]) -> set[str]:
        return {one.entity_id for one in self._registered(entity_ids)}

    @override
    @callback
    def _handle_entities_update(self, tracked_entities: set[str]) -> None:
        self._entities = {one.unique_id: one for one in self._registered(tracked_entities)}

    def _registered(self, entity_ids: set[str]) -> list[er.RegistryEntry]:
        registry = er.async_get(self._hass)
        found = (registry.async_get(entity_id) for entity_id in entity_ids)
        return [one for one in found if one is not None and is_message_entity(one)]
