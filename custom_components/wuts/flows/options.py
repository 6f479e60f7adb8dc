"""An account's options: push, messages, removed devices, dashboards, numbers to check."""

from collections.abc import Mapping
from typing import Any, Final

import probatio
from homeassistant.config_entries import ConfigEntryState, ConfigFlowResult, OptionsFlow
from homeassistant.helpers.network import NoURLAvailableError
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
)

from ..account.changes import check_answers, set_webhook
from ..account.client import client_of
from ..account.consent import CONF_CONFIRMED, must_ask
from ..account.logout import CONF_LOG_OUT
from ..account.members import devices_of
from ..core.check_budget import DEFAULT_LIMIT
from ..core.errors import DeviceNotFoundError, WutsError
from ..core.models import Webhook
from ..core.push_address import PushAddress, host_of
from ..errors import key_of
from ..messaging.check_budget import CONF_CHECK_LIMIT
from ..pairing.dashboards import CONF_DASHBOARDS
from ..push.address import async_address_of, async_forget_cloudhook, with_cloudhook
from ..push.options import CONF_MESSAGES, CONF_PUSH, CONF_RECORD_TEXT, new_options
from ..push.push import async_release

SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_PUSH, default=False): BooleanSelector(),
        probatio.Required(CONF_MESSAGES, default=False): BooleanSelector(),
        probatio.Required(CONF_RECORD_TEXT, default=False): BooleanSelector(),
        probatio.Required(CONF_LOG_OUT, default=False): BooleanSelector(),
        probatio.Required(CONF_DASHBOARDS, default=False): BooleanSelector(),
        probatio.Required(CONF_CHECK_LIMIT, default=DEFAULT_LIMIT): NumberSelector(
            NumberSelectorConfig(min=0, max=100_000, step=1, mode=NumberSelectorMode.BOX)
        ),
    }
)

SEVERAL_DEVICES = SCHEMA.extend({probatio.Optional(CONF_CONFIRMED): BooleanSelector()})

CONF_LEFT_BEHIND: Final = "left_behind"
LEFT_BEHIND: Final = ["turn_off", "turn_off_anyway"]
LEFT_BEHIND_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_LEFT_BEHIND, default=LEFT_BEHIND[0]): SelectSelector(
            SelectSelectorConfig(
                options=LEFT_BEHIND, mode=SelectSelectorMode.LIST, translation_key=CONF_LEFT_BEHIND
            )
        )
    }
)


class WutsOptionsFlow(OptionsFlow):
    """The flow of the options; someone else's webhook is replaced only if the user agrees."""

    def __init__(self) -> None:
        self._asked: dict[str, Webhook] = {}
        self._device_ids: list[str] = []
        self._options: dict[str, Any] = {}
        self._problem = ""

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Ask for the options."""
        if user_input is None:
            return self._show(self.config_entry.options)
        self._options = {**self.config_entry.options, **user_input}
        if self._options[CONF_MESSAGES] and not self._options[CONF_PUSH]:
            return self._show(self._options, "needs_push", at=CONF_MESSAGES)
        try:
            if await self._must_ask():
                return await self.async_step_confused()
        except WutsError as error:
            return self._show(self._options, key_of(error, listing=True))
        return await self._go_on()

    async def async_step_confused(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say that the gateway may change another device than it should, and ask."""
        count = str(len(self._device_ids))
        account = self.config_entry.title
        return self._menu("confused", ["confirm", "leave"], account=account, count=count)

    async def async_step_confirm(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Keep that the user was told."""
        self._options[CONF_CONFIRMED] = True
        return await self._go_on()

    async def async_step_strangers(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Show whose webhooks are in use, and ask what to do."""
        names = devices_of(self.config_entry)
        lines = [f"- {names[one]}: {host_of(webhook)}" for one, webhook in self._asked.items()]
        account = self.config_entry.title
        options = ["replace", "leave"]
        return self._menu("strangers", options, account=account, webhooks="\n".join(lines))

    async def async_step_replace(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Replace the webhooks that the user was shown."""
        return await self._turn_on()

    async def async_step_leave(self, user_input: dict[str, Any] | None = None) -> ConfigFlowResult:
        """Leave everything as it is."""
        if not self.config_entry.options.get(CONF_PUSH):
            await async_forget_cloudhook(self.hass, self._options)
        account = self.config_entry.title
        return self.async_abort(
            reason="nothing_changed", description_placeholders={"account": account}
        )

    async def async_step_turn_off(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Take our webhooks down."""
        try:
            if self.config_entry.options.get(CONF_PUSH) and await self._may_be_confused():
                return await self.async_step_confused()
            await async_release(self.hass, self.config_entry, devices_of(self.config_entry))
        except WutsError as error:
            self._problem = key_of(error)
            return await self.async_step_left_behind()
        return await self.async_step_turn_off_anyway()

    async def async_step_left_behind(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Say why the gateway is still sending events, and ask what to do."""
        if user_input is not None:
            is_over = user_input[CONF_LEFT_BEHIND] == LEFT_BEHIND[1]
            return await (
                self.async_step_turn_off_anyway() if is_over else self.async_step_turn_off()
            )
        return self.async_show_form(
            step_id="left_behind",
            data_schema=LEFT_BEHIND_SCHEMA,
            errors={"base": self._problem},
            description_placeholders={"account": self.config_entry.title},
        )

    async def async_step_turn_off_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> ConfigFlowResult:
        """Stop taking deliveries, whatever the gateway does."""
        return self.async_create_entry(data=self._options)

    # Inside

    def _menu(self, step_id: str, options: list[str], **words: str) -> ConfigFlowResult:
        return self.async_show_menu(
            step_id=step_id, menu_options=options, description_placeholders=words
        )

    async def _must_ask(self) -> bool:
        """Return whether the options need the user's word that devices may be confused.

        Raises:
            WutsError: The gateway does not list its devices.
        """
        changes_devices = self._options[CONF_PUSH] or self._options[CONF_LOG_OUT]
        return changes_devices and await self._may_be_confused()

    async def _may_be_confused(self) -> bool:
        """Return whether the gateway may change other devices and the user was not told.

        Raises:
            WutsError: The gateway does not list its devices.
        """
        if self._options.get(CONF_CONFIRMED):
            return False
        entry = self.config_entry
        client = await client_of(self.hass, entry.data)
        if entry.state is ConfigEntryState.LOADED:
            self._device_ids = sorted(entry.runtime_data.listed_ids)
        else:
            self._device_ids = [device.id for device in await client.list_devices()]
        return await must_ask(client, self._device_ids)

    async def _go_on(self) -> ConfigFlowResult:
        if not self._options[CONF_PUSH]:
            return await self.async_step_turn_off()
        self._options = new_options(self._options)
        return await self._turn_on()

    async def _turn_on(self) -> ConfigFlowResult:
        """Replace the webhooks that the user agreed to, and ask about all others."""
        try:
            address = await async_address_of(self.hass, self._options)
        except NoURLAvailableError:
            return self._show(self._options, "no_address")
        self._options = with_cloudhook(self._options, address)
        try:
            unasked = await self._replace(address)
        except WutsError as error:
            return self._show(self._options, key_of(error))
        if unasked:
            self._asked = unasked
            return await self.async_step_strangers()
        if self._options == self.config_entry.options:
            # Saving nothing new does not reload it, but an issue may be resolved now.
            self.hass.config_entries.async_schedule_reload(self.config_entry.entry_id)
        return self.async_create_entry(data=self._options)

    async def _replace(self, address: PushAddress) -> dict[str, Webhook]:
        """Replace other webhooks if the user was asked about all of them; return them otherwise.

        Raises:
            WutsError: The gateway could not do it.
        """
        client = await client_of(self.hass, self.config_entry.data)
        strangers: dict[str, Webhook] = {}
        for device_id in devices_of(self.config_entry):
            await check_answers(self.hass, self.config_entry, device_id)
            try:
                webhook = await client.get_webhook(device_id)
            except DeviceNotFoundError:
                continue
            stranger = address.stranger(webhook)
            if stranger is not None:
                strangers[device_id] = stranger
        if any(
            device_id not in self._asked or host_of(self._asked[device_id]) != host_of(webhook)
            for device_id, webhook in strangers.items()
        ):
            return strangers
        for device_id in strangers:
            await set_webhook(self.hass, self.config_entry, client, device_id, address.config())
        return {}

    def _show(
        self, shown: Mapping[str, Any], problem: str | None = None, *, at: str = "base"
    ) -> ConfigFlowResult:
        schema = SEVERAL_DEVICES if self._has_several_devices() else SCHEMA
        return self.async_show_form(
            step_id="init",
            data_schema=self.add_suggested_values_to_schema(schema, shown),
            errors={at: problem} if problem else {},
            description_placeholders={"account": self.config_entry.title},
        )

    def _has_several_devices(self) -> bool:
        entry = self.config_entry
        is_loaded = entry.state is ConfigEntryState.LOADED
        return len(entry.runtime_data.listed_ids if is_loaded else devices_of(entry)) > 1
