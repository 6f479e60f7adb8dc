"""Why an alert is open, if that is known, and what to do about it: both as data.

The gateway's answers tell some of it. The rest is only in webhooks (WUTS reference, Webhooks),
whose words are a stranger's: an event that is not known, or a time that makes no sense, is no
cause. Pure.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from ..account.work_queue import Key
from ..events import Alert, AlertKind, Cause, Reason, utc

BELIEVED_FOR = 900.0
"""Seconds for which a webhook explains what follows, unless it names a time itself."""

MOST_HINTS = 10_000
"""Webhooks that are remembered; the oldest go first."""

LONGEST_BAN = timedelta(days=366)
"""What is claimed to last longer is not believed."""

_NAMES_OF_ENDS = ("expires_at", "until")
_NAMES_OF_LENGTHS = ("expires_in", "expire")


class AlertStep(StrEnum):
    """What a person does next about an alert."""

    PAIR = "pair"
    """Pair the device again."""
    WAIT = "wait"
    """Wait: it is tried again, or the gateway is probed."""
    WAIT_UNTIL = "wait_until"
    """Wait until the alert's ``cause_until``; pairing again does not help before."""
    CLOSE_OTHER_SESSION = "close_other_session"
    """Stop the other program that uses the same session."""
    CHECK_PHONE = "check_phone"
    """See that the phone is on, has a network and opens WhatsApp."""
    KEEP_OR_UNLINK = "keep_or_unlink"
    """Say whether the phone that is linked may stay."""
    CHECK_DEVICE = "check_device"
    """Ask who deleted the device at the gateway."""
    CHECK_TOKEN = "check_token"  # noqa: S105 - a step, not a secret
    """Replace the account's token."""
    CHECK_OWNER = "check_owner"
    """Use the token of the device's owner."""
    ASK_OPERATOR = "ask_operator"
    """Ask whoever runs the gateway."""


_BY_CAUSE = {
    Cause.TEMPORARY_BAN: AlertStep.WAIT_UNTIL,
    Cause.REPLACED: AlertStep.CLOSE_OTHER_SESSION,
    Cause.KEEPALIVE_LOST: AlertStep.CHECK_PHONE,
}

_BY_KIND = {
    AlertKind.NEEDS_PAIRING: AlertStep.PAIR,
    AlertKind.OFFLINE: AlertStep.WAIT,
    AlertKind.FLAPPING: AlertStep.CHECK_PHONE,
    AlertKind.DEVICE_GONE: AlertStep.CHECK_DEVICE,
    AlertKind.DEVICE_REFUSED: AlertStep.CHECK_OWNER,
    AlertKind.DEVICES_MISSING: AlertStep.ASK_OPERATOR,
    AlertKind.WRONG_DEVICE: AlertStep.ASK_OPERATOR,
    AlertKind.WRONG_PHONE: AlertStep.KEEP_OR_UNLINK,
    AlertKind.PHONE_UNCHECKED: AlertStep.KEEP_OR_UNLINK,
    AlertKind.GATEWAY_DOWN: AlertStep.WAIT,
    AlertKind.TOKEN_REFUSED: AlertStep.CHECK_TOKEN,
}

_BY_EVENT = {
    "device.logged_out": Cause.UNLINKED,
    "connection.temporary_ban": Cause.TEMPORARY_BAN,
    "connection.stream_replaced": Cause.REPLACED,
    "connection.keepalive_timeout": Cause.KEEPALIVE_LOST,
    "connection.pair_error": Cause.PAIR_ERROR,
}

_OVER = frozenset({"connection.keepalive_restored", "device.connected", "pair.success"})
"""Events after which earlier ones explain nothing."""

_EXPLAINED = {
    AlertKind.NEEDS_PAIRING: {Cause.UNLINKED, Cause.PAIR_ERROR, Cause.TEMPORARY_BAN},
    AlertKind.OFFLINE: {Cause.TEMPORARY_BAN, Cause.REPLACED, Cause.KEEPALIVE_LOST},
    AlertKind.FLAPPING: {Cause.REPLACED, Cause.KEEPALIVE_LOST, Cause.TEMPORARY_BAN},
}
"""The causes that a webhook may give an alert of each kind."""

_PROVEN = {
    (AlertKind.NEEDS_PAIRING, Reason.UNLINKED): Cause.UNLINKED,
    (AlertKind.GATEWAY_DOWN, Reason.MASS_DROP): Cause.DROPPED_WITH_MOST,
}
"""The causes that answers of the gateway prove."""


def next_step(alert: Alert) -> AlertStep:
    """Return what a person does next about an alert."""
    step = _BY_CAUSE.get(alert.cause) if alert.cause is not None else None
    if step is AlertStep.WAIT_UNTIL and alert.cause_until is None:
        return AlertStep.WAIT
    return step or _BY_KIND.get(alert.kind, AlertStep.CHECK_DEVICE)


def proven_cause(kind: AlertKind, reason: Reason | None) -> Cause | None:
    """Return why an alert opens, if the change that opens it proves that."""
    return None if reason is None else _PROVEN.get((kind, reason))


@dataclass(frozen=True, slots=True)
class _Hint:
    cause: Cause
    until: datetime | None
    believed_until: float


class HintBook:
    """What webhooks said lately of devices, each of which is believed for a while.

    It also keeps why an account is as it is: its alert opens when that has lasted.
    """

    def __init__(self) -> None:
        self._hints: dict[Key, _Hint] = {}
        self._of_accounts: dict[str, Cause] = {}

    def note(self, key: Key, event: str, data: Mapping[str, object], now: float) -> bool:
        """Take in a webhook's event about a device; return whether it may explain an alert.

        Args:
            key: The device.
            event: The webhook's event.
            data: The webhook's data; hostile.
            now: The time, in seconds since 1970 by the wall clock, as the webhook's times are.
        """
        if event in _OVER:
            self._hints.pop(key, None)
            return False
        cause = _BY_EVENT.get(event)
        if cause is None:
            return False
        until = _end_in(data, utc(now)) if cause is Cause.TEMPORARY_BAN else None
        lasts_until = until.timestamp() if until is not None else now + BELIEVED_FOR
        self._hints.pop(key, None)
        self._hints[key] = _Hint(cause, until, lasts_until)
        if len(self._hints) > MOST_HINTS:
            del self._hints[next(iter(self._hints))]
        return True

    def account_changed(self, account: str, reason: Reason) -> None:
        """Take in why an account changed; what was so before is over."""
        self._of_accounts.pop(account, None)
        if cause := proven_cause(AlertKind.GATEWAY_DOWN, reason):
            self._of_accounts[account] = cause

    def explain(
        self, kind: AlertKind, key: Key, now: float
    ) -> tuple[Cause, datetime | None] | None:
        """Return the cause that is known of an alert, and until when, or None."""
        if kind is AlertKind.GATEWAY_DOWN:
            cause = self._of_accounts.get(key.account)
            return None if cause is None else (cause, None)
        hint = self._hints.get(key)
        if hint is None or hint.cause not in _EXPLAINED.get(kind, ()):
            return None
        if hint.believed_until <= now:
            del self._hints[key]
            return None
        return hint.cause, hint.until

    def forget(self, account: str) -> None:
        """Forget an account and its devices."""
        self._of_accounts.pop(account, None)
        for key in [key for key in self._hints if key.account == account]:
            del self._hints[key]


def _end_in(data: Mapping[str, object], now: datetime) -> datetime | None:
    """Return the moment when a ban ends, if a sensible one is named.

    No page documents the names; these are what gateways of the kind use.
    """
    ends = [_moment(data.get(name)) for name in _NAMES_OF_ENDS]
    lengths = [_length(data.get(name)) for name in _NAMES_OF_LENGTHS]
    found = [*ends, *(now + length for length in lengths if length is not None)]
    return next((end for end in found if end is not None and now < end < now + LONGEST_BAN), None)


def _moment(value: object) -> datetime | None:
    try:
        if isinstance(value, str):
            moment = datetime.fromisoformat(value[:40])
            return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if isinstance(value, int | float) and not isinstance(value, bool):
            return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return None


def _length(value: object) -> timedelta | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    is_sensible = 0 < value <= LONGEST_BAN.total_seconds()
    return timedelta(seconds=value) if is_sensible else None
