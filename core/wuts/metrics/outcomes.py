"""How things end, and where alerts are: the values of labels."""

from enum import StrEnum

from ..errors import ErrorCode
from ..pairing import Failed, Outcome, Paired, PairedHow, Unchecked, WrongAccount


class PairingResult(StrEnum):
    """How a pairing ended."""

    PAIRED = "paired"
    """A phone was linked."""
    ALREADY_PAIRED = "already_paired"
    """The device was connected, or could be connected again without a phone."""
    WRONG_ACCOUNT = "wrong_account"
    """Another phone than the expected one was linked."""
    UNCHECKED = "unchecked"
    """A phone was linked, and the gateway does not say whether it is the expected one."""
    FAILED = "failed"
    """No phone was linked."""
    CANCELLED = "cancelled"
    """A person ended it."""
    INTERRUPTED = "interrupted"
    """The program ended."""
    IN_PROGRESS = "in_progress"
    """Somebody else took the device over."""


def pairing_result(outcome: Outcome | None) -> PairingResult:  # noqa: PLR0911 - one for each outcome
    """Return how a pairing ended.

    Args:
        outcome: Its last event, or None for one that was left before.
    """
    match outcome:
        case None:
            return PairingResult.CANCELLED
        case Paired(how=PairedHow.LINKED):
            return PairingResult.PAIRED
        case Paired():
            return PairingResult.ALREADY_PAIRED
        case WrongAccount():
            return PairingResult.WRONG_ACCOUNT
        case Unchecked():
            return PairingResult.UNCHECKED
        case Failed(code=ErrorCode.PAIRING_IN_PROGRESS):
            return PairingResult.IN_PROGRESS
        case Failed():
            return PairingResult.FAILED


class WebhookResult(StrEnum):
    """The result of a webhook's delivery."""

    TAKEN = "taken"
    REFUSED = "refused"


class AttemptResult(StrEnum):
    """The result of a try to reconnect a device."""

    RECONNECTED = "reconnected"
    FAILED = "failed"
    UNLINKED = "unlinked"


class AlertStage(StrEnum):
    """Where an open alert is; the first that fits."""

    MUTED = "muted"
    """A mute covers it."""
    ACKNOWLEDGED = "acknowledged"
    """Somebody takes care of it."""
    OPEN = "open"
    """It waits for somebody."""
