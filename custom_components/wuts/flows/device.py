"""The dialogs of a WhatsApp device: add it, pair it again."""

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
from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, SUBENTRY_DEVICE
from ..core.errors import InvalidInputError, WutsError
from ..core.models import Device
from ..errors import key_of, text_of
from ..labels import told_apart
from ..pairing.follow import async_remember_number
from ..pairing.steps import PairingSteps

CONF_DEVICE_NAME = "device_name"
ALL_DEVICES = "all_devices"
NEW_DEVICE = "new_device"

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
        return self.async_abort(reason="paired")

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
        return self.async_show_form(step_id="user", data_schema=await self._choices())

    async def _choices(self) -> probatio.Schema:
        """Return a list of the devices to add, each with its name and state."""
        names = told_apart({device.id: device.name for device in self._free})
        options = [
            SelectOptionDict(
                value=device.id, label=f"{names[device.id]} ({await self._state(device)})"
            )
            for device in self._free
        ]
        if len(self._free) > 1:
            label = await text_of(self.hass, "selector", "device.options.all")
            label = label.format(count=len(self._free))
            options.append(SelectOptionDict(value=ALL_DEVICES, label=label))
        new = await text_of(self.hass, "selector", "device.options.new")
        options.append(SelectOptionDict(value=NEW_DEVICE, label=new))
        selector = SelectSelector(
            SelectSelectorConfig(options=options, mode=SelectSelectorMode.LIST)
        )
        return probatio.Schema({probatio.Required(CONF_DEVICE_ID): selector})

    async def _state(self, device: Device) -> str:
        state = "disconnected" if device.linked else "never_paired"
        if device.connected:
            state = "connected"
        return await text_of(self.hass, "selector", f"device.options.{state}")

    async def _take(self, device: Device) -> SubentryFlowResult:
        """Add a connected device right away; pair any other first."""
        if device.connected:
            return self._create(device.id, device.name, device.phone_number)
        return await self.async_pair(self._get_entry(), self.client, device.id, device.name)

    def _add_all(self) -> SubentryFlowResult:
        """Add all devices that were listed, connected or not, but for those that are there by now.

        A dialog creates one subentry; Home Assistant shows how many there were when it ends.
        """
        entry = self._get_entry()
        added = [device for device in self._free if device.id not in devices_of(entry)]
        for device in added:
            subentry = ConfigSubentry(
                data=MappingProxyType(_data_of(device.id, device.phone_number)),
                subentry_type=SUBENTRY_DEVICE,
                title=device.name,
                unique_id=device.id,
            )
            self.hass.config_entries.async_add_subentry(entry, subentry)
        return self.async_abort(
            reason="all_added", description_placeholders={"count": str(len(added))}
        )

    def _create(self, device_id: str, name: str, phone_number: str | None) -> SubentryFlowResult:
        data = _data_of(device_id, phone_number)
        return self.async_create_entry(title=name, data=data, unique_id=device_id)


def _data_of(device_id: str, phone_number: str | None) -> dict[str, str | None]:
    return {CONF_DEVICE_ID: device_id, CONF_PHONE_NUMBER: phone_number}
