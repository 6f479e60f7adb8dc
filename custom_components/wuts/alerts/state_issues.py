"""The repairs of an account's states and alerts: which there are, and what they say."""

from collections.abc import Collection, Iterable, Mapping
from typing import Final

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..core.supervisor import (
    AccountState,
    Alert,
    AlertKind,
    Cause,
    DeviceState,
    Supervisor,
)
from ..models import WutsDevice
from .details import hands_on, time_of
from .issues import (
    ACCOUNT,
    DEVICE_GONE,
    DEVICE_REFUSED,
    DEVICES_MISSING,
    FIXABLE,
    GATEWAY_DOWN,
    KEEPALIVE_LOST,
    NEEDS_PAIRING,
    OF_STATES,
    SESSION_REPLACED,
    TEMPORARY_BAN,
    UNCHECKED_ACCOUNT,
    WRONG_ACCOUNT,
    WRONG_DEVICE,
    Issues,
    Text,
)

_OF_STATES = {
    DeviceState.NEEDS_PAIRING: NEEDS_PAIRING,
    DeviceState.REFUSED: DEVICE_REFUSED,
}

_OF_KINDS = {
    AlertKind.NEEDS_PAIRING: NEEDS_PAIRING,
    AlertKind.DEVICE_REFUSED: DEVICE_REFUSED,
    AlertKind.DEVICE_GONE: DEVICE_GONE,
    AlertKind.DEVICES_MISSING: DEVICES_MISSING,
    AlertKind.WRONG_DEVICE: WRONG_DEVICE,
    AlertKind.GATEWAY_DOWN: GATEWAY_DOWN,
    AlertKind.WRONG_PHONE: WRONG_ACCOUNT,
    AlertKind.PHONE_UNCHECKED: UNCHECKED_ACCOUNT,
}

_OF_CAUSES = {
    Cause.TEMPORARY_BAN: TEMPORARY_BAN,
    Cause.REPLACED: SESSION_REPLACED,
    Cause.KEEPALIVE_LOST: KEEPALIVE_LOST,
}
"""What a person can do something about, although the device is only offline."""

_OFFLINE: Final = frozenset({AlertKind.OFFLINE, AlertKind.FLAPPING})
_ABOUT_ACCOUNTS: Final = frozenset({AlertKind.DEVICES_MISSING, AlertKind.WRONG_DEVICE})


def issue_of(alert: Alert) -> str | None:
    """Return the translation key of the repair that shows an alert, or None."""
    if alert.kind in _OFFLINE:
        return None if alert.cause is None else _OF_CAUSES.get(alert.cause)
    return _OF_KINDS.get(alert.kind)


class StateIssues:
    """Shows the repairs of one account.

    Args:
        hass: Home Assistant.
        entry: The account.
        supervisor: Knows its alerts.
    """

    def __init__(self, hass: HomeAssistant, entry: ConfigEntry, supervisor: Supervisor) -> None:
        self._hass = hass
        self._account = entry.entry_id
        self._supervisor = supervisor
        self._issues = Issues(hass, entry, OF_STATES)

    @callback
    def show(self, devices: Collection[WutsDevice], gone: Mapping[str, str]) -> None:
        """Show the repairs that are wanted now, and withdraw all others.

        Args:
            devices: All that are known.
            gone: The names of those that the gateway no longer has, by their ids.
        """
        state = self._supervisor.account_state(self._account)
        alerts = self._supervisor.open_alerts()
        words = self._words_of(alerts)
        kinds = {alert.kind for alert in alerts}
        names = {
            (_OF_STATES[device.state], device.id): device.name
            for device in devices
            if device.state in _OF_STATES
        }
        names |= {(_OF_KINDS[one], ACCOUNT): "" for one in _ABOUT_ACCOUNTS & kinds}
        if AlertKind.DEVICES_MISSING not in kinds:
            names |= {(DEVICE_GONE, one): name for one, name in gone.items()}
        if state is AccountState.GATEWAY_DOWN:
            names[GATEWAY_DOWN, ACCOUNT] = ""
        known = {device.id: device.name for device in devices}
        names |= {
            (key, device_id): known[device_id]
            for key, device_id in words
            if key in _OF_CAUSES.values() and device_id in known
        }
        settled = {device.id for device in devices if device.connected}
        if state is AccountState.HEALTHY:
            settled.add(ACCOUNT)
        texts = {key: _text_of(key[0], name, words.get(key)) for key, name in names.items()}
        self._issues.show(texts, settled)

    @callback
    def end(self) -> None:
        """Withdraw all repairs but those that are ignored."""
        self._issues.show({})

    def _words_of(self, alerts: Iterable[Alert]) -> dict[tuple[str, str], dict[str, str]]:
        """Return what each alert fills into its repair's text."""
        words: dict[tuple[str, str], dict[str, str]] = {}
        for alert in alerts:
            key = issue_of(alert)
            if key is None:
                continue
            mute = self._supervisor.alerts.mute_of(alert)
            found = {"hands_on": hands_on(alert, mute)}
            if alert.cause is Cause.TEMPORARY_BAN and alert.cause_until is not None:
                found["until"] = time_of(alert.cause_until)
            words[key, alert.device_id or ACCOUNT] = found
        return words


def _text_of(key: str, name: str, words: dict[str, str] | None) -> Text:
    """Return what an issue says; a dialog describes an alert itself."""
    named = {"name": name} if name else {}
    if key in FIXABLE:
        return Text(named)
    words = {"hands_on": ""} if words is None else words
    return Text(named | words, f"{key}_until" if "until" in words else None)
