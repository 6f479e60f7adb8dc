"""The actions about alerts: acknowledge them, mute and unmute them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Final

import probatio
from homeassistant.auth.permissions.const import POLICY_CONTROL
from homeassistant.const import ATTR_CONFIG_ENTRY_ID, ATTR_DEVICE_ID
from homeassistant.core import HomeAssistant, ServiceCall, callback
from homeassistant.exceptions import ServiceValidationError, Unauthorized, UnknownUser
from homeassistant.helpers import config_validation as cv
from homeassistant.helpers.service import async_register_admin_service
from homeassistant.helpers.typing import VolSchemaType
from homeassistant.util import dt as dt_util

from ..const import DOMAIN, OWNER
from ..coordinator import WutsConfigEntry, WutsCoordinator
from ..core.errors import InvalidInputError
from ..core.supervisor import Alert, AlertKind, MuteScope
from ..errors import translated_errors
from ..targets import device_of

ACKNOWLEDGE: Final = "acknowledge_alert"
MUTE: Final = "mute_alerts"
UNMUTE: Final = "unmute_alerts"

ATTR_ALERT_ID: Final = "alert_id"
ATTR_FOR: Final = "for"
ATTR_KIND: Final = "kind"
ATTR_NOTE: Final = "note"
ATTR_REASON: Final = "reason"
ATTR_UNTIL: Final = "until"

LONGEST_TEXT: Final = 500
"""Characters of a note or a reason at most."""

_TEXT = probatio.All(cv.string, probatio.Length(max=LONGEST_TEXT))


def _schema(names: tuple[str, ...], fields: dict[probatio.Marker, Any]) -> VolSchemaType:
    """Return what a call takes: one of these names, an alert's kind if it is wanted, and more."""
    targets = {probatio.Exclusive(name, "target"): cv.string for name in names}
    kind = {probatio.Optional(ATTR_KIND): probatio.Coerce(AlertKind)}
    return probatio.All(
        probatio.Schema({**targets, **kind, **fields}), cv.has_at_least_one_key(*names)
    )


_SCOPE = (ATTR_DEVICE_ID, ATTR_CONFIG_ENTRY_ID)

SCHEMAS: Final = {
    ACKNOWLEDGE: _schema(
        (*_SCOPE, ATTR_ALERT_ID), {probatio.Optional(ATTR_NOTE, default=""): _TEXT}
    ),
    MUTE: _schema(
        _SCOPE,
        {
            probatio.Exclusive(ATTR_FOR, "end"): cv.positive_time_period,
            probatio.Exclusive(ATTR_UNTIL, "end"): cv.datetime,
            probatio.Optional(ATTR_REASON, default=""): _TEXT,
        },
    ),
    UNMUTE: _schema(_SCOPE, {}),
}


@callback
def async_setup_alert_services(hass: HomeAssistant) -> None:
    """Register the actions, which exist even while no account is set up.

    Whoever may control things may acknowledge. Only administrators, and automations that no other
    user started, may mute: nobody hears of what is muted.
    """
    hass.services.async_register(DOMAIN, ACKNOWLEDGE, _acknowledge, schema=SCHEMAS[ACKNOWLEDGE])
    for name, act in ((MUTE, _mute), (UNMUTE, _unmute)):
        async_register_admin_service(hass, DOMAIN, name, act, schema=SCHEMAS[name])


async def _acknowledge(call: ServiceCall) -> None:
    """Take the open alerts that a call names.

    Raises:
        Unauthorized: The user may only read.
        ServiceValidationError: There is no such alert.
    """
    by = await _name_of(call)
    found = list(_alerts_of(call))
    if not found:
        raise ServiceValidationError(translation_domain=DOMAIN, translation_key="no_open_alert")
    for coordinator, alert in found:
        with _said("no_open_alert"):
            await coordinator.supervisor.alerts.acknowledge(
                alert.account, alert.id, by=by, note=call.data[ATTR_NOTE]
            )


async def _mute(call: ServiceCall) -> None:
    """Mute a device, an account, or a kind of their alerts.

    Raises:
        ServiceValidationError: There is no such device or account, or the end is past.
    """
    coordinator, scope = _scope_of(call)
    with _said("mute_is_over"):
        await coordinator.supervisor.alerts.mute(
            scope, by=await _name_of(call), reason=call.data[ATTR_REASON], until=_end_of(call)
        )


async def _unmute(call: ServiceCall) -> None:
    """End a mute; if there is none, nothing happens.

    Raises:
        ServiceValidationError: There is no such device or account.
    """
    coordinator, scope = _scope_of(call)
    with translated_errors():
        await coordinator.supervisor.alerts.unmute(scope, by=await _name_of(call))


def _alerts_of(call: ServiceCall) -> Iterator[tuple[WutsCoordinator, Alert]]:
    """Yield the open alerts that a call names, each with its account."""
    kinds = {call.data[ATTR_KIND]} if ATTR_KIND in call.data else set(AlertKind)
    entries: list[WutsConfigEntry] = call.hass.config_entries.async_loaded_entries(DOMAIN)
    scope = None if ATTR_ALERT_ID in call.data else _scope_of(call)[1]
    for entry in entries:
        for alert in entry.runtime_data.supervisor.open_alerts():
            is_meant = (
                alert.id == call.data[ATTR_ALERT_ID] if scope is None else scope.covers(alert)
            )
            if is_meant and alert.kind in kinds:
                yield entry.runtime_data, alert


def _scope_of(call: ServiceCall) -> tuple[WutsCoordinator, MuteScope]:
    """Return the account that a call is about, and what of it.

    Raises:
        ServiceValidationError: There is no such device or account, or it is not loaded.
    """
    kind = call.data.get(ATTR_KIND)
    if ATTR_DEVICE_ID in call.data:
        coordinator, device_id = device_of(call.hass, call.data[ATTR_DEVICE_ID])
        return coordinator, MuteScope(coordinator.config_entry.entry_id, device_id, kind)
    entries: list[WutsConfigEntry] = call.hass.config_entries.async_loaded_entries(DOMAIN)
    for entry in entries:
        if entry.entry_id == call.data[ATTR_CONFIG_ENTRY_ID]:
            return entry.runtime_data, MuteScope(entry.entry_id, None, kind)
    raise ServiceValidationError(translation_domain=DOMAIN, translation_key="unknown_account")


def _end_of(call: ServiceCall) -> datetime | None:
    """Return when a mute ends, in UTC; None if it lasts until it recovers."""
    if ATTR_FOR in call.data:
        end: datetime = dt_util.utcnow() + call.data[ATTR_FOR]
        return end
    # A time without a zone is one of Home Assistant's.
    return dt_util.as_utc(call.data[ATTR_UNTIL]) if ATTR_UNTIL in call.data else None


async def _name_of(call: ServiceCall) -> str:
    """Return who calls: a user, or else the automation or script that does.

    Raises:
        Unauthorized: The user may only read.
        UnknownUser: There is no such user.
    """
    context = call.context
    if context.user_id is not None:
        user = await call.hass.auth.async_get_user(context.user_id)
        if user is None:
            raise UnknownUser(context=context, permission=POLICY_CONTROL)
        if not user.is_admin and not user.permissions.access_all_entities(POLICY_CONTROL):
            raise Unauthorized(context=context, user_id=user.id, permission=POLICY_CONTROL)
        return user.name or OWNER
    running = call.hass.states.async_all(("automation", "script"))
    return next((one.name for one in running if one.context.id == context.id), OWNER)


@contextmanager
def _said(key: str) -> Iterator[None]:
    """Raise what the library refuses as a translated error of our own.

    Raises:
        ServiceValidationError: It refused what was asked.
        HomeAssistantError: Anything else went wrong.
    """
    with translated_errors():
        try:
            yield
        except InvalidInputError as error:
            raise ServiceValidationError(translation_domain=DOMAIN, translation_key=key) from error
