"""Stores: what must survive a restart of the supervisor.

`Store` is the protocol; `MemoryStore` lasts as long as the process. `sql.SqlStore` keeps it in
SQLite or PostgreSQL; it needs SQLAlchemy, and is imported only by those who use it.
"""

from .base import (
    Changes,
    Saved,
    SavedAlert,
    Store,
    StoreCorruptError,
    StoreError,
    StoreFullError,
    StoreLockedError,
    StoreUnavailableError,
)
from .memory import MemoryStore

__all__ = [
    "Changes",
    "MemoryStore",
    "Saved",
    "SavedAlert",
    "Store",
    "StoreCorruptError",
    "StoreError",
    "StoreFullError",
    "StoreLockedError",
    "StoreUnavailableError",
]
