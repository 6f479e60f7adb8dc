"""The repair of a device that its phone has unlinked: scan a QR in the repair's own dialog."""

from typing import Any, override

from homeassistant.components.repairs import RepairsFlow
from homeassistant.components.repairs.models import RepairsFlowContext, RepairsFlowResult
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry

from ..alerts.details import plain, time_of
from ..const import CONF_DEVICE_ID, SUBENTRY_DEVICE
from ..core.supervisor import Alert, AlertKind, Cause
from ..pairing.follow import async_remember_number
from ..pairing.steps import PairingSteps

STEPS_OF_CAUSES = {Cause.TEMPORARY_BAN: "temporary_ban", Cause.PAIR_ERROR: "pair_error"}
"""What a person should know before a device is paired again: the step that tells it."""


class PairingRepair(PairingSteps[RepairsFlowContext, RepairsFlowResult, str], RepairsFlow):
    """Pairs the device of an issue, and says first who takes care of it, and why it is there."""

    _account: ConfigEntry
    _paired_again: ConfigSubentry
    _by = _note = _until = ""
    _to_tell: tuple[str, ...] = ()

    def __init__(self, entry_id: str, device_id: str) -> None:
        self._entry_id = entry_id
        self._device_id = device_id

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Start, unless the device was removed in the meantime."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        subentries = () if entry is None else entry.get_subentries_of_type(SUBENTRY_DEVICE)
        found = [one for one in subentries if one.data[CONF_DEVICE_ID] == self._device_id]
        if entry is None or not found:
            return self.async_abort(reason="device_removed")
        self._account, [self._paired_again] = entry, found
        self.device_name = self._paired_again.title
        if entry.state is ConfigEntryState.LOADED:
            alert = entry.runtime_data.async_alert_of(self._device_id, AlertKind.NEEDS_PAIRING)
            self._learn(alert)
        return await self.async_step_continue()

    async def async_step_continue(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Return what is not told yet, then pair."""
        if not self._to_tell:
            return await self.async_pair_again(self._account, self._paired_again)
        step, *later = self._to_tell
        self._to_tell = tuple(later)
        result: RepairsFlowResult = await getattr(self, f"async_step_{step}")()
        return result

    async def async_step_taken(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Say that somebody takes care of it."""
        return self._tell("taken", by=self._by, note=self._note)

    async def async_step_temporary_ban(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say that pairing does not help before WhatsApp lets the number in again."""
        return self._tell("temporary_ban")

    async def async_step_temporary_ban_until(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say the same, and when that is."""
        return self._tell("temporary_ban_until", until=self._until)

    async def async_step_pair_error(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Say that the last pairing failed."""
        return self._tell("pair_error")

    @override
    async def async_paired(self, phone_number: str | None) -> RepairsFlowResult:
        assert self._subentry is not None  # noqa: S101 - `async_pair_again` was called with it
        async_remember_number(self.hass, self._entry, self._subentry, phone_number)
        return self.async_create_entry(data={})

    # Inside

    def _learn(self, alert: Alert | None) -> None:
        """Take in what to say about an alert."""
        if alert is None:
            return
        self._by, self._note = plain(alert.acknowledged_by or ""), plain(alert.note)
        cause = None if alert.cause is None else STEPS_OF_CAUSES.get(alert.cause)
        if alert.cause is Cause.TEMPORARY_BAN and alert.cause_until is not None:
            cause, self._until = "temporary_ban_until", time_of(alert.cause_until)
        taken = None if alert.acknowledged_by is None else "taken"
        self._to_tell = tuple(filter(None, (taken, cause)))

    def _tell(self, step: str, **words: str) -> RepairsFlowResult:
        return self.async_show_menu(
            step_id=step,
            menu_options=["continue", "leave"],
            description_placeholders={"name": self._paired_again.title, **words},
        )
