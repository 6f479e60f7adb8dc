"""A store for tests of storing alone: nobody else is there to be the owner."""

from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from pathlib import Path
from typing import override

from wuts.supervisor.store import NO_ACCOUNT, Changes
from wuts.supervisor.store.sql import SqlStore


class SoleWriter(SqlStore):
    """Becomes the owner of what it writes for as long as that takes, until it claims anything."""

    has_claimed = False

    @override
    async def claim(self, accounts: Collection[str]) -> None:
        self.has_claimed = True
        await super().claim(accounts)

    @override
    async def save(self, changes: Changes) -> None:
        async with self._owning(changes.accounts | ({"home"} if changes.delivered else set())):
            await super().save(changes)

    @override
    async def put(self, topic: str, key: str, value: str, account: str = NO_ACCOUNT) -> None:
        async with self._owning({account}):
            await super().put(topic, key, value, account)

    @override
    async def delete(self, topic: str, key: str, account: str = NO_ACCOUNT) -> None:
        async with self._owning({account}):
            await super().delete(topic, key, account)

    @asynccontextmanager
    async def _owning(self, accounts: Collection[str]) -> AsyncIterator[None]:
        claimed = set() if self.has_claimed else set(accounts) - {NO_ACCOUNT}
        if claimed:
            await super().claim(claimed)
        try:
            yield
        finally:
            if claimed:
                await self.release(claimed)


def names_of_files(folder: Path) -> list[str]:
    """Return what is in a folder, except lock files; these have nothing in them."""
    files = sorted(folder.iterdir())
    locks = {file for file in files if file.suffix == ".lock"}
    assert all(file.stat().st_size == 0 for file in locks)
    return [file.name for file in files if file not in locks]
