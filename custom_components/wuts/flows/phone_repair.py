"""The repair of a phone that is a wrong one, or could not be checked: keep it, or unlink it."""

from typing import Any

from homeassistant.components.repairs import RepairsFlow
from homeassistant.components.repairs.models import RepairsFlowResult
from homeassistant.config_entries import ConfigEntry, ConfigEntryState, ConfigSubentry

from ..account.changes import check_answers, logout
from ..account.consent import must_ask
from ..alerts.questions import async_note_unlinked, async_withdraw_questions
from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, SUBENTRY_DEVICE
from ..coordinator import WutsCoordinator
from ..core.errors import WutsError
from ..core.phone_numbers import shown_number
from ..errors import Kind, variant_of


class PhoneRepair(RepairsFlow):
    """Asks about the phone that is linked now; an answer counts for that phone alone."""

    _entry: ConfigEntry
    _subentry: ConfigSubentry
    _coordinator: WutsCoordinator
    _question_id = ""

    def __init__(self, entry_id: str, device_id: str, *, is_unchecked: bool) -> None:
        self._entry_id = entry_id
        self._device_id = device_id
        self._is_unchecked = is_unchecked

    async def async_step_init(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Begin, unless there is nothing to ask any longer."""
        entry = self.hass.config_entries.async_get_entry(self._entry_id)
        subentries = () if entry is None else entry.get_subentries_of_type(SUBENTRY_DEVICE)
        found = [one for one in subentries if one.data[CONF_DEVICE_ID] == self._device_id]
        if entry is None or not found:
            return self.async_abort(reason="device_removed")
        if entry.state is not ConfigEntryState.LOADED:
            return self.async_abort(reason="account_not_loaded")
        self._entry, self._coordinator, [self._subentry] = entry, entry.runtime_data, found
        return await self.async_step_question()

    async def async_step_question(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask whether the phone may stay."""
        device = self._coordinator.phones.watched(self._device_id)
        if device is None or device.phone_question is None:
            return self._done()
        self._question_id = device.phone.question_id
        words = {"name": self._subentry.title, "expected": _shown(device.expected_number)}
        if not self._is_unchecked:
            words["linked"] = _shown(device.linked_number)
        return self.async_show_menu(
            step_id="question",
            menu_options=["keep", "unlink"],
            description_placeholders=words,
        )

    async def async_step_keep(self, user_input: dict[str, Any] | None = None) -> RepairsFlowResult:
        """Keep the phone that was asked about."""
        device = self._coordinator.phones.watched(self._device_id)
        if not await self._coordinator.phones.async_keep(self._device_id, self._question_id):
            return self.async_abort(reason="question_changed")
        if device is not None and device.linked_number is not None:
            data = {**self._subentry.data, CONF_PHONE_NUMBER: device.linked_number}
            self.hass.config_entries.async_update_subentry(self._entry, self._subentry, data=data)
        return self._done()

    async def async_step_unlink(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Unlink the phone; ask first where the gateway may unlink another device's."""
        client = self._coordinator.client
        try:
            await check_answers(self.hass, self._entry, self._device_id)
            ids = [device.id for device in await client.list_devices()]
            if await must_ask(client, ids):
                return await self.async_step_confirm_unlink()
        except WutsError as error:
            return self._not_unlinked(error)
        return await self.async_step_unlink_anyway()

    async def async_step_confirm_unlink(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Ask before the gateway unlinks what may be the phone of another device."""
        return self.async_show_menu(
            step_id="confirm_unlink",
            menu_options=["unlink_anyway", "keep"],
            description_placeholders={"name": self._subentry.title},
        )

    async def async_step_unlink_anyway(
        self, user_input: dict[str, Any] | None = None
    ) -> RepairsFlowResult:
        """Unlink the phone, and see that it was this device's; another repair pairs it then."""
        try:
            await logout(self.hass, self._entry, self._coordinator.client, self._device_id)
        except WutsError as error:
            return self._not_unlinked(error)
        async_note_unlinked(self.hass, self._entry, self._device_id)
        self._coordinator.async_look(self._device_id)
        return self._done()

    def _done(self) -> RepairsFlowResult:
        async_withdraw_questions(self.hass, self._device_id)
        return self.async_create_entry(data={})

    def _not_unlinked(self, error: WutsError) -> RepairsFlowResult:
        kinds = {Kind.UNREACHABLE, Kind.TOKEN, Kind.IN_DOUBT}
        return self.async_abort(
            reason=variant_of("not_unlinked", error, kinds),
            description_placeholders={"name": self._subentry.title},
        )


def _shown(number: str | None) -> str:
    return shown_number(number) if number else ""
