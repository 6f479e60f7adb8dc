"""What a store keeps for the supervisor."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from ..device.device import DeviceSnapshot
from ..events import Alert, AlertStatus


@dataclass(frozen=True, slots=True)
class SavedAlert:
    """An alert as it was saved, and whether all subscribers were told of its present status."""

    alert: Alert
    delivered: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """All that a store holds."""

    snapshots: tuple[DeviceSnapshot, ...] = ()
    alerts: tuple[SavedAlert, ...] = ()


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written, all or nothing.

    Attributes:
        snapshots: By account and device; None where nothing is to be kept.
        alerts: By id, as they are now; they are not delivered yet.
        delivered: By id, the status that all subscribers were told of.
        orders: The ids of orders that were carried out, to be deleted.
    """

    snapshots: Mapping[tuple[str, str], DeviceSnapshot | None] = field(default_factory=dict)
    alerts: Mapping[str, Alert] = field(default_factory=dict)
    delivered: Mapping[str, AlertStatus] = field(default_factory=dict)
    orders: frozenset[int] = frozenset()

    def __bool__(self) -> bool:
        """Tell whether there is anything to write."""
        return bool(self.snapshots or self.alerts or self.delivered or self.orders)


class Store(Protocol):
    """Keeps what must survive a restart.

    Every method may raise a `StoreError`, and may be called again after one. A resolved alert is
    dropped once it is delivered.
    """

    async def load(self) -> Saved:
        """Return all that is kept."""

    async def save(self, changes: Changes) -> None:
        """Write all of ``changes`` or none."""

    async def close(self) -> None:
        """Let go of files and connections."""


class KeyValueStore(Protocol):
    """Keeps short values that must survive a restart, by topic and key.

    A topic belongs to one frontend, which alone knows what its values say; none may hold a secret.
    Every method may raise a `StoreError`, and may be called again after one.
    """

    async def entries(self, topic: str) -> Mapping[str, str]:
        """Return all values of a topic by their keys."""

    async def put(self, topic: str, key: str, value: str) -> None:
        """Keep a value, in place of the key's earlier one."""

    async def delete(self, topic: str, key: str) -> None:
        """Drop a key; one that is not there is no error."""
