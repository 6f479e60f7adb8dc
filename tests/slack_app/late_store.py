"""A store that fails until a test lets it work."""

from collections.abc import Collection
from typing import override

from wuts.supervisor.store import NO_ACCOUNT, MemoryStore, StoreError


class LateStore(MemoryStore):
    """Keeps the app's records in memory.

    Attributes:
        is_down: Whether every call about a record fails.
    """

    is_down = True

    @override
    async def entries_of(self, topic: str, accounts: Collection[str]) -> dict[str, dict[str, str]]:
        self._check()
        return await super().entries_of(topic, accounts)

    @override
    async def put(self, topic: str, key: str, value: str, account: str = NO_ACCOUNT) -> None:
        self._check()
        await super().put(topic, key, value, account)

    @override
    async def delete(self, topic: str, key: str, account: str = NO_ACCOUNT) -> None:
        self._check()
        await super().delete(topic, key, account)

    def _check(self) -> None:
        if self.is_down:
            raise StoreError("down")
