"""How devices did, as the store remembers it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from wuts.supervisor.alerts.history import HistoryLine, Uptime, uptimes
from wuts.supervisor.store.history_reader import HistoryReader
from wuts.supervisor.store.sql import SqlStore

from .device import DeviceRef

DAYS = 7
"""How far back people look unless they say otherwise."""

MOST_DAYS = 365


@dataclass(frozen=True, slots=True)
class DeviceHistory:
    """How one device did, and what happened to it, the newest first."""

    uptime: Uptime | None
    lines: list[HistoryLine]


class History:
    """Reads the history beside the supervisor that writes it.

    Args:
        store: The app's; only a database remembers.
        address: Its address.
    """

    def __init__(self, store: object, address: str) -> None:
        self._store = store if isinstance(store, SqlStore) else None
        self._address = address

    @property
    def is_kept(self) -> bool:
        """Whether there is a history."""
        return self._store is not None

    async def of_device(self, ref: DeviceRef, days: int) -> DeviceHistory:
        """Return how one device did in the last days.

        Raises:
            StoreError: The store does not work.
        """
        assert self._store is not None  # noqa: S101 - see is_kept
        start, end = _times(days)
        lines = await self._store.history(ref.account, start, end, ref.device_id)
        found = [one for one in uptimes(lines, start, end) if one.device_id == ref.device_id]
        told = [one for one in lines if one.at >= start and one.device_id == ref.device_id]
        told.sort(key=lambda line: line.at, reverse=True)
        return DeviceHistory(found[0] if found else None, told)

    async def of_all(self, accounts: list[str], days: int) -> dict[DeviceRef, Uptime]:
        """Return how the devices of some accounts did in the last days.

        Raises:
            StoreError: The store does not work.
        """
        start, end = _times(days)
        found = await HistoryReader(self._address).strips(accounts, start, end)
        return {
            DeviceRef(account, one.uptime.device_id): one.uptime
            for account, strips in found.items()
            for one in strips
        }


def _times(days: int) -> tuple[datetime, datetime]:
    end = datetime.now(UTC)
    return end - timedelta(days=min(max(days, 1), MOST_DAYS)), end
