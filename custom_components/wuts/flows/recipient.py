"""The dialogs of a recipient: who gets the messages, and which device sends them."""

from collections.abc import Mapping
from typing import Any

import probatio
from homeassistant.config_entries import ConfigSubentry, ConfigSubentryFlow, SubentryFlowResult
from homeassistant.const import CONF_NAME
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.selector import (
    SelectOptionDict,
    Selector,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
)

from ..account.client import client_of
from ..account.members import devices_of
from ..const import CONF_DEVICE_ID, CONF_RECIPIENT
from ..coordinator import recipients_of
from ..core.errors import DeviceNotReadyError, InvalidPhoneNumberError, WutsError
from ..core.phone import is_group_jid
from ..core.phone_numbers import read_recipient, shown_number
from ..errors import key_of, placeholders_of
from ..labels import told_apart
from ..messaging.chats import Chats, async_find_chats
from ..messaging.check_budget import async_spend
from ..phone_fields import code_offered, example_for


class RecipientFlow(ConfigSubentryFlow):
    """The flow of a recipient's subentry: a person or a group, and the sending device."""

    _mistake: Mapping[str, str] = {}
    _chats: Chats | None = None

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> SubentryFlowResult:
        """Ask for a new recipient."""
        names = devices_of(self._get_entry())
        if not names:
            return self.async_abort(reason="no_device")
        errors: dict[str, str] = {}
        if user_input is not None:
            title, data = await self._read(user_input, errors)
            if not errors:
                return self.async_create_entry(title=title, data=data)
        only = {CONF_DEVICE_ID: next(iter(names))} if len(names) == 1 else {}
        return await self._show("user", user_input or only, errors)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> SubentryFlowResult:
        """Ask for another name, number or sender."""
        subentry = self._get_reconfigure_subentry()
        errors: dict[str, str] = {}
        if user_input is not None:
            title, data = await self._read(user_input, errors, apart_from=subentry)
            if not errors:
                return self.async_update_and_abort(
                    self._get_entry(), subentry, title=title, data=data
                )
        kept = subentry.data[CONF_RECIPIENT]
        number = kept if is_group_jid(kept) else shown_number(kept)
        known = {CONF_NAME: subentry.title, **subentry.data, CONF_RECIPIENT: number}
        name = {"name": subentry.title}
        return await self._show("reconfigure", user_input or known, errors, name)

    # Inside

    async def _read(
        self,
        user_input: Mapping[str, str],
        errors: dict[str, str],
        apart_from: ConfigSubentry | None = None,
    ) -> tuple[str, dict[str, str]]:
        """Return a recipient's name and data; say in ``errors`` what is wrong with them."""
        title, device_id = user_input[CONF_NAME].strip(), user_input[CONF_DEVICE_ID]
        data = {CONF_RECIPIENT: user_input[CONF_RECIPIENT].strip(), CONF_DEVICE_ID: device_id}
        if not title:
            errors[CONF_NAME] = "invalid_name"
            return title, data
        try:
            data[CONF_RECIPIENT] = read_recipient(data[CONF_RECIPIENT], self.hass.config.country)
        except InvalidPhoneNumberError as error:
            self._mistake = placeholders_of(error)
            errors[CONF_RECIPIENT] = key_of(error) if self._mistake else "invalid_recipient"
            return title, data
        others = (one for one in recipients_of(self._get_entry()) if one is not apart_from)
        if any(dict(other.data) == data for other in others):
            errors[CONF_RECIPIENT] = "already_there"
        elif not is_group_jid(data[CONF_RECIPIENT]):
            await self._check_number(data, errors)
        elif (await self._find_chats()).is_elsewhere(data[CONF_RECIPIENT], device_id):
            errors[CONF_DEVICE_ID] = "group_elsewhere"
        return title, data

    async def _check_number(self, data: Mapping[str, str], errors: dict[str, str]) -> None:
        """Ask the gateway whether a number is on WhatsApp, if the sender is connected.

        A number of which nothing can be said is taken as it is.
        """
        try:
            await async_spend(self.hass, self._get_entry(), 1)
            client = await client_of(self.hass, self._get_entry().data)
            checked = await client.check_contacts([data[CONF_RECIPIENT]], data[CONF_DEVICE_ID])
        except DeviceNotReadyError, ServiceValidationError:
            return
        except WutsError as error:
            errors["base"] = key_of(error)
            return
        if False in checked.results.values():
            errors[CONF_RECIPIENT] = "not_on_whatsapp"

    async def _find_chats(self) -> Chats:
        """Return whom to choose from, which is asked for once in a dialog."""
        if self._chats is None:
            self._chats = await async_find_chats(self.hass, self._get_entry())
        return self._chats

    async def _show(
        self,
        step_id: str,
        shown: Mapping[str, Any],
        errors: dict[str, str],
        known: Mapping[str, str] | None = None,
    ) -> SubentryFlowResult:
        chats = await self._find_chats()
        if not chats.options:
            shown = {CONF_RECIPIENT: code_offered(self.hass), **shown}
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(self._schema(chats), shown),
            errors=errors,
            description_placeholders={
                **(known or {"account": self._get_entry().title}),
                "example": example_for(self.hass),
                "listed": str(len(chats.options)),
                "found": str(chats.found),
                **(self._mistake if errors else {}),
            },
        )

    def _schema(self, chats: Chats) -> probatio.Schema:
        senders = [
            SelectOptionDict(value=device_id, label=name)
            for device_id, name in told_apart(devices_of(self._get_entry())).items()
        ]
        selector = SelectSelector(
            SelectSelectorConfig(options=senders, mode=SelectSelectorMode.DROPDOWN)
        )
        return probatio.Schema(
            {
                probatio.Required(CONF_NAME): TextSelector(),
                probatio.Required(CONF_RECIPIENT): _selector_of(chats),
                probatio.Required(CONF_DEVICE_ID): selector,
            }
        )


def _selector_of(chats: Chats) -> Selector[Any]:
    """Return a field to type into, and to choose from where there is something to choose."""
    if not chats.options:
        return TextSelector()
    return SelectSelector(
        SelectSelectorConfig(
            options=chats.options, custom_value=True, mode=SelectSelectorMode.DROPDOWN
        )
    )
