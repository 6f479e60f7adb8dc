"""Stores: what must survive a restart of the supervisor.

`Store` keeps what the supervisor must know, `KeyValueStore` what a frontend must. `MemoryStore` is
both and lasts as long as the process. `sql.SqlStore` is both in SQLite or PostgreSQL; it needs
SQLAlchemy, so import it only where you use it.
"""

from ..device.device import DeviceSnapshot
from .base import Changes, KeyValueStore, Saved, SavedAlert, Store
from .errors import (
    StoreAddressError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreInterruptedError,
    StoreLockedError,
    StoreNotOursError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnavailableError,
)
from .memory import MemoryStore
from .orders import Order, OrderBook, Verb, give_order

__all__ = [
    "Changes",
    "DeviceSnapshot",
    "KeyValueStore",
    "MemoryStore",
    "Order",
    "OrderBook",
    "Saved",
    "SavedAlert",
    "Store",
    "StoreAddressError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreInterruptedError",
    "StoreLockedError",
    "StoreNotOursError",
    "StoreReadOnlyError",
    "StoreTooNewError",
    "StoreUnavailableError",
    "Verb",
    "give_order",
]
