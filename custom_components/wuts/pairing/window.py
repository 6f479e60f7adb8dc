"""The window of a pairing that is under way: a QR or code in a menu that refreshes itself.

Unlike a progress, a menu has buttons, and room for a QR on a phone. The progress that is shown
before makes the frontend listen: it reads the flow again whenever it hears of a change.
"""

import asyncio
from abc import abstractmethod
from typing import Any, override

from homeassistant.config_entries import ConfigEntry, ConfigSubentry
from homeassistant.core import callback
from homeassistant.data_entry_flow import (
    AbortFlow,
    FlowContext,
    FlowHandler,
    FlowResult,
    FlowResultType,
)

from ..core import WutsClient
from ..core.page import PairingLink
from ..core.pairing import PAIRINGS, PairingSettings, PairingView, Stage, StallReason
from ..core.phone_numbers import shown_number
from ..errors import OF_PAIRING, OF_WAITS
from .dialog import PairingDialog, async_dialog_of

METHODS = ["qr", "phone"]

REMIND = 10.0
"""Seconds until a window gets another hint to look: one that was asleep has heard nothing."""

CHOICES = {
    "qr": ["phone", "again", "large", "page"],
    "code": ["qr", "again", "large", "page"],
    "page": ["sent", "qr"],
    "large": ["qr"],
    "opened": ["qr"],
    **{reason.value: METHODS for reason in StallReason},
}
"""What a person may do instead of scanning, typing or waiting for a link, by the menu's step."""

WAITING = {Stage.PREPARING, Stage.WAITING, Stage.SCANNED}
"""Stages in which there is nothing to choose."""

OPEN = {"progress", *CHOICES}
"""The steps of a pairing that is under way."""


class PairingWindow[C: FlowContext, R: FlowResult[Any, Any], H](FlowHandler[C, R, H]):
    """Shows a pairing until it is over. Every step may run again at any time."""

    client: WutsClient
    device_id: str
    device_name: str
    _entry: ConfigEntry
    _subentry: ConfigSubentry | None = None
    _dialog: PairingDialog | None = None
    _settings: PairingSettings
    _change: asyncio.Task[None] | None = None
    _is_told = False
    _url = ""

    @abstractmethod
    async def _end(self, dialog: PairingDialog) -> R:
        """Continue with the outcome of a pairing that is over."""

    @override
    @callback
    def async_remove(self) -> None:
        """End the pairing with its window."""
        dialog, self._dialog = self._dialog, None
        if dialog is not None:
            dialog.close()

    async def async_step_progress(self, user_input: dict[str, Any] | None = None) -> R:
        """Say what is waited for, until there is something else to show."""
        # Not before the wait has ended: Home Assistant cancels a wait that it no longer needs,
        # takes that for a change, and runs the next step before anybody has read this one.
        is_over = self._change is None or self._change.done()
        # While Home Assistant stops, it ends all waits, and none may begin.
        if not is_over or self.hass.is_stopping:
            return await self._wait()
        self._change = None
        if self._is_waiting:
            return await self._wait()
        return self.async_show_progress_done(next_step_id="code" if self._settings.phone else "qr")

    async def async_step_passkey_suspected(self, user_input: dict[str, Any] | None = None) -> R:
        """Say that WhatsApp may ask the phone for a passkey."""
        return await self._show()

    async def async_step_phone_offline(self, user_input: dict[str, Any] | None = None) -> R:
        """Say that the new link has not come up."""
        return await self._show()

    async def async_step_link_dropped(self, user_input: dict[str, Any] | None = None) -> R:
        """Say that the new link is down again."""
        return await self._show()

    # Inside

    @property
    def _words(self) -> dict[str, str]:
        return {"name": self.device_name}

    def _menu(self, step_id: str, options: list[str], **words: str) -> R:
        return self.async_show_menu(
            step_id=step_id, menu_options=options, description_placeholders=self._words | words
        )

    def _is_at(self, step_id: str) -> bool:
        """Return whether a step is only read again, and was not chosen now."""
        return self.cur_step is not None and self.cur_step["step_id"] == step_id

    async def _open(self, settings: PairingSettings, link: PairingLink | None = None) -> None:
        """Start a pairing, unless somebody else is pairing this device.

        A dialog of our own is replaced: its window may have been closed without our knowing.
        """
        shown = async_dialog_of(self.hass, self._entry.entry_id, self.device_id)
        for before in {self._dialog, shown}:
            if before is not None:
                await before.async_replace()
        owner = PAIRINGS.owner(self.client.base_url, self.device_id)
        if owner is not None:
            raise AbortFlow("pairing_in_progress", {"owner": owner, **self._words})
        self._settings, self._change = settings, None
        self._dialog = PairingDialog(
            self.hass, self._entry, self.client, self.device_id, settings=settings, link=link
        )
        watch = self._watch(self._dialog)
        _ = self.hass.async_create_background_task(watch, "wuts pairing window")

    async def _watch(self, dialog: PairingDialog) -> None:
        """Have the frontend read the flow again when there is something else to show.

        It gets one hint until it has: what is read is the present anyway, and behind the last step
        nothing can be read.
        """
        while self._dialog is dialog:
            is_late = False
            try:
                async with asyncio.timeout(REMIND):
                    await dialog.change()
            except TimeoutError:
                is_late = True
            step = self.cur_step
            if step is None or step["step_id"] not in OPEN:
                if dialog.is_over:
                    return
                continue
            # Home Assistant announces a progress.
            if is_late or (step["type"] is FlowResultType.MENU and not self._is_told):
                self._is_told = True
                self.async_notify_flow_changed()

    async def _show(self) -> R:
        """Show what the pairing is at."""
        self._is_told = False
        dialog = self._dialog
        assert dialog is not None  # noqa: S101 - it was opened before
        if dialog.is_over:
            return await self._end(dialog)
        step_id = self._step_of(dialog)
        if step_id is None:
            return await self._wait()
        return self._menu(step_id, CHOICES[step_id], **self._words_of(step_id, dialog))

    def _words_of(self, step_id: str, dialog: PairingDialog) -> dict[str, str]:
        """Return what a menu's text leaves to be filled in beside the device's name."""
        match step_id:
            case "qr":
                return {"qr": dialog.picture}
            case "code":
                phone = shown_number(self._settings.phone or "")
                return {"code": dialog.view.code or "", "phone": phone}
            case "page" | "large":
                return {"link": f'<a href="{self._url}" target="_blank">{self._url}</a>'}
        return {}

    def _step_of(self, dialog: PairingDialog) -> str | None:
        """Return the menu that shows a pairing which is under way, or None for a progress."""
        view = dialog.view
        if view.stalled is not None:
            return view.stalled.reason.value
        return None if view.stage in WAITING else view.stage.value

    @property
    def _is_waiting(self) -> bool:
        dialog = self._dialog
        return dialog is not None and not dialog.is_over and self._step_of(dialog) is None

    async def _wait(self) -> R:
        """Say what is waited for."""
        dialog = self._dialog
        assert dialog is not None  # noqa: S101 - it was opened before
        if self._change is None:
            self._change = self.hass.async_create_background_task(
                dialog.change(), "wuts pairing change"
            )
        action = _action_of(dialog.view) if self._is_waiting else Stage.PREPARING.value
        return self.async_show_progress(
            step_id="progress",
            progress_action=action,
            description_placeholders=self._words,
            progress_task=self._change,
        )


def _action_of(view: PairingView) -> str:
    """Return what a progress says: the stage, and what is waited for."""
    if view.stage is not Stage.WAITING or view.waiting is None:
        return view.stage.value
    key = OF_PAIRING[view.waiting.code]
    return f"waiting_{key}" if key in OF_WAITS else Stage.WAITING.value
