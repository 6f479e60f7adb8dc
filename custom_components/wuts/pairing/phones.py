"""Which phone each device of an account should have, as the account's supervisor knows it."""

from collections.abc import Collection, Coroutine
from typing import Any

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..alerts.issues import UNCHECKED_ACCOUNT, is_raised
from ..const import CONF_DEVICE_ID, CONF_PHONE_NUMBER, SUBENTRY_DEVICE
from ..core.supervisor import Device, Supervisor


class Phones:
    """Tells a supervisor what people and pairings say of phones."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, supervisor: Supervisor) -> None:
        self._hass = hass
        self._entry = entry
        self._supervisor = supervisor

    async def expect_what_was_expected(self, device_ids: Collection[str]) -> None:
        """Expect of devices what an earlier version did, and ask what that asked."""
        account = self._entry.entry_id
        for subentry in self._entry.get_subentries_of_type(SUBENTRY_DEVICE):
            device_id, number = subentry.data[CONF_DEVICE_ID], subentry.data.get(CONF_PHONE_NUMBER)
            if not number or device_id not in device_ids:
                continue
            expect = self._supervisor.expect_number
            await expect(account, device_id, number, unless_decided=True)
            known = self.watched(device_id)
            is_asked = known is not None and known.phone_question is not None
            if is_raised(self._hass, UNCHECKED_ACCOUNT, device_id) and not is_asked:
                await self._supervisor.report_phone(account, device_id, None)

    def expected_number(self, device_id: str) -> str | None:
        """Return the number of the phone that a pairing of a device must link, or None for any."""
        known = self._supervisor.expected_number(self._entry.entry_id, device_id)
        return known or self.kept_number(device_id)

    def watched(self, device_id: str) -> Device | None:
        """Return what the supervisor knows of a device, or None."""
        return self._supervisor.devices(self._entry.entry_id).get(device_id)

    def kept_number(self, device_id: str) -> str | None:
        """Return the number that the account's settings hold of a device, or None."""
        for subentry in self._entry.get_subentries_of_type(SUBENTRY_DEVICE):
            if subentry.data[CONF_DEVICE_ID] == device_id:
                number: str | None = subentry.data.get(CONF_PHONE_NUMBER)
                return number
        return None

    @callback
    def async_report(self, device_id: str, linked: str | None, *, expected: str) -> None:
        """Take in how a pairing ended that was for a certain phone."""
        report = self._supervisor.report_phone
        self._do(report(self._entry.entry_id, device_id, linked, expected=expected))

    @callback
    def async_accept(self, device_id: str, number: str | None) -> None:
        """Expect the phone that is linked from now on; None if its number is not known."""
        known = self.watched(device_id)
        if number is not None:
            self.async_report(device_id, number, expected=number)
        elif known is not None:
            self._do(self.async_keep(device_id, known.phone.question_id))

    @callback
    def async_note_unlinked(self, device_id: str) -> None:
        """Note that a device's phone was unlinked for certain."""
        self._do(self._supervisor.report_unlinked(self._entry.entry_id, device_id))

    async def async_keep(self, device_id: str, question_id: str) -> bool:
        """Keep the phone that a question is about; tell whether that was still open."""
        return await self._supervisor.keep_phone(self._entry.entry_id, device_id, question_id)

    def _do(self, work: Coroutine[Any, Any, object]) -> None:
        """Begin at once, and have it saved without waiting for that."""
        _ = self._hass.async_create_task(work, "wuts phone")
