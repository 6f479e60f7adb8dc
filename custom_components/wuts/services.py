"""The actions: send a message, check numbers, ask for a pair code, reconnect, disconnect."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import probatio
from homeassistant.const import ATTR_DEVICE_ID
from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers import device_registry as dr
from homeassistant.util import dt as dt_util

from .const import DOMAIN
from .coordinator import WutsConfigEntry, WutsCoordinator, devices_of
from .errors import translated_errors
from .pairing.dialog import check_is_free

ATTR_MESSAGE = "message"
ATTR_NUMBERS = "numbers"
ATTR_PHONE_NUMBER = "phone_number"
ATTR_TO = "to"

type Data = dict[str, Any]
type Act = Callable[[WutsCoordinator, str, Data], Awaitable[ServiceResponse]]


async def _send_message(coordinator: WutsCoordinator, device_id: str, data: Data) -> Data:
    sent = await coordinator.client.send_text(data[ATTR_TO], data[ATTR_MESSAGE], device_id)
    return {"message_id": sent.message_id, "status": sent.status}


async def _check_numbers(coordinator: WutsCoordinator, device_id: str, data: Data) -> Data:
    checked = await coordinator.client.check_contacts(data[ATTR_NUMBERS], device_id)
    return {"on_whatsapp": dict(checked.results)}


async def _request_pair_code(coordinator: WutsCoordinator, device_id: str, data: Data) -> Data:
    client = coordinator.client
    check_is_free(client, device_id)
    code = await client.request_pair_code(data[ATTR_PHONE_NUMBER], device_id)
    expires_at = dt_util.utcnow() + timedelta(seconds=code.lifetime)
    return {"code": code.code, "expires_at": expires_at.isoformat()}


async def _reconnect(coordinator: WutsCoordinator, device_id: str, data: Data) -> None:
    await coordinator.async_reconnect(device_id)


async def _disconnect(coordinator: WutsCoordinator, device_id: str, data: Data) -> None:
    await coordinator.async_disconnect(device_id)


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """One action: its name, what it does, what it takes beside the device, what it returns."""

    name: str
    act: Act
    fields: dict[probatio.Marker, Any] = field(default_factory=dict)
    response: SupportsResponse = SupportsResponse.NONE


ACTIONS = (
    Action(
        name="send_message",
        act=_send_message,
        fields={
            probatio.Required(ATTR_TO): cv.string,
            probatio.Required(ATTR_MESSAGE): cv.string,
        },
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="check_numbers",
        act=_check_numbers,
        fields={probatio.Required(ATTR_NUMBERS): probatio.All(cv.ensure_list, [cv.string])},
        response=SupportsResponse.ONLY,
    ),
    Action(
        name="request_pair_code",
        act=_request_pair_code,
        fields={probatio.Required(ATTR_PHONE_NUMBER): cv.string},
        response=SupportsResponse.ONLY,
    ),
    Action(name="reconnect", act=_reconnect),
    Action(name="disconnect", act=_disconnect),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions; they are there even while no account is set up."""
    for action in ACTIONS:
        hass.services.async_register(
            DOMAIN,
            action.name,
            _handler_of(hass, action.act),
            schema=probatio.Schema({probatio.Required(ATTR_DEVICE_ID): cv.string, **action.fields}),
            supports_response=action.response,
        )


def _handler_of(
    hass: HomeAssistant, act: Act
) -> Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]]:
    async def handle(call: ServiceCall) -> ServiceResponse:
        coordinator, device_id = _device_of(hass, call)
        with translated_errors():
            return await act(coordinator, device_id, dict(call.data))

    return handle


def _device_of(hass: HomeAssistant, call: ServiceCall) -> tuple[WutsCoordinator, str]:
    """Return the account and the id of the device that a call names.

    Raises:
        ServiceValidationError: It names none of ours, or the account is not set up now.
    """
    device = dr.async_get(hass).async_get(call.data[ATTR_DEVICE_ID])
    ids = {key for domain, key in device.identifiers if domain == DOMAIN} if device else set()
    entries: list[WutsConfigEntry] = hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        for device_id in ids & devices_of(entry).keys():
            return entry.runtime_data, device_id
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="unknown_device")
