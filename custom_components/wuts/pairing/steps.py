"""The steps of a pairing, for every dialog that needs them: a subentry's flow and the repair."""

import asyncio
from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import Any, override

import probatio
from homeassistant.core import callback
from homeassistant.data_entry_flow import AbortFlow, FlowContext, FlowHandler, FlowResult
from homeassistant.helpers.selector import TextSelector, TextSelectorConfig, TextSelectorType

from ..const import CONF_PHONE_NUMBER
from ..core import WutsClient
from ..core.errors import InvalidPhoneNumberError, WutsError
from ..core.pairing import (
    PAIRINGS,
    Failed,
    FailureReason,
    Outcome,
    Paired,
    PairingSettings,
    WrongAccount,
)
from ..core.phone import normalize_phone_number
from ..errors import text_of
from .dialog import PairingDialog, async_dialog_of

TIMES = PairingSettings()
"""How long things may take."""

METHODS = ["qr", "phone"]

HOPELESS = {
    FailureReason.TOKEN_REFUSED,
    FailureReason.NOT_ALLOWED,
    FailureReason.DEVICE_GONE,
}
"""Failures that starting again does not mend."""

PHONE_SCHEMA = probatio.Schema(
    {
        probatio.Required(CONF_PHONE_NUMBER): TextSelector(
            TextSelectorConfig(type=TextSelectorType.TEL, autocomplete="tel")
        )
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What is to be paired.

    Attributes:
        client: The client of the device's account.
        device_id: The device.
        name: Its name, for people.
        expected_number: The digits of the account that should be linked, or None for any.
    """

    client: WutsClient
    device_id: str
    name: str
    expected_number: str | None = field(default=None, repr=False)


class PairingSteps[C: FlowContext, R: FlowResult[Any, Any], H](FlowHandler[C, R, H]):
    """Steps from the choice of a method to a linked phone.

    A flow sets ``target``, returns `async_step_pair`, and is called back at `async_paired`. Every
    step may be run again at any time: reading a flow does so.
    """

    target: Target
    _dialog: PairingDialog | None = None
    _change: asyncio.Task[None] | None = None
    _outcome: Outcome | None = None
    _replaced = False
    _failure: str = ""
    _phone: str | None = None

    @abstractmethod
    async def async_paired(self, phone_number: str | None) -> R:
        """Go on with a paired device; ``phone_number`` is the linked phone's, if known."""

    @override
    @callback
    def async_remove(self) -> None:
        """End the pairing with its dialog."""
        if self._dialog is not None:
            self._dialog.close()

    async def async_step_pair(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask for the method."""
        return self.async_show_menu(
            step_id="pair", menu_options=METHODS, description_placeholders=self._words
        )

    async def async_step_qr(self, user_input: dict[str, Any] | None = None) -> R:
        """Show one QR after another."""
        if self._dialog is None and self._outcome is None:
            await self._open(TIMES)
        return await self._show("qr")

    async def async_step_phone(self, user_input: dict[str, Any] | None = None) -> R:
        """Ask for the phone's number."""
        errors = {}
        if user_input is not None:
            try:
                self._phone = normalize_phone_number(user_input[CONF_PHONE_NUMBER])
            except InvalidPhoneNumberError:
                errors[CONF_PHONE_NUMBER] = "invalid_phone_number"
            else:
                return await self.async_step_code()
        return self.async_show_form(
            step_id="phone",
            data_schema=self.add_suggested_values_to_schema(PHONE_SCHEMA, user_input),
            errors=errors,
            description_placeholders=self._words,
        )

    async def async_step_code(self, user_input: dict[str, Any] | None = None) -> R:
        """Show a code to type on the phone, and the next when it has expired."""
        if self._dialog is None and self._outcome is None:
            await self._open(replace(TIMES, phone=self._phone))
        return await self._show("code")

    async def async_step_paired(self, user_input: dict[str, Any] | None = None) -> R:
        """Go on."""
        paired = self._outcome
        assert isinstance(paired, Paired)  # noqa: S101 - the only step that leads here says so
        return await self.async_paired(paired.phone_number)

    async def async_step_wrong_account(self, user_input: dict[str, Any] | None = None) -> R:
        """Tell that another account was linked than expected, and ask what to do."""
        return self.async_show_menu(
            step_id="wrong_account",
            menu_options=["keep_account", "unlink_account"],
            description_placeholders=self._words | self._numbers,
        )

    async def async_step_keep_account(self, user_input: dict[str, Any] | None = None) -> R:
        """Take the other account."""
        return await self.async_paired(self._numbers["linked"])

    async def async_step_unlink_account(self, user_input: dict[str, Any] | None = None) -> R:
        """Unlink the other account, and begin again."""
        try:
            await self.target.client.logout(self.target.device_id)
        except WutsError:
            self._failure = "logout_failed"
            return await self.async_step_failed()
        self._outcome = None
        return await self.async_step_pair()

    async def async_step_failed(self, user_input: dict[str, Any] | None = None) -> R:
        """Tell why no phone was linked, and offer to start again."""
        failed, self._outcome = self._outcome, None
        if isinstance(failed, Failed):
            if failed.reason in HOPELESS:
                return self.async_abort(
                    reason=failed.reason.value, description_placeholders=self._words
                )
            self._failure = failed.reason.value
        problem = await text_of(self.hass, "exceptions", f"pairing_{self._failure}.message")
        return self.async_show_menu(
            step_id="failed",
            menu_options=METHODS,
            description_placeholders=self._words | {"problem": problem},
        )

    async def async_step_replaced(self, user_input: dict[str, Any] | None = None) -> R:
        """Tell that another dialog has gone on with the device."""
        return self.async_abort(reason="replaced", description_placeholders=self._words)

    # Inside

    @property
    def _words(self) -> dict[str, str]:
        return {"name": self.target.name}

    @property
    def _numbers(self) -> dict[str, str]:
        wrong = self._outcome
        assert isinstance(wrong, WrongAccount)  # noqa: S101 - the only step that leads here says so
        return {"linked": wrong.phone_number, "expected": wrong.expected}

    async def _open(self, settings: PairingSettings) -> None:
        """Begin a pairing, unless somebody else is pairing this device.

        A dialog of our own gives way: its window may have been closed without a word to us.
        """
        client, device_id = self.target.client, self.target.device_id
        before = async_dialog_of(self.hass, device_id)
        if before is not None:
            await before.async_replace()
        owner = PAIRINGS.owner(client.base_url, device_id)
        if owner is not None:
            raise AbortFlow("pairing_in_progress", {"owner": owner, **self._words})
        settings = replace(settings, expected_number=self.target.expected_number)
        self._dialog = PairingDialog(self.hass, client, device_id, settings)

    async def _show(self, step_id: str) -> R:
        """Show what the pairing has come to, and wait for what comes next."""
        if self._change is not None and self._change.done():
            self._change.result()
            self._change = None
            if self._dialog is not None and (self._dialog.outcome or self._dialog.replaced):
                self._outcome, self._replaced = self._dialog.outcome, self._dialog.replaced
                self._dialog = None
        if self._dialog is None:
            return self.async_show_progress_done(next_step_id=self._step_behind())
        if self._change is None:
            self._change = self.hass.async_create_background_task(
                self._dialog.change(), "wuts pairing dialog"
            )
        return self.async_show_progress(
            step_id=step_id,
            progress_action=self._dialog.stage.value,
            description_placeholders={
                **self._words,
                "qr": self._dialog.picture,
                "code": self._dialog.code,
                "phone": self._phone or "",
            },
            progress_task=self._change,
        )

    def _step_behind(self) -> str:
        if self._replaced:
            return "replaced"
        match self._outcome:
            case Paired():
                return "paired"
            case WrongAccount():
                return "wrong_account"
        return "failed"
