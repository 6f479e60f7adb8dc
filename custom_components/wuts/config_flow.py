"""The account's dialogs: add it, give it a new token, change where it is."""

from collections.abc import Mapping
from typing import Any, override

import httpx
import probatio
from homeassistant.config_entries import (
    SOURCE_USER,
    ConfigEntry,
    ConfigEntryState,
    ConfigFlow,
    ConfigFlowResult,
    ConfigSubentryFlow,
    FlowType,
    OptionsFlow,
    SubentryFlowContext,
)
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow, section
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from .account import Listing, client_of
from .const import DOMAIN, SECTION_ADVANCED, SUBENTRY_DEVICE, SUBENTRY_RECIPIENT
from .coordinator import WutsConfigEntry, devices_of
from .core import DEFAULT_BASE_URL
from .core.errors import WutsError
from .core.http.transport import check_base_url
from .errors import key_of
from .flows.device import DeviceFlow
from .flows.options import WutsOptionsFlow
from .flows.recipient import RecipientFlow

TOKEN = TextSelector(
    TextSelectorConfig(type=TextSelectorType.PASSWORD, autocomplete="current-password")
)
ADVANCED_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_URL, default=DEFAULT_BASE_URL): TextSelector(
            TextSelectorConfig(type=TextSelectorType.URL, autocomplete="url")
        )
    }
)
ACCOUNT_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_TOKEN): TOKEN,
        probatio.Required(SECTION_ADVANCED): section(ADVANCED_SCHEMA, {"collapsed": True}),
    }
)
TOKEN_SCHEMA = probatio.Schema({probatio.Required(CONF_TOKEN): TOKEN})


class WutsConfigFlow(ConfigFlow, domain=DOMAIN):
    """An account's flow; what it reads and cannot read is told in words."""

    @classmethod
    @callback
    @override
    def async_get_supported_subentry_types(
        cls, config_entry: ConfigEntry
    ) -> dict[str, type[ConfigSubentryFlow]]:
        return {SUBENTRY_DEVICE: DeviceFlow, SUBENTRY_RECIPIENT: RecipientFlow}

    @staticmethod
    @callback
    @override
    def async_get_options_flow(config_entry: ConfigEntry) -> OptionsFlow:
        return WutsOptionsFlow()

    async def async_step_user(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the token of a new account."""
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _data_of(user_input)
            self._async_abort_entries_match(data)
            listing = await self._check(data, errors)
            if listing is not None:
                self._abort_if_known(data, listing)
                return self.async_create_entry(title=_title_of(data), data=data)
        return self._show("user", ACCOUNT_SCHEMA, user_input, errors)

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Go on with the account's first device in the same dialog."""
        flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_DEVICE),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
        return result

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Begin to replace a token that was refused."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the account's new token."""
        entry = self._get_reauth_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = {**entry.data, CONF_TOKEN: user_input[CONF_TOKEN].strip()}
            listing = await self._check(data, errors)
            if listing is not None:
                self._abort_if_another(entry, listing)
                return self._update(entry, data)
        return self._show("reauth_confirm", TOKEN_SCHEMA, user_input, errors, account=entry.title)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another token and another address."""
        entry = self._get_reconfigure_entry()
        errors: dict[str, str] = {}
        if user_input is not None:
            data = _data_of(user_input)
            listing = await self._check(data, errors)
            if listing is not None:
                self._abort_if_another(entry, listing)
                self._abort_if_known(data, listing, apart_from=entry)
                return self._update(entry, data)
        shown = user_input or {SECTION_ADVANCED: {CONF_URL: entry.data[CONF_URL]}}
        return self._show("reconfigure", ACCOUNT_SCHEMA, shown, errors, account=entry.title)

    # Inside

    async def _check(self, data: Mapping[str, Any], errors: dict[str, str]) -> Listing | None:
        """Return the account's devices, or say in ``errors`` why they cannot be read."""
        try:
            check_base_url(data[CONF_URL], allow_insecure_http=False)
        except WutsError:
            errors["base"] = "invalid_url"
            return None
        try:
            return await client_of(self.hass, data).list_devices()
        except WutsError as error:
            errors["base"] = key_of(error)
            return None

    def _abort_if_known(
        self, data: Mapping[str, Any], listing: Listing, apart_from: ConfigEntry | None = None
    ) -> None:
        """Refuse a second token of an account that is there: it lists the same devices."""
        ids = {device.id for device in listing}
        for entry in self._async_current_entries(include_ignore=False):
            if entry is apart_from:
                continue
            same_token = entry.data[CONF_TOKEN] == data[CONF_TOKEN]
            if entry.data[CONF_URL] == data[CONF_URL] and (same_token or ids & _known_ids(entry)):
                raise AbortFlow("already_configured", {"account": entry.title})

    def _abort_if_another(self, entry: ConfigEntry, listing: Listing) -> None:
        """Refuse a token that sees none of the account's devices: it is another account's."""
        added = devices_of(entry).keys()
        if added and added.isdisjoint(device.id for device in listing):
            raise AbortFlow("another_account", {"account": entry.title})

    def _update(self, entry: ConfigEntry, data: Mapping[str, Any]) -> ConfigFlowResult:
        """Keep the new data; an entry that is loaded reloads itself by it, others are told to."""
        if entry.update_listeners:
            return self.async_update_and_abort(entry, data=data)
        return self.async_update_reload_and_abort(entry, data=data)

    def _show(
        self,
        step_id: str,
        schema: probatio.Schema,
        shown: Mapping[str, Any] | None,
        errors: dict[str, str],
        **words: str,
    ) -> ConfigFlowResult:
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
            description_placeholders=words,
        )


def _data_of(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return what is kept of an account: its token and its address in one spelling."""
    return {
        CONF_TOKEN: user_input[CONF_TOKEN].strip(),
        CONF_URL: user_input[SECTION_ADVANCED][CONF_URL].strip().rstrip("/"),
    }


def _title_of(data: Mapping[str, str]) -> str:
    """Name an account; the gateway does not tell a name of it."""
    if data[CONF_URL] == DEFAULT_BASE_URL:
        return "WUTS"
    return f"WUTS ({httpx.URL(data[CONF_URL]).host})"


def _known_ids(entry: WutsConfigEntry) -> set[str]:
    """Return the ids of an account's devices: those added, and those it was last seen to have."""
    added = set(devices_of(entry))
    if entry.state is ConfigEntryState.LOADED:
        return added | entry.runtime_data.listed_ids
    return added
