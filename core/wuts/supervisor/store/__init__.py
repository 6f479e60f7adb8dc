"""Stores: what must survive a restart of the supervisor.

`Store` keeps what the supervisor must know, `KeyValueStore` what a frontend must. `MemoryStore` is
both and lasts as long as the process. `sql.SqlStore` is both in SQLite or PostgreSQL; it needs
SQLAlchemy, so import it only if you use it.
"""

from ..device.device import DeviceSnapshot
from .base import NO_ACCOUNT, Changes, KeyValueStore, Saved, SavedAlert, SavedNotification, Store
from .errors import (
    StoreAddressError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreInterruptedError,
    StoreLockedError,
    StoreLostError,
    StoreNotOursError,
    StoreOtherAccountError,
    StoreOwnedError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnavailableError,
)
from .identity import check_identity
from .memory import MemoryStore
from .orders import (
    Order,
    OrderBook,
    OrderRefusedError,
    Refusal,
    Verb,
    give_disconnect,
    give_order,
)
from .ownership import ClaimingStore, OwnableStore, wait_until_owned
from .shares import Members, portion
from .shares_keeper import Caretaker, SharedStore, ShareKeeper

__all__ = [
    "NO_ACCOUNT",
    "Caretaker",
    "Changes",
    "ClaimingStore",
    "DeviceSnapshot",
    "KeyValueStore",
    "Members",
    "MemoryStore",
    "Order",
    "OrderBook",
    "OrderRefusedError",
    "OwnableStore",
    "Refusal",
    "Saved",
    "SavedAlert",
    "SavedNotification",
    "ShareKeeper",
    "SharedStore",
    "Store",
    "StoreAddressError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreInterruptedError",
    "StoreLockedError",
    "StoreLostError",
    "StoreNotOursError",
    "StoreOtherAccountError",
    "StoreOwnedError",
    "StoreReadOnlyError",
    "StoreTooNewError",
    "StoreUnavailableError",
    "Verb",
    "check_identity",
    "give_disconnect",
    "give_order",
    "portion",
    "wait_until_owned",
]
