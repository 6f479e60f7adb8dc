"""Stores: what must survive a restart of the supervisor.

`Store` is the protocol; `MemoryStore` lasts as long as the process. `sql.SqlStore` keeps it in
SQLite or PostgreSQL; it needs SQLAlchemy, and is imported only by those who use it.
"""

from .base import Changes, Saved, SavedAlert, Store
from .errors import (
    StoreAddressError,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreNotOursError,
    StoreReadOnlyError,
    StoreTooNewError,
    StoreUnavailableError,
)
from .memory import MemoryStore

__all__ = [
    "Changes",
    "MemoryStore",
    "Saved",
    "SavedAlert",
    "Store",
    "StoreAddressError",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreLockedError",
    "StoreNotOursError",
    "StoreReadOnlyError",
    "StoreTooNewError",
    "StoreUnavailableError",
]
