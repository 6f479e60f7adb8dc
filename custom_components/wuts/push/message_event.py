"""The event entity *Message* of a device: the last message that somebody sent to it."""

from typing import Any, ClassVar, Final, override

from homeassistant.components.event import EventEntity, EventEntityDescription
from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.dispatcher import async_dispatcher_connect
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from ..account.members import identifier_of
from ..const import DOMAIN
from ..coordinator import WutsConfigEntry
from ..core.incoming import IncomingMessage
from ..entity import WutsEntity, add_entities
from ..signals import signal_of_messages
from .options import CONF_RECORD_TEXT, wants_messages

KEY: Final = "message"
RECEIVED: Final = "received"

ATTR_TEXT: Final = "text"

LONGEST_RECORDED: Final = 2_000
"""Characters of a text in the entity; Home Assistant records at most 16 KiB of attributes."""


def add_message_entities(
    entry: WutsConfigEntry,
    add: AddConfigEntryEntitiesCallback,
    descriptions: tuple[EventEntityDescription, ...],
) -> None:
    """Add each device's entity, if the account's options say so."""
    if not wants_messages(entry.options):
        return
    kind = RecordedMessageEvent if entry.options.get(CONF_RECORD_TEXT) else MessageEvent
    add_entities(entry, add, kind, descriptions)


@callback
def async_remove_unwanted_messages(hass: HomeAssistant, entry: ConfigEntry) -> None:
    """Remove the entities of an account that takes no messages; their names are remembered."""
    if wants_messages(entry.options):
        return
    registry = er.async_get(hass)
    for one in er.async_entries_for_config_entry(registry, entry.entry_id):
        if is_message_entity(one):
            registry.async_remove(one.entity_id)


def is_message_entity(entity: er.RegistryEntry) -> bool:
    """Return whether an entity is one of ours for messages."""
    return (entity.platform, entity.domain, entity.translation_key) == (DOMAIN, Platform.EVENT, KEY)


def unique_id_of(entry: ConfigEntry, device_id: str) -> str:
    """Return the unique id of a device's entity."""
    return f"{identifier_of(entry, device_id)}_{KEY}"


class MessageEvent(WutsEntity, EventEntity):
    """The last message that reached a device, without its text.

    Who wrote it is shown, and recorded nowhere. It is there while the gateway is away, too.
    """

    _unrecorded_attributes = frozenset(
        {"message_id", "sender", "name", "chat", "group", "sent_at", ATTR_TEXT}
    )
    _shows_text: ClassVar[bool] = False

    @override
    async def async_added_to_hass(self) -> None:
        await super().async_added_to_hass()
        self.async_on_remove(
            async_dispatcher_connect(self.hass, signal_of_messages(*self.key), self._take_message)
        )

    @property
    @override
    def available(self) -> bool:
        return True

    @callback
    def _take_message(self, message: IncomingMessage) -> None:
        told = data_of(message)
        text = told.pop(ATTR_TEXT)
        if self._shows_text:
            told[ATTR_TEXT] = text[:LONGEST_RECORDED]
        self._trigger_event(RECEIVED, told)
        self.async_write_ha_state()


class RecordedMessageEvent(MessageEvent):
    """The last message with its text, all of which the recorder keeps."""

    _unrecorded_attributes = frozenset()
    _shows_text = True


def data_of(message: IncomingMessage) -> dict[str, Any]:
    """Return what automations get about a message."""
    return message.model_dump(mode="json", exclude={"device_id"})
