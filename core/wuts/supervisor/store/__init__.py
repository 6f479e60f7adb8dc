"""Stores: what must survive a restart of the supervisor.

`Store` is the protocol, and `Notebook` the one of what frontends keep; `MemoryStore` is both, and
lasts as long as the process. `sql.SqlStore` is both in SQLite or PostgreSQL; it needs SQLAlchemy,
and is imported only by those who use it.
"""

from ..device.device import DeviceSnapshot
from .base import Changes, Saved, SavedAlert, Store
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
from .key_value import Notebook
from .memory import MemoryStore

__all__ = [
    "Changes",
    "DeviceSnapshot",
    "MemoryStore",
    "Notebook",
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
]
