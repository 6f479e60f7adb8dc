"""The actions: send a message, check numbers, pair by a code or a link, (dis)connect."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
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
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.util import dt as dt_util

from .alerts.services import async_setup_alert_services
from .const import CONF_DEVICE_ID, DOMAIN, SUBENTRY_DEVICE
from .coordinator import WutsCoordinator
from .core.phone_numbers import read_number, read_numbers
from .errors import translated_errors
from .messaging.check_budget import async_spend
from .messaging.send import FIELDS as SEND_FIELDS
from .messaging.send import async_send_message
from .pairing.background import async_pair_by_link
from .pairing.dialog import check_is_free
from .push.reply import FIELDS as REPLY_FIELDS
from .push.reply import async_reply
from .targets import device_of

ATTR_NUMBERS = "numbers"
ATTR_PHONE_NUMBER = "phone_number"

type Data = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """An action: its name, what it does, its fields beside the device, and what it returns.

    One that is not for one device has a ``handle`` of its own, and all of its fields.

    One for administrators is refused to other users; an automation that no user started may call
    it, since only administrators write automations.
    """

    name: str
    act: Callable[[WutsCoordinator, str, Data], Awaitable[ServiceResponse]] | None = None
    handle: Callable[[ServiceCall], Coroutine[Any, Any, ServiceResponse]] | None = None
    fields: dict[probatio.Marker, Any] = field(default_factory=dict)
    response: SupportsResponse = SupportsResponse.NONE
    for_administrators: bool = False


async def _check_numbers(coordinator: WutsCoordinator, device_id: str, data: Data) -> Data:
    numbers = read_numbers(data[ATTR_NUMBERS], coordinator.hass.config.country)
    await async_spend(coordinator.hass, coordinator.config_entry, len(numbers))
    checked = await coordinator.client.check_contacts(numbers, device_id)
    return {"on_whatsapp": dict(checked.results)}


async def _request_pair_code(coordinator: WutsCoordinator, device_id: str, data: Data) -> Data:
    phone = read_number(data[ATTR_PHONE_NUMBER], coordinator.hass.config.country)
    check_is_free(coordinator.client, device_id)
    code = await coordinator.client.request_pair_code(phone, device_id)
    expires_at = dt_util.utcnow() + timedelta(seconds=code.lifetime)
    return {"code": code.code, "expires_at": expires_at.isoformat()}


async def _create_pairing_link(coordinator: WutsCoordinator, device_id: str, _data: Data) -> Data:
    entry = coordinator.config_entry
    (subentry,) = (
        one
        for one in entry.get_subentries_of_type(SUBENTRY_DEVICE)
        if one.data[CONF_DEVICE_ID] == device_id
    )
    link = async_pair_by_link(coordinator.hass, entry, subentry)
    expires_at = dt_util.utcnow() + timedelta(seconds=link.page.seconds_left)
    return {"url": link.url, "expires_at": expires_at.isoformat()}


ACTIONS = (
    Action(
        name="send_message",
        handle=async_send_message,
        fields=SEND_FIELDS,
        response=SupportsResponse.OPTIONAL,
    ),
    Action(
        name="reply",
        handle=async_reply,
        fields=REPLY_FIELDS,
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
        for_administrators=True,
    ),
    Action(
        name="create_pairing_link",
        act=_create_pairing_link,
        response=SupportsResponse.ONLY,
        for_administrators=True,
    ),
    Action(
        name="reconnect",
        act=lambda coordinator, device_id, _: coordinator.async_reconnect(device_id),
    ),
    Action(
        name="disconnect",
        act=lambda coordinator, device_id, _: coordinator.async_disconnect(device_id),
    ),
)


@callback
def async_setup_services(hass: HomeAssistant) -> None:
    """Register the actions, which exist even while no account is set up."""
    async_setup_alert_services(hass)
    for action in ACTIONS:
        register = hass.services.async_register
        if action.for_administrators:
            register = partial(async_register_admin_service, hass)
        register(
            DOMAIN,
            action.name,
            action.handle or partial(_handle, action),
            schema=_schema(action),
            supports_response=action.response,
        )


def _schema(action: Action) -> probatio.Schema:
    device = {} if action.handle else {probatio.Required(ATTR_DEVICE_ID): cv.string}
    return probatio.Schema({**device, **action.fields})


async def _handle(action: Action, call: ServiceCall) -> ServiceResponse:
    assert action.act is not None  # noqa: S101 - one without it has a handle of its own
    coordinator, device_id = device_of(call.hass, call.data[ATTR_DEVICE_ID])
    with translated_errors():
        return await action.act(coordinator, device_id, dict(call.data))
