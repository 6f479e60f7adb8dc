"""What a store keeps for the supervisor."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from ..alerts.mutes import Mute
from ..alerts.notifications import Notification, moved
from ..alerts.records import AlertRecords
from ..device.device import DeviceSnapshot
from ..events import Alert, AlertStatus, shifted
from .orders import Refusal

NO_ACCOUNT = ""
"""The account of key-value pairs that are about none."""


@dataclass(frozen=True, slots=True)
class SavedAlert:
    """An alert as it was saved, and whether all subscribers have got its present status."""

    alert: Alert
    delivered: bool


@dataclass(frozen=True, slots=True)
class SavedNotification:
    """What a receiver was to get last, and whether it did."""

    notification: Notification
    delivered: bool


@dataclass(frozen=True, slots=True)
class Saved:
    """What a store holds of some accounts, or of all.

    Attributes:
        snapshots: Of their devices.
        alerts: Those that are open, and those whose end was not delivered.
        users: By account, the user id that the gateway gave its devices when last seen.
        mutes: What nobody wants to hear of, and what has ended but was not sent.
        notifications: What receivers got last about what is not over.
    """

    snapshots: tuple[DeviceSnapshot, ...] = ()
    alerts: tuple[SavedAlert, ...] = ()
    users: Mapping[str, str] = field(default_factory=dict)
    mutes: tuple[Mute, ...] = ()
    notifications: tuple[SavedNotification, ...] = ()

    def moved(self, seconds: float) -> "Saved":
        """Return it with the times moved that are not the wall clock's."""
        alerts = (replace(one, alert=shifted(one.alert, seconds)) for one in self.alerts)
        sent = (
            replace(one, notification=moved(one.notification, seconds))
            for one in self.notifications
        )
        return replace(self, alerts=tuple(alerts), notifications=tuple(sent))

    def split(self, accounts: Iterable[str]) -> dict[str, "Saved"]:
        """Return what it holds of each of these accounts."""
        snapshots: defaultdict[str, list[DeviceSnapshot]] = defaultdict(list)
        alerts: defaultdict[str, list[SavedAlert]] = defaultdict(list)
        for snapshot in self.snapshots:
            snapshots[snapshot.account].append(snapshot)
        for alert in self.alerts:
            alerts[alert.alert.account].append(alert)
        mutes: defaultdict[str, list[Mute]] = defaultdict(list)
        sent: defaultdict[str, list[SavedNotification]] = defaultdict(list)
        for mute in self.mutes:
            mutes[mute.scope.account].append(mute)
        for one in self.notifications:
            sent[one.notification.account].append(one)
        return {
            name: Saved(
                tuple(snapshots[name]),
                tuple(alerts[name]),
                {name: self.users[name]} if name in self.users else {},
                tuple(mutes[name]),
                tuple(sent[name]),
            )
            for name in accounts
        }


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be written, all or nothing.

    Attributes:
        snapshots: By account and device; None if nothing is to be kept.
        alerts: By id, as they are now; they are not delivered yet.
        delivered: By id, the status that all subscribers have got.
        orders: The ids of orders that were carried out, to be deleted.
        users: By account, the user id that the gateway gives its devices.
        refusals: By the order's id, why it was not carried out.
        records: What people and receivers have to do with alerts.
    """

    snapshots: Mapping[tuple[str, str], DeviceSnapshot | None] = field(default_factory=dict)
    alerts: Mapping[str, Alert] = field(default_factory=dict)
    delivered: Mapping[str, AlertStatus] = field(default_factory=dict)
    orders: frozenset[int] = frozenset()
    users: Mapping[str, str] = field(default_factory=dict)
    refusals: Mapping[int, Refusal] = field(default_factory=dict)
    records: AlertRecords = field(default_factory=AlertRecords)

    def __bool__(self) -> bool:
        """Return whether there is anything to write."""
        of_devices = self.snapshots or self.alerts or self.delivered or self.users
        return bool(of_devices or self.orders or self.refusals or self.records)

    def moved(self, seconds: float) -> "Changes":
        """Return these with the times moved that are not the wall clock's."""
        alerts = {id_: shifted(alert, seconds) for id_, alert in self.alerts.items()}
        return replace(self, alerts=alerts, records=self.records.moved(seconds))

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts that these are about, if they name any."""
        of_alerts = {alert.account for alert in self.alerts.values()}
        devices = {account for account, _ in self.snapshots}
        return frozenset(devices | of_alerts | set(self.users) | self.records.accounts)


class Store(Protocol):
    """Keeps what must survive a restart.

    Every method may raise a `StoreError`, and may be called again after one. A resolved alert is
    dropped once it is delivered.
    """

    async def load(self, accounts: Collection[str] | None = None) -> Saved:
        """Return what is kept of these accounts, or of all."""

    async def save(self, changes: Changes) -> None:
        """Write all of ``changes`` or none."""

    async def close(self) -> None:
        """Let go of files and connections."""


class KeyValueStore(Protocol):
    """Keeps short values that must survive a restart, by topic and key.

    A topic belongs to one frontend, which alone knows what its values say; none may hold a secret.
    Those of one account are never another's. Every method may raise a `StoreError`, and may be
    called again after one.
    """

    async def entries(self, topic: str, account: str = NO_ACCOUNT) -> Mapping[str, str]:
        """Return an account's values of a topic by their keys."""

    async def entries_of(
        self, topic: str, accounts: Collection[str]
    ) -> Mapping[str, Mapping[str, str]]:
        """Return the values of a topic by account and key; none of an account that has none."""

    async def put(self, topic: str, key: str, value: str, account: str = NO_ACCOUNT) -> None:
        """Keep a value, in place of the key's earlier one."""

    async def delete(self, topic: str, key: str, account: str = NO_ACCOUNT) -> None:
        """Drop a key; one that is not there is no error."""
