"""What the board shows at one moment: taken from a supervisor at once, turned into JSON later."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from wuts.errors import InvalidInputError
from wuts.supervisor import (
    AccountState,
    Alert,
    Device,
    Mute,
    Ownership,
    Supervisor,
    next_step,
    worst_first,
)

LONGEST_TEXT = 200
"""Characters of a name or a note that are shown, at most."""

LONGEST_READ = 10_000
"""Characters of it that are looked at."""

_LAST_DIGITS = 4
_LONG_NUMBER = re.compile(r"\+?\d(?:[ ()./-]{0,2}\d){6,}")


class Role(StrEnum):
    """What this process is to an account."""

    OWNER = Ownership.OWNER
    STANDBY = Ownership.STANDBY
    OTHER_ACCOUNT = Ownership.OTHER_ACCOUNT
    UNDECIDED = "undecided"
    """The store has not answered yet."""
    ELSEWHERE = "elsewhere"
    """It is another process's share."""


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account.

    Attributes:
        name: How people call it.
        role: What this process is to it.
        state: What its gateway and token are.
        devices: Its devices; none unless this process looks after it.
        listed_at: When the gateway last listed them, or None.
    """

    name: str
    role: Role
    state: AccountState
    devices: tuple[Device, ...] = ()
    listed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class View:
    """All that is shown.

    Attributes:
        accounts: The accounts.
        alerts: The open alerts, and the mute of each that has one.
        has_history: Whether a history can be shown.
        store_works: Whether what must survive a restart can be saved.
    """

    accounts: tuple[AccountView, ...]
    alerts: tuple[tuple[Alert, Mute | None], ...]
    has_history: bool
    store_works: bool


def look(supervisor: Supervisor, accounts: Collection[str], *, has_history: bool) -> View:
    """Take down what a supervisor knows now: as little as possible, for it holds up the loop."""
    alerts = supervisor.open_alerts()
    return View(
        tuple(_account(supervisor, name) for name in accounts),
        tuple((alert, supervisor.alerts.mute_of(alert)) for alert in alerts),
        has_history=has_history,
        store_works=supervisor.store_state().problem is None,
    )


def role_in(supervisor: Supervisor, account: str) -> Role:
    """Return what a process with this supervisor is to an account."""
    try:
        ownership = supervisor.ownership(account)
    except InvalidInputError:  # it was not added here, or just released
        return Role.ELSEWHERE
    return Role.UNDECIDED if ownership is None else Role(ownership)


def _account(supervisor: Supervisor, name: str) -> AccountView:
    role = role_in(supervisor, name)
    if role is Role.ELSEWHERE:
        return AccountView(name, role, AccountState.HEALTHY)
    devices = tuple(supervisor.devices(name).values())
    state, listed_at = supervisor.account_state(name), supervisor.listed_at(name)
    return AccountView(name, role, state, devices, listed_at)


def fields_of(view: View) -> dict[str, object]:
    """Return what JSON says of a view; nothing in it changes by time alone.

    Devices and alerts name their account by its place.
    """
    places = {account.name: place for place, account in enumerate(view.accounts)}
    devices = [
        (place, one) for place, account in enumerate(view.accounts) for one in account.devices
    ]
    devices.sort(key=lambda one: (*worst_first(one[1]), one[0]))
    alerts = sorted((one for one in view.alerts if one[0].account in places), key=_unattended_first)
    return {
        "accounts": [
            {
                "name": shown(one.name),
                "role": one.role,
                "state": one.state,
                "devices": len(one.devices),
                "listed_at": _seconds(one.listed_at),
            }
            for one in view.accounts
        ],
        "alerts": [_alert(alert, mute, places[alert.account]) for alert, mute in alerts],
        "devices": [_device(place, one) for place, one in devices],
        "history": view.has_history,
        "store_works": view.store_works,
    }


def _unattended_first(pair: tuple[Alert, Mute | None]) -> tuple[bool, bool, bool, datetime, str]:
    alert, mute = pair
    is_taken = alert.acknowledged_by is not None
    return is_taken, mute is not None, alert.device_id is not None, alert.since, alert.id


def _device(account: int, device: Device) -> Mapping[str, object]:
    label = in_one_line(device.id)
    return {
        "account": account,
        "id": device.id,
        "label": label,
        "name": shown(device.name) or label,
        "state": device.state,
        "since": round(device.since) or None,
        "attempt": device.attempt,
        "next_try": None if device.next_try is None else round(device.next_try),
    }


def _alert(alert: Alert, mute: Mute | None, account: int) -> Mapping[str, object]:
    name = shown(alert.device_name or "") or in_one_line(alert.device_id or "")
    return {
        "id": alert.id,
        "kind": alert.kind,
        "account": account,
        "device_id": alert.device_id,
        "device_name": name or None,
        "since": _seconds(alert.since),
        "cause": alert.cause,
        "cause_until": _seconds(alert.cause_until),
        "next_step": next_step(alert),
        "acknowledged_by": None if alert.acknowledged_by is None else shown(alert.acknowledged_by),
        "acknowledged_at": _seconds(alert.acknowledged_at),
        "note": shown(alert.note) or None,
        "mute": None if mute is None else _mute(mute),
    }


def _mute(mute: Mute) -> Mapping[str, object]:
    return {
        "by": shown(mute.by),
        "reason": shown(mute.reason) or None,
        "until": _seconds(mute.until),
    }


def _seconds(moment: datetime | None) -> int | None:
    return None if moment is None else round(moment.timestamp())


def shown(text: str) -> str:
    """Return a text of other people in one line, with the last digits of phone numbers only."""
    return _cut(_LONG_NUMBER.sub(_masked, _line(text)))


def in_one_line(text: str) -> str:
    """Return a text in one line that turns no direction around, of a bearable length."""
    return _cut(_line(text))


def _line(text: str) -> str:
    signs = (sign if sign.isprintable() else " " for sign in text[:LONGEST_READ])
    return " ".join("".join(signs).split())


def _cut(line: str) -> str:
    return line if len(line) <= LONGEST_TEXT else f"{line[: LONGEST_TEXT - 1]}…"


def _masked(number: re.Match[str]) -> str:
    digits = "".join(sign for sign in number[0] if sign.isdigit())
    return f"…{digits[-_LAST_DIGITS:]}"
