"""What a kind of database must be able to do for the SQL store."""

from abc import ABC, abstractmethod
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from .errors import StoreError
from .locks import Locks

WRITES = "wuts_writes"
"""The execution option that says whether a transaction will write."""


class Database(ABC):
    """One database, of one kind.

    Attributes:
        shared: Whether other programs may have tables of their own in it.
        locks: Say which accounts this process is the owner of.
        failures: What goes wrong in it, to be explained.
    """

    shared: bool
    locks: Locks
    failures: tuple[type[Exception], ...] = (SQLAlchemyError, OSError)

    @abstractmethod
    def __repr__(self) -> str:
        """Name it without any secret."""

    @abstractmethod
    def engine(self, *, may_create: bool) -> AsyncEngine:
        """Return an engine with one connection.

        Args:
            may_create: Whether to make a database that is not there, if it is of such a kind.

        Raises:
            OSError: There is no such database.
        """

    def has_moved(self) -> bool:
        """Return whether an open engine no longer writes to this database; never for a server."""
        return False

    def check(self, connection: Connection) -> None:  # noqa: B027 - a server checks its own files
        """Refuse a damaged database; nothing is written.

        Raises:
            StoreCorruptError: It is damaged.
        """

    def lock_schema(self, connection: Connection) -> None:  # noqa: B027 - a file's writer is alone
        """Let nobody else change the schema until the transaction ends."""

    async def hint(self, connection: AsyncConnection, hint: str) -> None:  # noqa: B027 - few can
        """Tell other processes to look, when the connection's transaction is over."""

    @abstractmethod
    def insert(self, table: Table) -> Any:  # noqa: ANN401 - each kind has its own INSERT … ON CONFLICT
        """Return its kind of insert."""

    @abstractmethod
    def explain(self, error: BaseException) -> StoreError:
        """Say what is wrong."""
