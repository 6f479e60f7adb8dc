"""Pairing: one session that all frontends share.

`PairingSession` yields a `PairingView` after another, which is all that a frontend draws, until a
phone is linked or cannot be. `PairingSettings` says how and for how long. The bare events are in
`events`, the pure state machine in `machine`.
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
