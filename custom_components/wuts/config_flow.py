"""An account's dialogs: add it, replace its token, change its address."""

from collections.abc import Mapping
from itertools import count
from typing import Any, override

import httpx
import probatio
from homeassistant.config_entries import (
    SOURCE_REAUTH,
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

from .account.client import Listing, client_of
from .account.members import devices_of
from .const import CONF_CA_FILE, DOMAIN, SECTION_ADVANCED, SUBENTRY_DEVICE, SUBENTRY_RECIPIENT
from .coordinator import WutsConfigEntry
from .core import DEFAULT_BASE_URL
from .core.errors import WutsError
from .core.inputs import check_base_url
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
        ),
        probatio.Optional(CONF_CA_FILE): TextSelector(),
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
    """The flow of an account."""

    MINOR_VERSION = 3

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
        data = None if user_input is None else _data_of(user_input)
        return await self._show("user", ACCOUNT_SCHEMA, user_input, data)

    @override
    async def async_on_create_entry(self, result: ConfigFlowResult) -> ConfigFlowResult:
        """Continue with the account's first device in the same dialog."""
        flow = await self.hass.config_entries.subentries.async_init(
            (result["result"].entry_id, SUBENTRY_DEVICE),
            context=SubentryFlowContext(source=SOURCE_USER),
        )
        result["next_flow"] = (FlowType.CONFIG_SUBENTRIES_FLOW, flow["flow_id"])
        return result

    async def async_step_reauth(self, entry_data: Mapping[str, Any]) -> ConfigFlowResult:
        """Replace a refused token."""
        return await self.async_step_reauth_confirm()

    async def async_step_reauth_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for the account's new token."""
        entry = self._get_reauth_entry()
        data = {**entry.data, CONF_TOKEN: user_input[CONF_TOKEN].strip()} if user_input else None
        return await self._show("reauth_confirm", TOKEN_SCHEMA, user_input, data, entry)

    async def async_step_reconfigure(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Ask for another token and another address."""
        entry = self._get_reconfigure_entry()
        data = _data_of(user_input) if user_input else None
        advanced = {key: entry.data[key] for key in (CONF_URL, CONF_CA_FILE) if key in entry.data}
        shown = user_input or {SECTION_ADVANCED: advanced}
        return await self._show("reconfigure", ACCOUNT_SCHEMA, shown, data, entry)

    # Inside

    async def _show(
        self,
        step_id: str,
        schema: probatio.Schema,
        shown: Mapping[str, Any] | None,
        data: Mapping[str, Any] | None,
        entry: ConfigEntry | None = None,
    ) -> ConfigFlowResult:
        """Save ``data`` if it works, and ask for it otherwise."""
        errors: dict[str, str] = {}
        listing = None if data is None else await self._check(data, errors)
        if data is not None and listing is not None:
            return self._save(data, listing, entry)
        return self.async_show_form(
            step_id=step_id,
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors=errors,
            description_placeholders={"account": entry.title} if entry else None,
        )

    async def _check(self, data: Mapping[str, Any], errors: dict[str, str]) -> Listing | None:
        """Return the account's devices, or say in ``errors`` why they cannot be read."""
        try:
            check_base_url(data[CONF_URL], allow_insecure_http=False)
        except WutsError:
            errors["base"] = "invalid_url"
            return None
        try:
            return await (await client_of(self.hass, data)).list_devices()
        except WutsError as error:
            errors["base"] = key_of(error, listing=True)
            return None

    def _abort_if_known(
        self, data: Mapping[str, Any], listing: Listing, apart_from: ConfigEntry | None = None
    ) -> None:
        """Refuse a second token of a configured account, which lists the same devices."""
        ids = {device.id for device in listing}
        for entry in self._async_current_entries(include_ignore=False):
            if entry is apart_from:
                continue
            same_token = entry.data[CONF_TOKEN] == data[CONF_TOKEN]
            if entry.data[CONF_URL] == data[CONF_URL] and (same_token or ids & _known_ids(entry)):
                raise AbortFlow("already_configured", {"account": entry.title})

    def _abort_if_another(self, entry: ConfigEntry, listing: Listing) -> None:
        """Refuse a token of another account, which lists none of this account's devices."""
        added = devices_of(entry).keys()
        if added and added.isdisjoint(device.id for device in listing):
            raise AbortFlow("another_account", {"account": entry.title})

    def _save(
        self, data: Mapping[str, Any], listing: Listing, entry: ConfigEntry | None
    ) -> ConfigFlowResult:
        """Create or update the account's entry."""
        if entry is not None:
            self._abort_if_another(entry, listing)
        if self.source != SOURCE_REAUTH:
            self._abort_if_known(data, listing, apart_from=entry)
        if entry is None:
            return self.async_create_entry(title=self._new_title(data), data=data)
        if not entry.update_listeners:
            return self.async_update_reload_and_abort(entry, data=data)
        if dict(entry.data) == dict(data):
            # No listener hears of it, but whoever enters the same again wants a look now.
            self.hass.config_entries.async_schedule_reload(entry.entry_id)
        return self.async_update_and_abort(entry, data=data)

    def _new_title(self, data: Mapping[str, str]) -> str:
        """Name a new account; one of a gateway that others are of is numbered."""
        title, taken = _title_of(data), {one.title for one in self._async_current_entries()}
        names = (title if number == 1 else f"{title} {number}" for number in count(1))
        return next(name for name in names if name not in taken)


def _data_of(user_input: Mapping[str, Any]) -> dict[str, str]:
    """Return an account's token, address and CA file, if any, in one spelling."""
    advanced = user_input[SECTION_ADVANCED]
    data = {
        CONF_TOKEN: user_input[CONF_TOKEN].strip(),
        CONF_URL: advanced[CONF_URL].strip().rstrip("/"),
    }
    ca_file = advanced.get(CONF_CA_FILE, "").strip()
    return data | ({CONF_CA_FILE: ca_file} if ca_file else {})


def _title_of(data: Mapping[str, str]) -> str:
    """Name an account, for which the gateway has no name."""
    if data[CONF_URL] == DEFAULT_BASE_URL:
        return "WUTS"
    return f"WUTS ({httpx.URL(data[CONF_URL]).host})"


def _known_ids(entry: WutsConfigEntry) -> set[str]:
    """Return the ids of an account's devices, added to Home Assistant or only listed."""
    added = set(devices_of(entry))
    if entry.state is ConfigEntryState.LOADED:
        return added | entry.runtime_data.listed_ids
    return added
