"""The operating system's locks beside a SQLite file, held for the life of the process.

On Linux these are locks on single bytes that belong to the open file (``F_OFD_SETLK``): one file
descriptor holds those of all accounts, and a second store in the same process is kept out too.
Elsewhere one lock on the whole file stands for all accounts.
"""

import errno
import fcntl
import os
import struct
import sys
from collections.abc import Collection
from pathlib import Path
from typing import override

from sqlalchemy.ext.asyncio import AsyncConnection

from .errors import StoreLostError, StoreOwnedError, StoreUnavailableError
from .keys import file_offset
from .locks import Locks

ACCOUNTS = ".lock"
PAIRINGS = ".pairings.lock"
"""What the names of the lock files end with: two, as a whole file may have to be locked."""

_PRIVATE = 0o600

_FLOCK = "hhqqi0q"
"""``struct flock``: type, whence, start, length, process, padding."""  # prose: ok

_HELD = {errno.EAGAIN, errno.EACCES}
"""What the system says when somebody else holds a lock."""

_NO_LOCKS = {errno.EINVAL, errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}
"""What it says when there are none, as on some network drives."""


class FileLocks(Locks):
    """Locks beside a file.

    Args:
        path: The SQLite file.
        suffix: What the lock file's name ends with.
        by_account: Whether each account has a lock of its own; if the system can, unless given.
    """

    expire = False

    def __init__(
        self,
        path: Path,
        *,
        suffix: str = ACCOUNTS,
        by_account: bool = sys.platform == "linux",
    ) -> None:
        super().__init__()
        self._path = path
        self._suffix = suffix
        self._by_account = by_account
        self._accounts: set[str] = set()
        self._file: int | None = None

    @property
    @override
    def is_held(self) -> bool:
        try:
            self.check()
        except StoreLostError:
            return False
        return True

    @override
    async def take(self, connection: AsyncConnection, accounts: Collection[str]) -> None:
        file = self._open()
        taken: set[str] = set()
        try:
            for account in accounts:
                self._lock(file, account)
                taken.add(account)
            self._accounts |= taken
            self.check()
        except BaseException:
            self.forget(taken)
            raise

    @override
    async def release(self, connection: AsyncConnection, accounts: Collection[str]) -> None:
        self.forget(accounts)

    @override
    def confirm(self, accounts: Collection[str], owner: str) -> None:
        """Do nothing: nobody can take these locks away."""

    @override
    def forget(self, accounts: Collection[str]) -> None:
        self._accounts -= set(accounts)
        if self._file is None:
            return
        if not self._accounts:
            os.close(self._file)
            self._file = None
        elif self._by_account:
            for account in accounts:
                _lock_byte(self._file, fcntl.F_UNLCK, file_offset(account))

    @override
    def check(self) -> None:
        if self._file is None:
            return
        try:
            found = self._lock_path().stat()
        except FileNotFoundError:
            raise StoreLostError(_DELETED) from None
        ours = os.fstat(self._file)
        if (found.st_dev, found.st_ino) != (ours.st_dev, ours.st_ino):
            raise StoreLostError(_DELETED)

    def _lock_path(self) -> Path:
        """However the file is reached, its lock is beside the file itself."""
        file = self._path.resolve()
        return file.with_name(f"{file.name}{self._suffix}")

    def _open(self) -> int:
        if self._file is None:
            self._file = os.open(self._lock_path(), os.O_CREAT | os.O_RDWR, _PRIVATE)
        return self._file

    def _lock(self, file: int, account: str) -> None:
        try:
            if self._by_account:
                _lock_byte(file, fcntl.F_WRLCK, file_offset(account))
            elif not self._accounts:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in _HELD:
                raise StoreOwnedError(accounts=[account]) from None
            if error.errno in _NO_LOCKS:
                raise StoreUnavailableError(_CANNOT_LOCK) from None
            raise


_CANNOT_LOCK = (
    "The folder of the supervisor's store is on a drive that cannot lock files. "
    "Choose another folder, or PostgreSQL."
)

_DELETED = (
    "The lock file beside the supervisor's store was deleted while it was in use, so "
    "another process may be using the store as well. Restart this one."
)


def _lock_byte(file: int, kind: int, offset: int) -> None:
    request = struct.pack(_FLOCK, kind, os.SEEK_SET, offset, 1, 0)
    fcntl.fcntl(file, fcntl.F_OFD_SETLK, request)
