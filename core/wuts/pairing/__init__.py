"""Pairing: one session that all frontends share.

`PairingSession` yields one `PairingView` after another until a phone is linked or cannot be. A
view is all that a frontend draws. `PairingSettings` says how and for how long. The bare events are
in `events`, the pure state machine in `machine`.
"""

from .events import (
    CodeReady,
    Failed,
    FailureReason,
    Outcome,
    Paired,
    PairedHow,
    PairingEvent,
    QrReady,
    Scanned,
    Stalled,
    StallReason,
    Unchecked,
    Waiting,
    WrongAccount,
)
from .registry import PAIRINGS, PairingInProgressError, PairingRegistry, SharedClaims
from .session import PairingSession
from .state import PairingSettings
from .view import NextStep, PairingView, Stage

__all__ = [
    "PAIRINGS",
    "CodeReady",
    "Failed",
    "FailureReason",
    "NextStep",
    "Outcome",
    "Paired",
    "PairedHow",
    "PairingEvent",
    "PairingInProgressError",
    "PairingRegistry",
    "PairingSession",
    "PairingSettings",
    "PairingView",
    "QrReady",
    "Scanned",
    "SharedClaims",
    "Stage",
    "StallReason",
    "Stalled",
    "Unchecked",
    "Waiting",
    "WrongAccount",
]
