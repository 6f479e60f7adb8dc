"""The action that answers a message: in its chat, by its device, with the message quoted."""

from typing import Any, Final

import probatio
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr

from ..account.members import identifier_of
from ..const import DOMAIN
from ..coordinator import WutsConfigEntry
from ..core.incoming import IncomingMessage
from ..messaging.media import SCHEMA as MEDIA_SCHEMA
from ..messaging.send import (
    ATTR_MEDIA,
    ATTR_MESSAGE,
    ATTR_REPLY_TO,
    ATTR_TO,
    QUOTED_TEXT,
    async_send_message,
)
from ..messaging.send import FIELDS as SEND_FIELDS
from ..targets import device_of
from .log import async_log_of

ATTR_MESSAGE_ID: Final = "message_id"

FIELDS: Final[dict[probatio.Marker, Any]] = {
    probatio.Optional(ATTR_MESSAGE_ID, default=""): cv.string,
    probatio.Optional(ATTR_DEVICE_ID): cv.string,
    probatio.Optional(ATTR_TO): cv.string,
    probatio.Optional(ATTR_MESSAGE, default=""): cv.string,
    probatio.Optional(ATTR_MEDIA): MEDIA_SCHEMA,
}

_SEND_SCHEMA: Final = probatio.Schema({**SEND_FIELDS, probatio.Optional(QUOTED_TEXT): cv.string})


async def async_reply(call: ServiceCall) -> ServiceResponse:
    """Answer a message.

    The id of a message that came lately is enough. For an older one, and after a restart, the
    device and the chat are needed too.

    Raises:
        ServiceValidationError: The message is not known, and it is not told where to answer.
        HomeAssistantError: It was not sent.
    """
    data = dict(call.data)
    message_id, device_id, to = (
        data.pop(name, None) for name in (ATTR_MESSAGE_ID, ATTR_DEVICE_ID, ATTR_TO)
    )
    found = _find(call.hass, message_id, device_id)
    if found is not None:
        device_id, message = found
        to = to or message.chat
        data[QUOTED_TEXT] = message.text
    if not device_id or not to:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="unknown_message")
    if message_id:
        data[ATTR_REPLY_TO] = message_id
    sent = _SEND_SCHEMA({**data, ATTR_DEVICE_ID: device_id, ATTR_TO: [to]})
    return await async_send_message(
        ServiceCall(
            call.hass,
            DOMAIN,
            "send_message",
            sent,
            context=call.context,
            return_response=call.return_response,
        )
    )


@callback
def _find(
    hass: HomeAssistant, message_id: str | None, device_id: str | None
) -> tuple[str, IncomingMessage] | None:
    """Return a message that came lately, and the id in Home Assistant of its device."""
    if not message_id:
        return None
    wanted = device_of(hass, device_id) if device_id else None
    registry = dr.async_get(hass)
    entries: list[WutsConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        if wanted is not None and wanted[0] is not entry.runtime_data:
            continue
        log = async_log_of(hass, entry.entry_id)
        message = log.message(message_id, wanted[1] if wanted else None)
        if message is None:
            continue
        identifier = (DOMAIN, identifier_of(entry, message.device_id))
        device = registry.async_get_device_by_identifier(identifier, entry.entry_id)
        if device is not None:
            return device.id, message
    return None
