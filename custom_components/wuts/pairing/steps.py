"""The steps of a pairing, shared by a device's dialog and the repair."""

from abc import abstractmethod
from dataclasses import replace
from typing import Any, Final, override

import probatio
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry
from homeassistant.data_entry_flow import (
    AbortFlow,
    FlowContext,
    FlowResult,
)
from homeassistant.helpers.selector import (
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TextSelector,
    TextSelectorConfig,
    TextSelectorType,
)

from ..account.changes import check_answers, logout
from ..account.client import client_of
from ..account.consent import must_ask
from ..alerts.questions import async_note_unlinked, expected_number
from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER
from ..core import WutsClient
from ..core.errors import (
    InvalidPhoneNumberError,
    NotVerifiedError,
    WrongDeviceError,
    WutsError,
)
from ..core.pairing import (
    Failed,
    FailureReason,
    PairingInProgressError,
    PairingSettings,
    PairingView,
    Stage,
    Unchecked,
    WrongAccount,
)
from ..core.phone_numbers import read_number, shown_number
from ..errors import (
    OF_PAIRING,
    OF_WAITS,
    AccountGoneError,
    ConfusedGatewayError,
    DeviceRemovedError,
    key_of,
    placeholders_of,
)
from ..phone_fields import code_offered, example_for
from .dialog import PairingDialog, is_paused_and_linked
from .links import LinkSteps
from .window import METHODS

TIMES = PairingSettings()
"""How long things may take."""

KEEP_OR_UNLINK = ["keep_account", "unlink_account"]

HOPELESS = {
    FailureReason.TOKEN_REFUSED,
    FailureReason.NOT_ALLOWED,
    FailureReason.DEVICE_GONE,
    FailureReason.WRONG_DEVICE,
    FailureReason.ACCOUNT_REMOVED,
    FailureReason.ACCOUNT_CHANGED,
}
"""Failures that starting again in the same dialog does not fix."""

PHONE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_PHONE_NUMBER): TextSelector(
            TextSelectorConfig(type=TextSelectorType.TEL, autocomplete="tel")
        )
    }
)

CONF_METHOD: Final = "method"
METHOD_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_METHOD, default=METHODS[0]): SelectSelector(
            SelectSelectorConfig(
                options=METHODS, mode=SelectSelectorMode.LIST, translation_key=CONF_METHOD
            )
        )
    }
)


class PairingSteps[C: FlowContext, R: FlowResult[Any, Any], H](LinkSteps[C, R, H]):
    """The steps from the choice of a method to a linked phone.

    A flow returns `async_pair` or `async_pair_again`, and gets the outcome at `async_paired`. Every
    step may run again at any time, because reading a flow runs its present step.
    """

    _view: PairingView
    _failure: str = ""
    _phone: str | None = None

    @abstractmethod
    async def async_paired(self, phone_number: str | None) -> R:
        """Continue with a paired device; ``phone_number`` is the linked phone's, if known."""

    async def async_pair(
        self, entry: ConfigEntry, client: WutsClient, device_id: str, device_name: str
    ) -> R:
        """Pair a device with any phone."""
        self._entry, self.client = entry, client
        self.device_id, self.device_name = device_id, device_name
        return await self.async_step_pair()

    async def async_pair_again(self, entry: ConfigEntry, subentry: ConfigSubentry) -> R:
        """Pair a device of Home Assistant, with the phone of before unless the user decides."""
        self._subentry = subentry
        try:
            client = await client_of(self.hass, entry.data)
        except WutsError as error:
            raise AbortFlow(key_of(error)) from error
        self._entry, self.client = entry, client
        self.device_id, self.device_name = subentry.data[CONF_DEVICE_ID], subentry.title
        if is_paused_and_linked(entry, self.device_id):
            return await self.async_step_paused()
        return await self.async_step_pair()

    async def async_step_paused(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask before a device is connected that somebody wanted to be left alone."""
        return self._menu("paused", ["resume", "leave"])

    async def async_step_resume(self, user_input: dict[str, Any] | None = None) -> R:
        """Keep the device connected from now on, and pair it."""
        if self._entry.state is ConfigEntryState.LOADED:
            await self._entry.runtime_data.async_keep_connected(self.device_id, keep=True)
        return await self.async_step_pair()

    async def async_step_leave(self, user_input: dict[str, Any] | None = None) -> R:
        """Leave the device as it is."""
        return self.async_abort(reason="nothing_changed", description_placeholders=self._words)

    @override
    async def async_sent(self) -> R:
        return self.async_abort(reason="link_sent", description_placeholders=self._words)

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask for the method."""
        return self._menu("pair", METHODS)

    async def async_step_qr(self, user_input: dict[str, Any] | None = None) -> R:
        """Show one QR after another."""
        if not self._is_at("qr"):
            await self._start(TIMES)
        return await self._show()

    async def async_step_phone(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask for the phone's number."""
        if self._dialog is not None:
            self._dialog.close()
        errors: dict[str, str] = {}
        offered = {CONF_PHONE_NUMBER: code_offered(self.hass)}
        words = self._words | {"example": example_for(self.hass)}
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
            data_schema=self.add_suggested_values_to_schema(PHONE_SCHEMA, user_input or offered),
            errors=errors,
            description_placeholders=words,
        )

    async def async_step_code(self, user_input: dict[str, Any] | None = None) -> R:
        """Show a code to type on the phone, and the next one when it has expired."""
        if not self._is_at("code"):
            await self._start(replace(TIMES, phone=self._phone))
        return await self._show()

    async def async_step_again(self, user_input: dict[str, Any] | None = None) -> R:
        """Show a new QR or code."""
        await self._open(self._settings)
        return await self._show()

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
        async_note_unlinked(self.hass, self._entry, self.device_id)
        return await self.async_step_pair()

    async def _not_unlinked(self, error: WutsError) -> R:
        is_doubtful = isinstance(error, NotVerifiedError | WrongDeviceError | ConfusedGatewayError)
        self._failure = key_of(error) if is_doubtful else "pairing_logout_failed"
        return await self.async_step_failed()

    async def async_step_failed(self, user_input: dict[str, Any] | None = None) -> R:
        """Say why no phone was linked, and offer to start again.

        It is a form, since only the errors of one appear in the reader's language.
        """
        if user_input is not None:
            is_qr = user_input[CONF_METHOD] == METHODS[0]
            return await (self.async_step_qr() if is_qr else self.async_step_phone())
        failed = self._view.outcome
        errors: dict[str, str] = {}
        if isinstance(failed, Failed):
            if failed.reason in HOPELESS:
                return self.async_abort(
                    reason=failed.reason.value, description_placeholders=self._words
                )
            self._failure = OF_PAIRING[failed.code]
            if failed.cause is not None and OF_PAIRING[failed.cause] in OF_WAITS:
                errors[CONF_METHOD] = OF_PAIRING[failed.cause]
        before = {CONF_METHOD: METHODS[1] if self._settings.phone else METHODS[0]}
        return self.async_show_form(
            step_id="failed",
            data_schema=self.add_suggested_values_to_schema(METHOD_SCHEMA, before),
            errors={"base": self._failure, **errors},
            description_placeholders=self._words,
        )

    async def async_step_replaced(self, user_input: dict[str, Any] | None = None) -> R:
        """Say that another dialog took over the device."""
        return self.async_abort(reason="replaced", description_placeholders=self._words)

    # Inside

    async def _start(self, settings: PairingSettings) -> None:
        """Start a pairing with the phone of before, if there is one."""
        if self._subentry is not None:
            expected = expected_number(self._entry, self._subentry)
            settings = replace(settings, expected_number=expected)
        await self._open(settings)

    @override
    async def _end(self, dialog: PairingDialog) -> R:
        self._view = dialog.view
        if dialog.error is not None:
            return await self._break_off(dialog.error)
        ends = {
            Stage.PAIRED: self.async_step_paired,
            Stage.WRONG_ACCOUNT: self.async_step_wrong_account,
            Stage.UNCHECKED: self.async_step_unchecked,
            Stage.FAILED: self.async_step_failed,
        }
        return await ends.get(dialog.view.stage, self.async_step_replaced)()

    async def _break_off(self, error: Exception) -> R:
        """Say what ended a pairing without an outcome."""
        if isinstance(error, PairingInProgressError) and error.owner:
            raise AbortFlow(key_of(error), {"owner": error.owner, **self._words})
        if isinstance(error, DeviceRemovedError):
            raise AbortFlow(key_of(error))
        if isinstance(error, AccountGoneError):
            raise AbortFlow(key_of(error), self._words)
        self._failure = key_of(error) if isinstance(error, WutsError) else "unexpected_error"
        return await self.async_step_failed()
