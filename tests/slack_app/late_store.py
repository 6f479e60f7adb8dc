"""A store that fails until it is told to work."""

from typing import override

from wuts.supervisor.store import MemoryStore, StoreError


class LateStore(MemoryStore):
    """Keeps the app's records in memory.

    Attributes:
        is_down: Whether every call about a record fails.
    """

    is_down = True

    @override
    async def entries(self, topic: str, account: str = "") -> dict[str, str]:
        self._check()
        return await super().entries(topic, account)

    @override
    async def put(self, topic: str, key: str, value: str, account: str = "") -> None:
        self._check()
        await super().put(topic, key, value, account)

    @override
    async def delete(self, topic: str, key: str, account: str = "") -> None:
        self._check()
        await super().delete(topic, key, account)

    def _check(self) -> None:
        if self.is_down:
            raise StoreError("down")
