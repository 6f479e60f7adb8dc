"""A store that lasts as long as the process: for tests, and for those who do not mind."""

from collections.abc import Collection, Mapping

from ..alerts.mutes import Mute, MuteScope
from ..alerts.notifications import Notification
from ..alerts.records import AlertRecords, NotificationKey
from ..device.device import DeviceSnapshot
from ..events import Alert, AlertStatus
from .base import NO_ACCOUNT, Changes, Saved, SavedAlert, SavedNotification


class MemoryStore:
    """Keeps everything in memory; hand the same one to the next supervisor to keep it."""

    def __init__(self) -> None:
        self._snapshots: dict[tuple[str, str], DeviceSnapshot] = {}
        self._alerts: dict[str, Alert] = {}
        self._delivered: dict[str, AlertStatus] = {}
        self._users: dict[str, str] = {}
        self._mutes: dict[MuteScope, Mute] = {}
        self._notifications: dict[NotificationKey, Notification] = {}
        self._told: dict[NotificationKey, int] = {}
        self._entries: dict[tuple[str, str, str], str] = {}

    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        """Return what is kept of these accounts, or of all."""
        alerts = (
            SavedAlert(alert, self._delivered.get(alert.id) is alert.status)
            for alert in self._alerts.values()
        )

        def is_wanted(account: str) -> bool:
            return accounts is None or account in accounts

        return Saved(
            tuple(one for one in self._snapshots.values() if is_wanted(one.account)),
            tuple(one for one in alerts if is_wanted(one.alert.account)),
            {name: user for name, user in self._users.items() if is_wanted(name)},
            tuple(one for one in self._mutes.values() if is_wanted(one.scope.account)),
            tuple(
                SavedNotification(one, self._told.get(key, 0) >= one.sequence)
                for key, one in self._notifications.items()
                if is_wanted(one.account)
            ),
        )

    async def save(self, changes: Changes) -> None:
        """Keep ``changes``."""
        for key, snapshot in changes.snapshots.items():
            if snapshot is None:
                self._snapshots.pop(key, None)
            else:
                self._snapshots[key] = snapshot
        self._users |= changes.users
        self._alerts |= changes.alerts
        for alert_id, status in changes.delivered.items():
            if alert_id not in self._alerts:
                continue
            self._delivered[alert_id] = status
            if self._alerts[alert_id].status is status is AlertStatus.RESOLVED:
                del self._alerts[alert_id], self._delivered[alert_id]
        self._save_records(changes.records)

    def _save_records(self, records: AlertRecords) -> None:
        """Keep mutes and notifications; there is no history but in a database."""
        _put(self._mutes, records.mutes)
        self._told |= records.told
        _put(self._notifications, records.notifications)
        for key in self._told.keys() - self._notifications.keys():
            del self._told[key]

    async def entries(self, topic: str, account: str = NO_ACCOUNT) -> dict[str, str]:
        """Return an account's values of a topic by their keys."""
        return (await self.entries_of(topic, [account])).get(account, {})

    async def entries_of(self, topic: str, accounts: Collection[str]) -> dict[str, dict[str, str]]:
        """Return the values of a topic by account and key; none of an account that has none."""
        found: dict[str, dict[str, str]] = {}
        for (account, about, key), value in self._entries.items():
            if about == topic and account in accounts:
                found.setdefault(account, {})[key] = value
        return found

    async def put(self, topic: str, key: str, value: str, account: str = NO_ACCOUNT) -> None:
        """Keep a value, in place of the key's earlier one."""
        self._entries[account, topic, key] = value

    async def delete(self, topic: str, key: str, account: str = NO_ACCOUNT) -> None:
        """Drop a key."""
        self._entries.pop((account, topic, key), None)

    async def close(self) -> None:
        """Do nothing: there is nothing to let go of."""


def _put[K, V](kept: dict[K, V], changes: Mapping[K, V | None]) -> None:
    for key, value in changes.items():
        if value is None:
            kept.pop(key, None)
        else:
            kept[key] = value
