"""The repair issues of accounts and their devices."""

from collections.abc import Collection, Mapping
from typing import Final, NamedTuple

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir

from ..const import CONF_DEVICE_ID, DOMAIN

NEEDS_PAIRING: Final = "needs_pairing"
DEVICE_GONE: Final = "device_gone"
DEVICE_REFUSED: Final = "device_refused"
DEVICES_MISSING: Final = "devices_missing"
GATEWAY_DOWN: Final = "gateway_down"
KEEPALIVE_LOST: Final = "keepalive_lost"
PUSH_SHARED: Final = "push_shared"
PUSH_STOPPED: Final = "push_stopped"
PUSH_TAKEN: Final = "push_taken"
SESSION_REPLACED: Final = "session_replaced"
STILL_LINKED: Final = "still_linked"
TEMPORARY_BAN: Final = "temporary_ban"
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
OF_STATES = frozenset({*ERRORS, KEEPALIVE_LOST, SESSION_REPLACED, TEMPORARY_BAN})
"""Issues that the coordinator shows."""

OF_PUSH = frozenset({PUSH_SHARED, PUSH_STOPPED, PUSH_TAKEN})
"""Issues that push shows."""

FIXABLE = {NEEDS_PAIRING, UNCHECKED_ACCOUNT, WRONG_ACCOUNT}
"""Issues with a dialog of their own."""

PERSISTENT = {STILL_LINKED, UNCHECKED_ACCOUNT, WRONG_ACCOUNT}
"""Issues that outlive a restart, since only a person can settle them."""


ACCOUNT: Final = ""
"""Stands for the whole account where a device's id is asked for."""

ABOUT_ACCOUNTS: Final = frozenset(
    {
        DEVICE_GONE,
        DEVICE_REFUSED,
        DEVICES_MISSING,
        GATEWAY_DOWN,
        PUSH_SHARED,
        PUSH_STOPPED,
        PUSH_TAKEN,
        WRONG_DEVICE,
    }
)
"""Issues whose text names the account."""

type _Key = tuple[str, str]


class Text(NamedTuple):
    """What an issue says.

    Attributes:
        words: What the text leaves to be filled in, beside the account's name.
        variant: The translation key, if it is not the issue's own.
    """

    words: dict[str, str]
    variant: str | None = None


class Issues:
    """Issues of one account that come and go with its state.

    What a person ignores stays ignored for as long as it lasts: over reloads, restarts and the
    absence of its device.

    Args:
        hass: Home Assistant.
        entry: The account.
        keys: The translation keys of the issues that are shown from here.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, keys: Collection[str]) -> None:
        self._hass = hass
        self._entry = entry
        self._raised: dict[_Key, Text] = {}
        self._left = {
            (key, issue_id.removeprefix(self._id(key, ACCOUNT)).removeprefix("_"))
            for domain, issue_id in ir.async_get(hass).issues
            for key in keys
            if domain == DOMAIN and f"{issue_id}_".startswith(f"{self._id(key, ACCOUNT)}_")
        }

    @callback
    def show(self, wanted: Mapping[_Key, Text], settled: Collection[str] = frozenset()) -> None:
        """Raise the issues that are wanted and withdraw all others, except ignored ones.

        Args:
            wanted: What each says, by the issue's key and the id of its device, or `ACCOUNT`.
            settled: The devices, or `ACCOUNT`, of which even ignored issues are over.
        """
        for key, device_id in (self._raised.keys() | self._left) - wanted.keys():
            issue_id = self._id(key, device_id)
            if device_id in settled or not _is_ignored(self._hass, issue_id):
                ir.async_delete_issue(self._hass, DOMAIN, issue_id)
                self._left.discard((key, device_id))
            else:
                self._left.add((key, device_id))
        for (key, device_id), text in wanted.items():
            if self._raised.get((key, device_id)) == text:
                continue
            account = {"account": self._entry.title} if key in ABOUT_ACCOUNTS else {}
            _create(
                self._hass,
                key,
                self._id(key, device_id),
                text._replace(words=account | text.words),
                {"entry_id": self._entry.entry_id, CONF_DEVICE_ID: device_id},
            )
        self._raised = dict(wanted)

    @callback
    def forget(self) -> None:
        """Withdraw all issues, ignored ones too."""
        self.show({}, {device_id for _, device_id in self._raised.keys() | self._left})

    def _id(self, key: str, device_id: str) -> str:
        return "_".join(filter(None, (key, self._entry.entry_id, device_id)))


@callback
def async_forget_device(hass: HomeAssistant, entry: ConfigEntry, device_id: str) -> None:
    """Withdraw the ignored issues of an account's removed device; the others end by `Issues`."""
    for key in OF_STATES | OF_PUSH:
        issue_id = f"{key}_{entry.entry_id}_{device_id}"
        if _is_ignored(hass, issue_id):
            ir.async_delete_issue(hass, DOMAIN, issue_id)


@callback
def async_raise_issue(
    hass: HomeAssistant, key: str, device_id: str, text: Text, *, entry_id: str = ""
) -> None:
    """Raise an issue of a device that stays until it is withdrawn or ignored."""
    data: dict[str, str | int | float | None] = {"entry_id": entry_id, CONF_DEVICE_ID: device_id}
    _create(hass, key, f"{key}_{device_id}", text, data)


@callback
def async_withdraw_issue(hass: HomeAssistant, key: str, device_id: str) -> None:
    """Withdraw an issue that `async_raise_issue` may have raised."""
    ir.async_delete_issue(hass, DOMAIN, f"{key}_{device_id}")


def is_raised(hass: HomeAssistant, key: str, device_id: str) -> bool:
    """Return whether an issue that `async_raise_issue` raised is there, ignored or not."""
    return ir.async_get(hass).async_get_issue(DOMAIN, f"{key}_{device_id}") is not None


def _is_ignored(hass: HomeAssistant, issue_id: str) -> bool:
    issue = ir.async_get(hass).async_get_issue(DOMAIN, issue_id)
    return issue is not None and issue.dismissed_version is not None


def _create(
    hass: HomeAssistant,
    key: str,
    issue_id: str,
    text: Text,
    data: dict[str, str | int | float | None] | None = None,
) -> None:
    ir.async_create_issue(
        hass,
        DOMAIN,
        issue_id,
        data=data,
        is_fixable=key in FIXABLE,
        is_persistent=key in PERSISTENT,
        severity=ir.IssueSeverity.ERROR if key in ERRORS else ir.IssueSeverity.WARNING,
        translation_key=text.variant or key,
        translation_placeholders=text.words,
    )
