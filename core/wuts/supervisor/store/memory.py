"""A store that lasts as long as the process: for tests, and for those who do not mind."""

from ..device.device import DeviceSnapshot
from ..events import Alert, AlertStatus
from .base import Changes, Saved, SavedAlert


class MemoryStore:
    """Keeps everything in memory; hand the same one to the next supervisor to keep it."""

    def __init__(self) -> None:
        self._snapshots: dict[tuple[str, str], DeviceSnapshot] = {}
        self._alerts: dict[str, Alert] = {}
        self._delivered: dict[str, AlertStatus] = {}
        self._entries: dict[tuple[str, str], str] = {}

    async def load(self) -> Saved:
        """Return all that is kept."""
        alerts = tuple(
            SavedAlert(alert, self._delivered.get(alert.id) is alert.status)
            for alert in self._alerts.values()
        )
        return Saved(tuple(self._snapshots.values()), alerts)

    async def save(self, changes: Changes) -> None:
        """Keep ``changes``."""
        for key, snapshot in changes.snapshots.items():
            if snapshot is None:
                self._snapshots.pop(key, None)
            else:
                self._snapshots[key] = snapshot
        self._alerts |= changes.alerts
        self._delivered |= changes.delivered
        for alert_id, status in changes.delivered.items():
            alert = self._alerts.get(alert_id)
            is_over = alert is None or alert.status is AlertStatus.RESOLVED
            if is_over and status is AlertStatus.RESOLVED:
                self._alerts.pop(alert_id, None)
                self._delivered.pop(alert_id, None)

    async def entries(self, topic: str) -> dict[str, str]:
        """Return all values of a topic by their keys."""
        return {key: value for (about, key), value in self._entries.items() if about == topic}

    async def put(self, topic: str, key: str, value: str) -> None:
        """Keep a value, in place of the key's earlier one."""
        self._entries[topic, key] = value

    async def delete(self, topic: str, key: str) -> None:
        """Drop a key."""
        self._entries.pop((topic, key), None)

    async def close(self) -> None:
        """Do nothing: there is nothing to let go of."""
