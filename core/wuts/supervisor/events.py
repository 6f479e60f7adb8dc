"""The states of devices and accounts, and the events that tell of them.

Events are frozen and typed; those about one device come in order.
"""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum


class DeviceState(StrEnum):
    """What the supervisor knows of a device."""

    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    NEEDS_PAIRING = "needs_pairing"
    NEVER_PAIRED = "never_paired"
    PAUSED = "paused"
    REFUSED = "refused"
    GONE = "gone"


WORST_FIRST: tuple[DeviceState | None, ...] = (
    DeviceState.NEEDS_PAIRING,
    DeviceState.REFUSED,
    DeviceState.GONE,
    DeviceState.RECONNECTING,
    None,
    DeviceState.NEVER_PAIRED,
    DeviceState.PAUSED,
    DeviceState.CONNECTED,
)
"""The order in which frontends show devices; None is a state that is not known yet."""


class AccountState(StrEnum):
    """What an account's gateway and token are."""

    HEALTHY = "healthy"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a state, not a secret
    GATEWAY_DOWN = "gateway_down"


class Reason(StrEnum):
    """Why a state changed."""

    FIRST_SEEN = "first_seen"
    DROPPED = "dropped"
    RETRY = "retry"
    WOKEN = "woken"
    RECONNECTED = "reconnected"
    UNLINKED = "unlinked"
    PAIRED = "paired"
    PAUSED = "paused"
    RESUMED = "resumed"
    NOT_FOUND = "not_found"
    REFUSED = "refused"
    FORGOTTEN = "forgotten"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a reason, not a secret
    TOKEN_REPLACED = "token_replaced"  # noqa: S105 - a reason, not a secret
    UNREACHABLE = "unreachable"
    MASS_DROP = "mass_drop"
    RECOVERED = "recovered"


def utc(seconds: float) -> datetime:
    """Return a moment given in seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged:
    """A device changed its state, or its next try was set.

    Attributes:
        account: The account's name.
        device_id: The gateway's id of the device.
        device_name: The gateway's name for it.
        old: The state before, or None when it was not known.
        new: The state now.
        reason: Why.
        attempt: Which reconnect is next, or 0.
        next_try: When that is due, in UTC, or None.
        at: When it happened, in UTC.
    """

    account: str
    device_id: str
    device_name: str
    old: DeviceState | None
    new: DeviceState
    reason: Reason
    attempt: int
    next_try: datetime | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChanged:
    """An account's gateway or token changed its state.

    Attributes:
        account: The account's name.
        old: The state before.
        new: The state now.
        reason: Why.
        problem: What the gateway's answer was, in words for a person, or None.
        at: When it happened, in UTC.
    """

    account: str
    old: AccountState
    new: AccountState
    reason: Reason
    problem: str | None
    at: datetime


class AlertKind(StrEnum):
    """What a person should know."""

    NEEDS_PAIRING = "needs_pairing"
    OFFLINE = "offline"
    FLAPPING = "flapping"
    DEVICE_GONE = "device_gone"
    DEVICE_REFUSED = "device_refused"
    WRONG_PHONE = "wrong_phone"
    PHONE_UNCHECKED = "phone_unchecked"
    DEVICES_MISSING = "devices_missing"
    WRONG_DEVICE = "wrong_device"
    GATEWAY_DOWN = "gateway_down"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a kind, not a secret


class Cause(StrEnum):
    """Why an alert is open, if the gateway's answers or its webhooks say."""

    UNLINKED = "unlinked"
    """The phone unlinked the device."""
    TEMPORARY_BAN = "temporary_ban"
    """WhatsApp keeps the number out for a while."""
    REPLACED = "replaced"
    """Another program uses the same session."""
    KEEPALIVE_LOST = "keepalive_lost"
    """WhatsApp does not answer the gateway about this device."""
    PAIR_ERROR = "pair_error"
    """A pairing failed at the gateway."""
    DROPPED_WITH_MOST = "dropped_with_most"
    """Most devices of the account dropped at once."""


class AlertStatus(StrEnum):
    """Where an alert is."""

    RAISED = "raised"
    REMINDED = "reminded"
    RESOLVED = "resolved"


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One episode that a person should know of.

    Attributes:
        id: The episode's own; with it you can recognise what you already got.
        kind: What it is.
        status: Where it is.
        account: The account's name.
        device_id: The device, or None when it is about the account.
        device_name: The gateway's name for it, or None.
        since: When the episode began, in UTC.
        at: When it got its present status, in UTC.
        cause: Why, if that is known.
        cause_until: When the cause ends, in UTC, if that is known.
        acknowledged_by: Who takes care of it, or None; ends when the alert is resolved.
        acknowledged_at: Since when, in UTC.
        note: What that person wrote, or an empty text.
    """

    id: str
    kind: AlertKind
    status: AlertStatus
    account: str
    device_id: str | None
    device_name: str | None
    since: datetime
    at: datetime
    cause: Cause | None = None
    cause_until: datetime | None = None
    acknowledged_by: str | None = None
    acknowledged_at: datetime | None = None
    note: str = ""


class AlertUpdate(StrEnum):
    """What is new about an alert that stays open."""

    ACKNOWLEDGED = "acknowledged"
    CAUSE = "cause"
    MUTED = "muted"
    MUTE_ENDED = "mute_ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertUpdated:
    """Something about an open alert changed.

    Attributes:
        alert: The alert as it is now.
        update: What is new.
        by: Who did it, or None.
        at: When, in UTC.
    """

    alert: Alert
    update: AlertUpdate
    by: str | None
    at: datetime

    @property
    def account(self) -> str:
        """The account's name."""
        return self.alert.account


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreTrouble:
    """What must survive a restart cannot be read or written; supervision continues.

    Attributes:
        problem: What is wrong and what to do, or None when it works again.
        at: When it was noticed, in UTC.
        is_waiting: Whether this process only waits for another one, and supervises nothing.
    """

    problem: str | None
    at: datetime
    is_waiting: bool = False


class Ownership(StrEnum):
    """What a process is to an account, where several processes may open the store."""

    OWNER = "owner"
    STANDBY = "standby"
    OTHER_ACCOUNT = "other_account"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerChanged:
    """This process waits for an account, then looks after it, or never will.

    An account that this process owns at once causes no such event.

    Attributes:
        account: The account's name.
        role: What this process is to it: the one that looks after it; the one that waits until
            another process ends, and asks the gateway nothing; or one whose token opens another
            account than the store holds under that name.
        problem: Why, in words for a person, or None.
        at: When it was noticed, in UTC.
    """

    account: str
    role: Ownership
    problem: str | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskTrouble:
    """Something in the background failed where it should not, and was restarted: report it.

    Attributes:
        task: Which part of the supervisor.
        problem: The class of the error; the log has its traceback.
        at: When, in UTC.
    """

    task: str
    problem: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class EventsLost:
    """A subscriber was so slow that the oldest state changes waiting for it were dropped.

    Attributes:
        count: How many.
    """

    count: int


type Event = (
    StateChanged
    | AccountChanged
    | Alert
    | AlertUpdated
    | StoreTrouble
    | OwnerChanged
    | TaskTrouble
    | EventsLost
)

_TIMES = ("at", "since", "next_try", "acknowledged_at")


def shifted[E: Event](event: E, seconds: float) -> E:
    """Return an event with its times moved by ``seconds``."""
    if not seconds:
        return event
    times = {name: getattr(event, name, None) for name in _TIMES}
    moved = {
        name: moment + timedelta(seconds=seconds)
        for name, moment in times.items()
        if moment is not None
    }
    if isinstance(event, AlertUpdated):
        return replace(event, alert=shifted(event.alert, seconds), **moved)
    return replace(event, **moved)
