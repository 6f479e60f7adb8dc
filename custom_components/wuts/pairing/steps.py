"""The steps of a pairing, shared by a device's dialog and the repair."""

import asyncio
from abc import abstractmethod
from dataclasses import replace
from typing import Any, override

import probatio
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.core import HomeAssistant, callback
from homeassistant.data_entry_flow import AbortFlow, FlowContext, FlowHandler, FlowResult
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from ..account import client_of
from ..changes import check_answers, logout
from ..consent import must_ask
from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER
from ..coordinator import WutsConfigEntry
from ..core import WutsClient
from ..core.errors import (
    ErrorCode,
    InvalidPhoneNumberError,
    NotVerifiedError,
    WrongDeviceError,
    WutsError,
)
from ..core.pairing import (
    PAIRINGS,
    Failed,
    FailureReason,
    PairingSettings,
    PairingView,
    Unchecked,
    WrongAccount,
)
from ..core.phone_numbers import read_number, shown_number
from ..errors import KEYS, ConfusedGatewayError, key_of, placeholders_of, text_of, text_of_country
from ..questions import async_keep_question, async_withdraw_questions
from .dialog import PairingDialog, async_dialog_of

TIMES = PairingSettings()
"""How long things may take."""

METHODS = ["qr", "phone"]
KEEP_OR_UNLINK = ["keep_account", "unlink_account"]

HOPELESS = {
    FailureReason.TOKEN_REFUSED,
    FailureReason.NOT_ALLOWED,
    FailureReason.DEVICE_GONE,
    FailureReason.WRONG_DEVICE,
}
"""Failures that starting again does not fix."""

FAILURES = KEYS | {
    ErrorCode.INVALID_PHONE_NUMBER: "pairing_invalid_phone_number",
    ErrorCode.REFUSED: "pairing_refused",
    ErrorCode.PAIRING_IN_PROGRESS: "pairing_elsewhere",
}
"""Texts for all others."""

PHONE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_PHONE_NUMBER): TextSelector(
            TextSelectorConfig(type=TextSelectorType.TEL, autocomplete="tel")
        )
    }
)


@callback
def async_remember_number(
    hass: HomeAssistant,
    entry: WutsConfigEntry,
    subentry: ConfigSubentry,
    phone_number: str | None,
) -> None:
    """Keep the number of the phone that was just linked, and check the device now.

    Where the gateway does not tell the number, the one that is known stays.
    """
    device_id = subentry.data[CONF_DEVICE_ID]
    number = phone_number or subentry.data.get(CONF_PHONE_NUMBER)
    data = {**subentry.data, CONF_PHONE_NUMBER: number}
    hass.config_entries.async_update_subentry(entry, subentry, data=data)
    async_withdraw_questions(hass, device_id)
    if entry.state is ConfigEntryState.LOADED:
        entry.runtime_data.async_look(device_id)


class PairingSteps[C: FlowContext, R: FlowResult[Any, Any], H](FlowHandler[C, R, H]):
    """The steps from the choice of a method to a linked phone.

    A flow returns `async_pair` or `async_pair_again`, and gets the outcome at `async_paired`. Every
    step may run again at any time, because reading a flow runs its present step.
    """

    client: WutsClient
    device_id: str
    device_name: str
    _entry: ConfigEntry
    _subentry: ConfigSubentry | None = None
    _dialog: PairingDialog | None = None
    _view: PairingView
    _change: asyncio.Task[None] | None = None
    _failure: str = ""
    _phone: str | None = None

    @abstractmethod
    async def async_paired(self, phone_number: str | None) -> R:
        """Continue with a paired device; ``phone_number`` is the linked phone's, if known."""

    async def async_pair(self, client: WutsClient, device_id: str, device_name: str) -> R:
        """Pair a device with any phone."""
        self.client, self.device_id, self.device_name = client, device_id, device_name
        return await self.async_step_pair()

    async def async_pair_again(self, entry: ConfigEntry, subentry: ConfigSubentry) -> R:
        """Pair a device of Home Assistant, with the phone of before unless the user decides."""
        self._entry, self._subentry = entry, subentry
        try:
            client = await client_of(self.hass, entry.data)
        except WutsError as error:
            raise AbortFlow(key_of(error)) from error
        return await self.async_pair(client, subentry.data[CONF_DEVICE_ID], subentry.title)

    @override
    @callback
    def async_remove(self) -> None:
        """End the pairing with its dialog."""
        if self._dialog is not None:
            self._dialog.close()

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask for the method."""
        return self._menu("pair", METHODS)

    async def async_step_qr(self, user_input: dict[str, Any] | None = None) -> R:
        """Show one QR after another."""
        return await self._show("qr", TIMES)

    async def async_step_phone(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask for the phone's number."""
        errors: dict[str, str] = {}
        words = self._words | {"assumed": await text_of_country(self.hass)}
        if user_input is not None:
            try:
                self._phone = read_number(user_input[CONF_PHONE_NUMBER], self.hass.config.country)
            except InvalidPhoneNumberError as error:
                errors[CONF_PHONE_NUMBER] = key_of(error)
                words |= placeholders_of(error)
            else:
                return await self.async_step_code()
        return self.async_show_form(
            step_id="phone",
            data_schema=self.add_suggested_values_to_schema(PHONE_SCHEMA, user_input),
            errors=errors,
            description_placeholders=words,
        )

    async def async_step_code(self, user_input: dict[str, Any] | None = None) -> R:
        """Show a code to type on the phone, and the next one when it has expired."""
        return await self._show("code", replace(TIMES, phone=self._phone))

    async def async_step_paired(self, user_input: dict[str, Any] | None = None) -> R:
        """Hand over to the flow."""
        return await self.async_paired(self._view.phone_number)

    async def async_step_wrong_account(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask what to do about a phone other than the expected one."""
        wrong = self._view.outcome
        assert isinstance(wrong, WrongAccount)  # noqa: S101 - the stage of that name
        linked, expected = shown_number(wrong.phone_number), shown_number(wrong.expected)
        return self._menu("wrong_account", KEEP_OR_UNLINK, linked=linked, expected=expected)

    async def async_step_unchecked(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask what to do about a phone of which nobody knows whether it is the expected one."""
        unchecked = self._view.outcome
        assert isinstance(unchecked, Unchecked)  # noqa: S101 - the stage of that name
        expected = shown_number(unchecked.expected)
        return self._menu("unchecked", KEEP_OR_UNLINK, expected=expected)

    async def async_step_keep_account(self, user_input: dict[str, Any] | None = None) -> R:
        """Accept the phone that is linked."""
        return await self.async_step_paired()

    async def async_step_unlink_account(self, user_input: dict[str, Any] | None = None) -> R:
        """Unlink the phone, and start again."""
        try:
            await check_answers(self.hass, self._entry, self.device_id)
            ids = [device.id for device in await self.client.list_devices()]
            if await must_ask(self.client, ids):
                return await self.async_step_confirm_unlink()
        except WutsError as error:
            return await self._not_unlinked(error)
        return await self.async_step_unlink_anyway()

    async def async_step_confirm_unlink(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask before the gateway unlinks what may be the phone of another device."""
        return self._menu("confirm_unlink", ["unlink_anyway", "keep_account"])

    async def async_step_unlink_anyway(self, user_input: dict[str, Any] | None = None) -> R:
        """Unlink the phone, and see that it was this device's."""
        try:
            await logout(self.hass, self._entry, self.client, self.device_id)
        except WutsError as error:
            return await self._not_unlinked(error)
        async_withdraw_questions(self.hass, self.device_id)
        return await self.async_step_pair()

    async def _not_unlinked(self, error: WutsError) -> R:
        is_doubtful = isinstance(error, NotVerifiedError | WrongDeviceError | ConfusedGatewayError)
        self._failure = key_of(error) if is_doubtful else "pairing_logout_failed"
        return await self.async_step_failed()

    async def async_step_failed(self, user_input: dict[str, Any] | None = None) -> R:
        """Say why no phone was linked, and offer to start again."""
        failed = self._view.outcome
        if isinstance(failed, Failed):
            if failed.reason in HOPELESS:
                return self.async_abort(
                    reason=failed.reason.value, description_placeholders=self._words
                )
            self._failure = FAILURES[failed.code]
        problem = await text_of(self.hass, "exceptions", f"{self._failure}.message")
        return self._menu("failed", METHODS, problem=problem)

    async def async_step_replaced(self, user_input: dict[str, Any] | None = None) -> R:
        """Say that another dialog took over the device."""
        return self.async_abort(reason="replaced", description_placeholders=self._words)

    # Inside

    @property
    def _words(self) -> dict[str, str]:
        return {"name": self.device_name}

    def _menu(self, step_id: str, options: list[str], **words: str) -> R:
        return self.async_show_menu(
            step_id=step_id, menu_options=options, description_placeholders=self._words | words
        )

    async def _open(self, settings: PairingSettings) -> PairingDialog:
        """Start a pairing, unless somebody else is pairing this device.

        A dialog of our own is replaced: its window may have been closed without our knowing.
        """
        before = async_dialog_of(self.hass, self.device_id)
        if before is not None:
            await before.async_replace()
        owner = PAIRINGS.owner(self.client.base_url, self.device_id)
        if owner is not None:
            raise AbortFlow("pairing_in_progress", {"owner": owner, **self._words})
        if self._subentry is not None:
            expected = self._subentry.data.get(CONF_PHONE_NUMBER)
            settings = replace(settings, expected_number=expected)
        self._dialog = PairingDialog(self.hass, self.client, self.device_id, settings)
        return self._dialog

    async def _show(self, step_id: str, settings: PairingSettings) -> R:
        """Show the pairing's present stage until it changes."""
        dialog = self._dialog or await self._open(settings)
        if self._change is not None and self._change.done():
            change, self._change = self._change, None
            change.result()
            # Not before the wait has ended: Home Assistant cancels a wait that it needs no more,
            # takes that for a change, and runs the next step before anybody has read this one.
            if dialog.is_over:
                self._dialog, self._view = None, dialog.view
                if self._subentry is not None:
                    async_keep_question(self.hass, self._subentry, dialog.view)
                step = "replaced" if dialog.replaced else dialog.view.stage.value
                return self.async_show_progress_done(next_step_id=step)
        if self._change is None:
            self._change = self.hass.async_create_background_task(
                dialog.change(), "wuts pairing dialog"
            )
        return self.async_show_progress(
            step_id=step_id,
            progress_action=dialog.view.stage.value,
            description_placeholders={
                **self._words,
                "qr": dialog.picture,
                "code": dialog.view.code or "",
                "phone": shown_number(self._phone) if self._phone else "",
            },
            progress_task=self._change,
        )
