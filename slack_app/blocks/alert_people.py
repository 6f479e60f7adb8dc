"""Who has an alert, and who has muted it."""

from wuts.supervisor import Alert, AlertKind, Mute, MuteScope

from ..messages import Strings
from .names import Action
from .parts import Block, button, escape, shorten, when

OUTSIDE = " (Slack)"
"""What stands behind the name of somebody who acted in Slack, wherever that is shown."""

LONGEST_REASON = 200
_LONGEST_NAME = 80
_ALL = "*"


def by(name: str) -> str:
    """Return what somebody in Slack is called elsewhere."""
    return f"{name}{OUTSIDE}" if name else OUTSIDE.strip(" ()")


def shown_by(name: str | None, strings: Strings) -> str:
    """Return who acted, for a text with mark-up, wherever they did."""
    inside = (name or "").removesuffix(OUTSIDE)
    return escape(shorten(_one_line(inside), _LONGEST_NAME)) or strings.somebody


def taken_line(alert: Alert, strings: Strings) -> str:
    """Return who has an alert, since when, and what they wrote."""
    time = when(alert.acknowledged_at or alert.at)
    said = strings.alert_taken.format(by=shown_by(alert.acknowledged_by, strings), time=time)
    note = _reason(alert.note)
    return f":raised_hand: {said} {note}".strip()


def muted_line(mute: Mute, strings: Strings) -> str:
    """Return who has muted an alert, until when, and why."""
    who, reason = shown_by(mute.by, strings), _reason(mute.reason)
    if mute.until is None:
        said = strings.muted_for_now.format(by=who, reason=reason)
    else:
        said = strings.muted_until.format(by=who, reason=reason, time=when(mute.until))
    return f":no_bell: {said}".removesuffix(": ")


def mute_over_line(mute: Mute, strings: Strings) -> str:
    """Return who had muted an alert, and why."""
    return strings.mute_over.format(by=shown_by(mute.by, strings), reason=_reason(mute.reason))


def mute_ended(what: str, mute: Mute, strings: Strings) -> str:
    """Return what is said when a mute ends while something is open."""
    who = shown_by(mute.by, strings)
    return strings.mute_ended.format(what=what, by=who, reason=_reason(mute.reason))


def mute_button(
    account: str, kind: AlertKind, device_id: str | None, mute: Mute | None, strings: Strings
) -> Block:
    """Return the button that mutes, or ends the mute that there is."""
    if mute is None:
        value = scope_value(MuteScope(account, device_id, kind))
        return button(strings.button_mute, Action.MUTE, value)
    return button(strings.button_unmute, Action.UNMUTE, scope_value(mute.scope))


def scope_value(scope: MuteScope) -> str:
    """Return a scope as a button or a modal keeps it."""
    return f"{scope.account} {scope.kind or _ALL} {scope.device_id or ''}"


def read_scope(value: str) -> MuteScope:
    """Read what `scope_value` wrote."""
    account, kind, device_id = value.split(" ", 2)
    return MuteScope(account, device_id or None, None if kind == _ALL else AlertKind(kind))


def _reason(text: str) -> str:
    return escape(shorten(_one_line(text), LONGEST_REASON))


def _one_line(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text).strip()
