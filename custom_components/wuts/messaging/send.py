"""The action that sends a message: to one or several recipients, with a file or without."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from functools import partial
from typing import Any, Final

import probatio
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, ServiceResponse, callback
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import entity_registry as er

from ..const import CONF_DEVICE_ID, CONF_RECIPIENT, DOMAIN, SUBENTRY_RECIPIENT
from ..coordinator import WutsConfigEntry, WutsCoordinator
from ..core.errors import (
    DeviceNotReadyError,
    ErrorCode,
    GatewayBusyError,
    InvalidInputError,
    InvalidPhoneNumberError,
    RequestRefusedError,
    WutsError,
)
from ..core.inputs import check_caption, check_mentions
from ..core.media import Media, MediaKind
from ..core.messaging import Quoted
from ..core.models import SentMessage
from ..core.phone import number_from_jid
from ..core.phone_numbers import read_number, read_recipient
from ..errors import KEYS, Kind, key_of, translated_errors, variant_of
from ..targets import device_of
from .media import SCHEMA as MEDIA_SCHEMA
from .media import async_load

ATTR_FILE_NAME = "file_name"
ATTR_MEDIA = "media"
ATTR_MEDIA_KIND = "media_kind"
ATTR_MENTIONS = "mentions"
ATTR_MESSAGE = "message"
ATTR_RECIPIENTS = "recipients"
ATTR_REPLY_TO = "reply_to"
ATTR_TO = "to"
ATTR_VIEW_ONCE = "view_once"
ATTR_VOICE_NOTE = "voice_note"

QUOTED_TEXT: Final = "quoted_text"
"""What a message said that is replied to, where we know it; no field of the action."""

MOST_RECIPIENTS: Final = 50
"""Recipients of one call: WhatsApp has restricted numbers that wrote to many others."""

FIELDS: Final[dict[probatio.Marker, Any]] = {
    probatio.Optional(ATTR_DEVICE_ID): cv.string,
    probatio.Optional(ATTR_TO, default=list): probatio.All(cv.ensure_list, [cv.string]),
    probatio.Optional(ATTR_RECIPIENTS, default=list): cv.entity_ids,
    probatio.Optional(ATTR_MESSAGE, default=""): cv.string,
    probatio.Optional(ATTR_MEDIA): MEDIA_SCHEMA,
    probatio.Optional(ATTR_MEDIA_KIND): probatio.Coerce(MediaKind),
    probatio.Optional(ATTR_FILE_NAME): cv.string,
    probatio.Optional(ATTR_VIEW_ONCE, default=False): cv.boolean,
    probatio.Optional(ATTR_VOICE_NOTE, default=False): cv.boolean,
    probatio.Optional(ATTR_MENTIONS, default=list): probatio.All(cv.ensure_list, [cv.string]),
    probatio.Optional(ATTR_REPLY_TO): cv.string,
}

type Sender = tuple[WutsCoordinator, str]
type Send = Callable[["Recipient"], Awaitable[SentMessage]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """To whom, and by which device.

    Attributes:
        given: What the caller called the recipient.
        coordinator: The account.
        device_id: The gateway's id of the device that sends.
        to: The digits of a number, or a group's JID.
    """

    given: str = field(compare=False, repr=False)
    coordinator: WutsCoordinator
    device_id: str
    to: str = field(repr=False)

    @property
    def sender(self) -> Sender:
        """The account and the device."""
        return self.coordinator, self.device_id


async def async_send_message(call: ServiceCall) -> ServiceResponse:
    """Send a message, and return the result.

    For one recipient the response is the message's id and status, as it always was. For several it
    lists them. If some got it and others did not, the action fails unless a response was asked for.

    Raises:
        ServiceValidationError: What was asked for cannot be done; nothing was sent.
        HomeAssistantError: It was not sent, or not to all.
    """
    recipients = _recipients(call)
    down = _known_to_be_down(recipients)
    send = await _prepared(call)
    results = await _send_to_all(recipients, send, down)
    if len(results) == 1:
        with translated_errors():
            return _response(results[0])
    return _told(call, recipients, results)


def _known_to_be_down(recipients: list[Recipient]) -> dict[Sender, WutsError]:
    """Return why some devices cannot send, without asking.

    Raises:
        HomeAssistantError: None of them can.
    """
    down: dict[Sender, WutsError] = {}
    for one in recipients:
        try:
            one.coordinator.check_sends(one.device_id)
        except HomeAssistantError as error:
            is_gateway = error.translation_key == KEYS[ErrorCode.GATEWAY_BUSY]
            down[one.sender] = GatewayBusyError() if is_gateway else DeviceNotReadyError()
            if len(down) == len({it.sender for it in recipients}):
                raise
    return down


# To whom


@callback
def _recipients(call: ServiceCall) -> list[Recipient]:
    """Return everybody once.

    Raises:
        ServiceValidationError: There is nobody, somebody cannot be meant, or there are too many.
    """
    found = list(dict.fromkeys([*_typed(call), *_chosen(call)]))
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_recipient")
    if len(found) > MOST_RECIPIENTS:
        raise ServiceValidationError(
            translation_domain=DOMAIN,
            translation_key="too_many_recipients",
            translation_placeholders={"most": str(MOST_RECIPIENTS)},
        )
    return found


def _typed(call: ServiceCall) -> Iterable[Recipient]:
    """Yield those whose number or group was given."""
    given: list[str] = call.data[ATTR_TO]
    if not given:
        return
    if ATTR_DEVICE_ID not in call.data:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_sender")
    coordinator, device_id = device_of(call.hass, call.data[ATTR_DEVICE_ID])
    for one in given:
        with translated_errors():
            to = read_recipient(_as_typed(one.strip()), call.hass.config.country)
        yield Recipient(given=one, coordinator=coordinator, device_id=device_id, to=to)


def _as_typed(text: str) -> str:
    """Return a person's JID, as a message that came has it, as the number that it means."""
    number = number_from_jid(text)
    return text if number is None else f"+{number}"


def _chosen(call: ServiceCall) -> Iterable[Recipient]:
    """Yield those that were added to the account; each has a device, unless one is named."""
    sender = call.data.get(ATTR_DEVICE_ID)
    for entity_id in call.data[ATTR_RECIPIENTS]:
        coordinator, data = _added(call.hass, entity_id)
        device_id = data[CONF_DEVICE_ID]
        if sender is not None:
            coordinator, device_id = device_of(call.hass, sender)
        yield Recipient(
            given=entity_id, coordinator=coordinator, device_id=device_id, to=data[CONF_RECIPIENT]
        )


def _added(hass: HomeAssistant, entity_id: str) -> tuple[WutsCoordinator, dict[str, str]]:
    """Return the account and the data of a recipient by its notify entity."""
    found = er.async_get(hass).async_get(entity_id)
    entries: list[WutsConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        if found is None or found.config_entry_id != entry.entry_id:
            continue
        subentry = entry.subentries.get(found.config_subentry_id or "")
        if subentry is not None and subentry.subentry_type == SUBENTRY_RECIPIENT:
            return entry.runtime_data, dict(subentry.data)
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="unknown_recipient")


# What


async def _prepared(call: ServiceCall) -> Send:
    """Return what sends the message to one recipient; a file is read once.

    Raises:
        ServiceValidationError: It cannot be sent so.
        HomeAssistantError: The file could not be read.
    """
    data, country = call.data, call.hass.config.country
    with translated_errors():
        mentions = check_mentions(data[ATTR_MENTIONS], partial(read_number, country=country))
    quoted = None
    if data.get(ATTR_REPLY_TO):
        quoted = Quoted(data[ATTR_REPLY_TO], text=data.get(QUOTED_TEXT, ""))
    more = {"mentions": mentions, "reply_to": quoted}
    if not data.get(ATTR_MEDIA):
        return partial(_send_text, data[ATTR_MESSAGE], more)
    _check_caption(data[ATTR_MESSAGE])
    kind, name = data.get(ATTR_MEDIA_KIND), data.get(ATTR_FILE_NAME)
    media = await async_load(call.hass, data[ATTR_MEDIA], kind=kind, file_name=name)
    more |= {
        "caption": data[ATTR_MESSAGE],
        "view_once": data[ATTR_VIEW_ONCE],
        "voice_note": data[ATTR_VOICE_NOTE],
    }
    return partial(_send_media, media, more)


def _check_caption(caption: str) -> None:
    try:
        check_caption(caption)
    except InvalidInputError as error:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="caption_too_long"
        ) from error


async def _send_text(text: str, more: dict[str, Any], one: Recipient) -> SentMessage:
    return await one.coordinator.client.send_text(one.to, text, one.device_id, **more)


async def _send_media(media: Media, more: dict[str, Any], one: Recipient) -> SentMessage:
    return await one.coordinator.client.send_media(one.to, media, one.device_id, **more)


# The result


async def _send_to_all(
    recipients: list[Recipient], send: Send, down: dict[Sender, WutsError]
) -> list[SentMessage | WutsError]:
    """Send one after the other, and return the result of each.

    Where a device, its gateway or the message itself is what fails, the others it was to send to
    fail alike: a gateway that does not answer is asked once, and not fifty times.
    """
    ended = dict(down)
    results: list[SentMessage | WutsError] = []
    for one in recipients:
        result: SentMessage | WutsError
        try:
            result = ended.get(one.sender) or await send(one)
        except (RequestRefusedError, InvalidPhoneNumberError) as error:
            result = error
        except WutsError as error:
            result = ended[one.sender] = error
        results.append(result)
    return results


def _response(result: SentMessage | WutsError) -> dict[str, Any]:
    """Return what is reported about one recipient.

    Raises:
        WutsError: It was not sent.
    """
    if isinstance(result, WutsError):
        raise result
    job = {"job_id": result.job_id} if result.queued else {}
    return {"message_id": result.message_id, "status": result.status, **job}


def _told(
    call: ServiceCall, recipients: list[Recipient], results: list[SentMessage | WutsError]
) -> dict[str, Any]:
    """Return the result of each of several.

    Raises:
        HomeAssistantError: None got it, or some did not and nobody asked for the response.
    """
    problems = {at: one for at, one in enumerate(results, 1) if isinstance(one, WutsError)}
    sent, count = len(results) - len(problems), len(results)
    if not sent and len({key_of(one) for one in problems.values()}) == 1:
        with translated_errors():
            raise problems[1]
    if problems and not (sent and call.return_response):
        places = ", ".join(map(str, problems))
        raise HomeAssistantError(
            translation_domain=DOMAIN,
            translation_key=_partly_sent(problems.values()),
            translation_placeholders={"sent": f"{sent}", "count": f"{count}", "places": places},
        )
    return {
        "sent": sent,
        "failed": len(problems),
        "recipients": [
            {"to": one.given, "sent": False, "error": result.code.value}
            if isinstance(result, WutsError)
            else {"to": one.given, "sent": True, **_response(result)}
            for one, result in zip(recipients, results, strict=True)
        ],
    }


def _partly_sent(problems: Iterable[WutsError]) -> str:
    """Return the text's key: it says why, if that is the same for all who got nothing."""
    kinds = {Kind.UNREACHABLE, Kind.OFFLINE, Kind.NUMBER}
    keys = {variant_of("partly_sent", one, kinds) for one in problems}
    return keys.pop() if len(keys) == 1 else "partly_sent"
