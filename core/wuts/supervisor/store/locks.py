"""What says that a process is the owner of accounts: locks of the system or the server."""

from abc import ABC, abstractmethod
from collections.abc import Collection

from sqlalchemy.ext.asyncio import AsyncConnection

from .hints import Hints


class Locks(ABC):
    """The locks that one process holds in a database.

    Attributes:
        expire: Whether they are lost when the database hears nothing for as long as the lease.
        hints: What other processes tell the one that holds them.
    """

    expire: bool

    def __init__(self) -> None:
        self.hints = Hints()

    @property
    @abstractmethod
    def is_held(self) -> bool:
        """Whether nothing is known that would have ended the locks; no I/O but on a local file."""

    @abstractmethod
    async def take(self, connection: AsyncConnection, accounts: Collection[str]) -> None:
        """Take the locks of these accounts as well, all or none.

        Raises:
            StoreOwnedError: Another process holds one of them.
        """

    @abstractmethod
    async def release(self, connection: AsyncConnection, accounts: Collection[str]) -> None:
        """Give the locks of these accounts back."""

    @abstractmethod
    def confirm(self, accounts: Collection[str], owner: str) -> None:
        """Note that the database now calls ``owner`` the owner of these accounts."""

    @abstractmethod
    def forget(self, accounts: Collection[str]) -> None:
        """Give up the locks of these accounts; a connection that is open will be closed."""

    @property
    def has_joined(self) -> bool:
        """Whether others share accounts out with this process, and wait for it when it is gone."""
        return False

    async def leave(self, connection: AsyncConnection) -> None:  # noqa: B027 - see has_joined
        """Tell others that this process ends, and that they don't have to wait for it."""

    @abstractmethod
    def check(self) -> None:
        """Make sure that the locks were not taken away for good, before something is written.

        Raises:
            StoreLostError: They were.
        """
