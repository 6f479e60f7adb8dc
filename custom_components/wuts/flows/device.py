"""The dialogs of a WhatsApp device: add it, pair it again."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, override

import probatio
from homeassistant.config_entries import (
    SOURCE_RECONFIGURE,
    ConfigSubentry,
    ConfigSubentryFlow,
    SubentryFlowContext,
    SubentryFlowResult,
)
from homeassistant.helpers.selector import (
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from ..account.client import Listing, client_of
from ..account.members import devices_of
from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, DOMAIN, SUBENTRY_DEVICE
from ..core.errors import InvalidInputError, WutsError
from ..core.models import Device
from ..core.phone_numbers import shown_number
from ..errors import key_of
from ..labels import told_apart
from ..pairing.follow import async_remember_number
from ..pairing.steps import PairingSteps

CONF_DEVICE_NAME = "device_name"
ALL_DEVICES = "all_devices"
NEW_DEVICE = "new_device"

CONNECTED = "\N{CHECK MARK}"
"""Marks a device that is connected."""

NAME_SCHEMA = probatio.Schema({probatio.Required(CONF_DEVICE_NAME): TextSelector()})


class DeviceFlow(
    PairingSteps[SubentryFlowContext, SubentryFlowResult, tuple[str, str]], ConfigSubentryFlow
):
    """The flow of a device's subentry: choose or create a device, then pair it."""

    _free: Listing = ()

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask which of the account's devices to add."""
        if user_input is None:
            return await self._begin()
        chosen = user_input[CONF_DEVICE_ID]
        if chosen == NEW_DEVICE:
            return await self.async_step_name()
        if chosen == ALL_DEVICES:
            return self._add_all()
        return await self._take(next(device for device in self._free if device.id == chosen))

    async def async_step_name(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new device's name, and create it."""
        errors: dict[str, str] = {}
        if user_input is not None:
            try:
                device = await self.client.create_device(user_input[CONF_DEVICE_NAME])
            except InvalidInputError:
                errors[CONF_DEVICE_NAME] = "invalid_name"
            except WutsError as error:
                errors["base"] = key_of(error)
            else:
                return await self._take(device)
        return self.async_show_form(
            step_id="name",
            data_schema=self.add_suggested_values_to_schema(NAME_SCHEMA, user_input),
            errors=errors,
            description_placeholders={"account": self._get_entry().title},
        )

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Pair a device of Home Assistant again."""
        return await self.async_pair_again(self._get_entry(), self._get_reconfigure_subentry())

    @override
    async def async_paired(self, phone_number: str | None) -> SubentryFlowResult:
        if self.source != SOURCE_RECONFIGURE:
            return self._create(self.device_id, self.device_name, phone_number)
        subentry = self._get_reconfigure_subentry()
        async_remember_number(self.hass, self._get_entry(), subentry, phone_number)
        return self.async_abort(reason="paired", description_placeholders=self._words)

    @override
    async def async_sent(self) -> SubentryFlowResult:
        if self.source == SOURCE_RECONFIGURE:
            return await super().async_sent()
        return self._create(self.device_id, self.device_name, None)

    # Inside

    async def _begin(self) -> SubentryFlowResult:
        """List the account's devices; if all are added already, create one."""
        entry = self._get_entry()
        try:
            self.client = await client_of(self.hass, entry.data)
            listing = await self.client.list_devices()
        except WutsError as error:
            return self.async_abort(reason=key_of(error, listing=True))
        added = devices_of(entry)
        self._free = tuple(device for device in listing if device.id not in added)
        if not self._free:
            return await self.async_step_name()
        return self.async_show_form(
            step_id="user",
            data_schema=self._choices(),
            description_placeholders={"account": entry.title, "connected": CONNECTED},
        )

    def _choices(self) -> probatio.Schema:
        """Return a list of the devices to add; Home Assistant names anything else."""
        names = told_apart({device.id: device.name for device in self._free})
        labels = {device.id: _label_of(device, names[device.id]) for device in self._free}
        labels[NEW_DEVICE] = NEW_DEVICE
        if len(self._free) > 1:  # below many devices nobody would find it
            labels = {ALL_DEVICES: ALL_DEVICES, **labels}
        options = [SelectOptionDict(value=value, label=label) for value, label in labels.items()]
        selector = SelectSelector(
            SelectSelectorConfig(
                options=options, mode=SelectSelectorMode.LIST, translation_key=SUBENTRY_DEVICE
            )
        )
        first = self._free[0].id
        return probatio.Schema({probatio.Required(CONF_DEVICE_ID, default=first): selector})

    async def _take(self, device: Device) -> SubentryFlowResult:
        """Add a connected device right away; pair any other first."""
        if device.connected:
            return self._create(device.id, device.name, device.phone_number)
        return await self.async_pair(self._get_entry(), self.client, device.id, device.name)

    def _add_all(self) -> SubentryFlowResult:
        """Add all devices that were listed, connected or not, except those that are there by now.

        A dialog creates one subentry; Home Assistant shows how many there were when it ends.
        """
        entry = self._get_entry()
        added = [device for device in self._free if device.id not in devices_of(entry)]
        titles = self._titles_of({device.id: device.name for device in added})
        for device in added:
            subentry = ConfigSubentry(
                data=MappingProxyType(_data_of(device.id, device.phone_number)),
                subentry_type=SUBENTRY_DEVICE,
                title=titles[device.id],
                unique_id=device.id,
            )
            self.hass.config_entries.async_add_subentry(entry, subentry)
        return self.async_abort(
            reason="all_added", description_placeholders={"count": str(len(added))}
        )

    def _create(self, device_id: str, name: str, phone_number: str | None) -> SubentryFlowResult:
        data = _data_of(device_id, phone_number)
        title = self._titles_of({device_id: name})[device_id]
        return self.async_create_entry(title=title, data=data, unique_id=device_id)

    def _titles_of(self, added: Mapping[str, str]) -> dict[str, str]:
        """Return what to call devices that are added: as no other is called, of any account."""
        entry = self._get_entry()
        accounts = self.hass.config_entries.async_entries(DOMAIN)
        elsewhere = {
            name for one in accounts if one is not entry for name in devices_of(one).values()
        }
        titles = told_apart({**devices_of(entry), **added})
        return {
            one: f"{titles[one]} · {entry.title}" if titles[one] in elsewhere else titles[one]
            for one in added
        }


def _label_of(device: Device, name: str) -> str:
    """Return a device's name, its phone and whether it is connected, in no language."""
    number = shown_number(device.phone_number) if device.phone_number else ""
    return " · ".join(filter(None, (name, number, CONNECTED if device.connected else "")))


def _data_of(device_id: str, phone_number: str | None) -> dict[str, str | None]:
    return {CONF_DEVICE_ID: device_id, CONF_PHONE_NUMBER: phone_number}
