"""Pairing: one session that all frontends share.

`PairingSession` yields what to show until a phone is linked or it cannot be. `PairingSettings`
says how and for how long. The events are in `events`, the pure state machine in `machine`.
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
    Waiting,
    WrongAccount,
)
from .registry import PAIRINGS, PairingInProgressError, PairingRegistry
from .session import PairingSession
from .state import PairingSettings

__all__ = [
    "PAIRINGS",
    "CodeReady",
    "Failed",
    "FailureReason",
    "Outcome",
    "Paired",
    "PairedHow",
    "PairingEvent",
    "PairingInProgressError",
    "PairingRegistry",
    "PairingSession",
    "PairingSettings",
    "QrReady",
    "Scanned",
    "Waiting",
    "WrongAccount",
]
