"""What a store keeps for the supervisor, and how one can fail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ...errors import WutsError
from ..events import Alert, AlertStatus
from ..facts import DeviceFacts


class StoreError(WutsError):
    """What must survive a restart cannot be read or written."""

    advice = "The supervisor's store does not work."


class StoreLockedError(StoreError):
    """Another process holds the store."""

    advice = (
        "The supervisor's store is locked by another process. "
        "Make sure that only one supervisor uses it."
    )


class StoreFullError(StoreError):
    """There is no room for another write."""

    advice = "The supervisor's store cannot grow: the disk is full. Make room."


class StoreCorruptError(StoreError):
    """What is in the store is no store of ours, or is damaged; it is left as it is."""

    advice = (
        "The supervisor's store is damaged, or is no store of WUTS. It was left as it is: "
        "mend it, restore a copy, or move it away to begin with an empty one."
    )


class StoreUnavailableError(StoreError):
    """The store cannot be reached or opened."""

    advice = "The supervisor's store cannot be opened. Check its address, path and permissions."


@dataclass(frozen=True, slots=True)
class SavedAlert:
    """An alert as it was saved, and whether all subscribers were told of its present status."""

    alert: Alert
    delivered: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """All that a store holds."""

    facts: tuple[DeviceFacts, ...] = ()
    alerts: tuple[SavedAlert, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written, all or nothing.

    Attributes:
        facts: By tenant and device; None where nothing is to be kept.
        alerts: By id, as they are now; they are not delivered yet.
        delivered: By id, the status that all subscribers were told of.
    """

    facts: Mapping[tuple[str, str], DeviceFacts | None] = field(default_factory=dict)
    alerts: Mapping[str, Alert] = field(default_factory=dict)
    delivered: Mapping[str, AlertStatus] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.facts or self.alerts or self.delivered)


class Store(Protocol):
    """Keeps what must survive a restart.

    Every method may raise a `StoreError`. A resolved alert is dropped once it is delivered.
    """

    async def load(self) -> Saved:
        """Return all that is kept."""

    async def save(self, changes: Changes) -> None:
        """Write all of ``changes`` or none."""

    async def close(self) -> None:
        """Let go of files and connections."""
