"""The repair issues of accounts and their devices."""

from collections.abc import Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from .const import CONF_DEVICE_ID, DOMAIN

NEEDS_PAIRING: Final = "needs_pairing"
DEVICE_GONE: Final = "device_gone"
DEVICE_REFUSED: Final = "device_refused"
DEVICES_MISSING: Final = "devices_missing"
GATEWAY_DOWN: Final = "gateway_down"
PUSH_STOPPED: Final = "push_stopped"
PUSH_TAKEN: Final = "push_taken"
STILL_LINKED: Final = "still_linked"
WRONG_DEVICE: Final = "wrong_device"
UNCHECKED_ACCOUNT: Final = "unchecked_account"
WRONG_ACCOUNT: Final = "wrong_account"

ERRORS = {
    NEEDS_PAIRING,
    DEVICE_GONE,
    DEVICE_REFUSED,
    DEVICES_MISSING,
    GATEWAY_DOWN,
    WRONG_DEVICE,
}
PERSISTENT = {STILL_LINKED, UNCHECKED_ACCOUNT, WRONG_ACCOUNT}
"""Issues that outlive a restart, since only a person can settle them."""


class Issues:
    """Issues of one account that come and go with its state."""

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry) -> None:
        self._hass = hass
        self._entry = entry
        self._raised: set[tuple[str, str]] = set()

    @callback
    def show(self, wanted: Mapping[tuple[str, str], dict[str, str]]) -> None:
        """Raise the issues that are wanted and withdraw all others.

        Args:
            wanted: What each text leaves to be filled in beside the account's name, by the issue's
                translation key and the id of its device, which is empty for the whole account.
        """
        for key, device_id in self._raised - wanted.keys():
            ir.async_delete_issue(self._hass, DOMAIN, self._id(key, device_id))
        for key, device_id in wanted.keys() - self._raised:
            _create(
                self._hass,
                key,
                self._id(key, device_id),
                {"account": self._entry.title, **wanted[key, device_id]},
                {"entry_id": self._entry.entry_id, CONF_DEVICE_ID: device_id},
            )
        self._raised = set(wanted)

    def _id(self, key: str, device_id: str) -> str:
        return "_".join(filter(None, (key, self._entry.entry_id, device_id)))


@callback
def async_raise_issue(hass: HomeAssistant, key: str, device_id: str, **words: str) -> None:
    """Raise an issue of a device that stays until it is withdrawn or ignored."""
    _create(hass, key, f"{key}_{device_id}", words)


@callback
def async_withdraw_issue(hass: HomeAssistant, key: str, device_id: str) -> None:
    """Withdraw an issue that `async_raise_issue` may have raised."""
    ir.async_delete_issue(hass, DOMAIN, f"{key}_{device_id}")


def _create(
    hass: HomeAssistant,
    key: str,
    issue_id: str,
    words: dict[str, str],
    data: dict[str, str | int | float | None] | None = None,
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data=data,
        is_fixable=key == NEEDS_PAIRING,
        is_persistent=key in PERSISTENT,
        severity=ir.IssueSeverity.ERROR if key in ERRORS else ir.IssueSeverity.WARNING,
        translation_key=key,
        translation_placeholders=words,
    )
