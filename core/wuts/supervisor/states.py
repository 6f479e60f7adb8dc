"""The words of supervision: what a device and an account can be, and why that changed."""

from enum import StrEnum


class DeviceState(StrEnum):
    """What a device is, as far as the supervisor knows."""

    CONNECTED = "connected"
    RECONNECTING = "reconnecting"
    NEEDS_PAIRING = "needs_pairing"
    NEVER_PAIRED = "never_paired"
    PAUSED = "paused"
    GONE = "gone"


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
    FORGOTTEN = "forgotten"
    TOKEN_REFUSED = "token_refused"  # noqa: S105 - a reason, not a secret
    TOKEN_REPLACED = "token_replaced"  # noqa: S105 - a reason, not a secret
    UNREACHABLE = "unreachable"
    MASS_DROP = "mass_drop"
    RECOVERED = "recovered"
