"""Supervision in words: a line for each event."""

import math
from datetime import UTC, datetime

from wuts.receivers import words_of
from wuts.supervisor import (
    AccountChanged,
    AccountState,
    Alert,
    AlertKind,
    AlertStatus,
    AlertUpdate,
    AlertUpdated,
    DeviceState,
    Event,
    EventsLost,
    OwnerChanged,
    Ownership,
    Reason,
    StateChanged,
    StoreTrouble,
    TaskTrouble,
)
from wuts_cli.errors import OTHER_ACCOUNT
from wuts_cli.text import NOTHING, local_time, printable

STATES = {
    None: "not known yet",
    DeviceState.CONNECTED: "connected",
    DeviceState.RECONNECTING: "reconnecting",
    DeviceState.NEEDS_PAIRING: "needs pairing",
    DeviceState.NEVER_PAIRED: "never paired",
    DeviceState.PAUSED: "paused",
    DeviceState.REFUSED: "refused",
    DeviceState.GONE: "gone",
}

_REASONS = {
    Reason.FIRST_SEEN: "first seen",
    Reason.DROPPED: "its session dropped",
    Reason.RETRY: "that try failed",
    Reason.WOKEN: "retried at once",
    Reason.RECONNECTED: "reconnected",
    Reason.UNLINKED: "its phone unlinked it",
    Reason.PAIRED: "a phone is linked",
    Reason.PAUSED: "by a person",
    Reason.RESUMED: "resumed by a person",
    Reason.NOT_FOUND: "the gateway no longer has it",
    Reason.REFUSED: "the token can't use it",
    Reason.FORGOTTEN: "deleted by a person",
    Reason.TOKEN_REFUSED: "token refused",
    Reason.TOKEN_REPLACED: "token accepted",
    Reason.UNREACHABLE: "it cannot be reached",
    Reason.MASS_DROP: "most sessions dropped at once",
    Reason.RECOVERED: "it answers again",
}

REFUSED = (
    "The gateway refuses the token, so nothing can be watched. WUTS tries it again now and "
    "then. Or correct it and start again."
)

DOWN = "Gateway: down."

STANDBY = "Another process is watching this account with the same store. Waiting to take over."

_RAISED = {
    AlertKind.NEEDS_PAIRING: "must be paired again",
    AlertKind.OFFLINE: "is offline",
    AlertKind.FLAPPING: "keeps dropping",
    AlertKind.DEVICE_GONE: "is gone from the gateway",
    AlertKind.DEVICE_REFUSED: "is not available to this token",
    AlertKind.WRONG_PHONE: "is linked to an unexpected phone",
    AlertKind.PHONE_UNCHECKED: "is linked to a phone that could not be checked",
    AlertKind.DEVICES_MISSING: "Half or more of the devices are missing from the gateway",
    AlertKind.WRONG_DEVICE: "The gateway answered about another device, so its answer was ignored",
    AlertKind.GATEWAY_DOWN: "The gateway is down",
    AlertKind.TOKEN_REFUSED: "The gateway refuses the token",
}
_RESOLVED = {
    AlertKind.NEEDS_PAIRING: "is linked again",
    AlertKind.OFFLINE: "is back",
    AlertKind.FLAPPING: "has stopped dropping",
    AlertKind.DEVICE_GONE: "is back",
    AlertKind.DEVICE_REFUSED: "can be used again",
    AlertKind.WRONG_PHONE: "has no open question about its phone",
    AlertKind.PHONE_UNCHECKED: "has no open question about its phone",
    AlertKind.DEVICES_MISSING: "Most of the missing devices are back",
    AlertKind.WRONG_DEVICE: "The gateway answers about the right device again",
    AlertKind.GATEWAY_DOWN: "The gateway is back",
    AlertKind.TOKEN_REFUSED: "The gateway accepts the token again",
}
CAUSES = words_of("en").causes
_UPDATES = {
    AlertUpdate.ACKNOWLEDGED: "TAKEN",
    AlertUpdate.CAUSE: "CAUSE",
    AlertUpdate.MUTED: "MUTED",
    AlertUpdate.MUTE_ENDED: "UNMUTED",
}
_ABOUT_PHONE = (
    "Keep the phone with: wuts keep-phone {device}, or unlink it with: wuts logout {device}"
)
_NEXT_STEPS = {
    AlertKind.NEEDS_PAIRING: "Pair it with: wuts pair {device}",
    AlertKind.WRONG_PHONE: _ABOUT_PHONE,
    AlertKind.PHONE_UNCHECKED: _ABOUT_PHONE,
}
_MARKS = {AlertStatus.RAISED: "ALERT", AlertStatus.REMINDED: "STILL", AlertStatus.RESOLVED: "OVER"}


def sentence(event: Event) -> str:  # noqa: PLR0911 - one for each kind of event
    """Return an event in one line that cannot steer a terminal."""
    match event:
        case StateChanged():
            return _state(event)
        case Alert():
            return _alert(event)
        case AlertUpdated():
            return _update(event)
        case AccountChanged():
            return account(event)
        case StoreTrouble():
            return store_trouble(event)
        case OwnerChanged():
            return owner(event)
        case TaskTrouble():
            return f"Part of the supervisor failed and was restarted ({event.task}). Report it."
        case EventsLost():
            return f"{event.count} changes came too fast to be shown."


def stamped(event: Event, account: str | None = None) -> str:
    """Return an event in words, behind its time of day in this machine's zone, if it has one.

    Args:
        event: What happened.
        account: The account to name, if any.
    """
    time = " " * 8 if isinstance(event, EventsLost) else f"{event.at.astimezone():%H:%M:%S}"
    return f"{time} {_named(account)}{sentence(event)}"


def account(event: AccountChanged) -> str:
    """Say how the gateway and the token are."""
    match event.new:
        case AccountState.HEALTHY:
            return f"Gateway: healthy, {_REASONS[event.reason]}."
        case AccountState.TOKEN_REFUSED:
            return REFUSED
        case AccountState.GATEWAY_DOWN:
            why = printable(event.problem) if event.problem else f"{_REASONS[event.reason]}."
            return f"Gateway: down. {why}"


def store_trouble(event: StoreTrouble) -> str:
    """Say what is wrong with the store."""
    if event.problem is None:
        return "The supervisor's store works again, and nothing is lost."
    if event.is_waiting:
        return f"{printable(event.problem)} This process keeps waiting."
    return f"{printable(event.problem)} Supervision continues without it."


def owner(event: OwnerChanged) -> str:
    """Say who watches the account."""
    match event.role:
        case Ownership.OWNER:
            return "The other process has ended. This one is watching now."
        case Ownership.STANDBY:
            return STANDBY
        case Ownership.OTHER_ACCOUNT:
            return OTHER_ACCOUNT


def since(seconds: float) -> str:
    """Return a moment given in seconds since 1970, to the minute."""
    return local_time(datetime.fromtimestamp(seconds, UTC)) if seconds else NOTHING


def next_try(seconds: float) -> str:
    """Return a wait in words."""
    if seconds <= 0:
        return "now"
    whole = math.ceil(seconds)
    return f"in {whole} s" if whole < 120 else f"in {math.ceil(whole / 60)} min"  # noqa: PLR2004


def _state(event: StateChanged) -> str:
    name = printable(event.device_name) or printable(event.device_id)
    line = f"{name}: {STATES[event.new]}, {_REASONS[event.reason]}"
    if event.next_try is None:
        return f"{line}."
    wait = (event.next_try - event.at).total_seconds()
    return f"{line}; try {event.attempt} {next_try(wait)}."


def open_alert(alert: Alert, account: str | None = None) -> str:
    """Say what an alert of an earlier run is about; see `stamped`."""
    return f"{_named(account)}OPEN: {about(alert)}"


def _named(account: str | None) -> str:
    return f"[{printable(account)}] " if account is not None else ""


def _alert(event: Alert) -> str:
    return f"{_MARKS[event.status]}: {about(event)}"


def _update(event: AlertUpdated) -> str:
    alert, more = event.alert, ""
    if event.update is AlertUpdate.CAUSE and alert.cause is not None:
        more = f" {CAUSES[alert.cause]}"
        if alert.cause_until is not None:
            more += f" Until {local_time(alert.cause_until)}."
    elif event.by is not None:
        more = f" By {printable(event.by)}."
    if event.update is AlertUpdate.ACKNOWLEDGED and alert.note:
        more += f" {printable(alert.note)}"
    return f"{_UPDATES[event.update]}: {about(alert)}{more}"


def about(alert: Alert) -> str:
    """Say what an alert is about, and what to do."""
    is_over = alert.status is AlertStatus.RESOLVED
    words = (_RESOLVED if is_over else _RAISED)[alert.kind]
    if alert.device_id is None:
        return f"{words}."
    device_id = printable(alert.device_id)
    words = f"{printable(alert.device_name or '') or device_id} {words}."
    step = None if is_over else _NEXT_STEPS.get(alert.kind)
    return words if step is None else f"{words} {step.format(device=device_id)}"
