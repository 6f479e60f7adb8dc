"""What is to be saved of alerts besides themselves: mutes, notifications, history."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from .history import HistoryLine
from .mutes import Mute, MuteScope
from .notifications import Notification, moved

MOST_LINES = 100_000
"""Lines of history that wait for a store that does not work; the oldest go first."""

type NotificationKey = tuple[str, str]
"""An account's name and a notification's id."""


@dataclass(frozen=True, slots=True)
class AlertRecords:
    """What is to be written.

    Attributes:
        mutes: By their scopes; None if none is to be kept.
        notifications: As they are to be sent; None if none is to be kept.
        told: Which update of a notification its receiver was told of.
        history: Lines to be added.
        watched: By account and beginning, until when an account was watched.
        prune: By account, what happened before is to be forgotten.
    """

    mutes: Mapping[MuteScope, Mute | None] = field(default_factory=dict)
    notifications: Mapping[NotificationKey, Notification | None] = field(default_factory=dict)
    told: Mapping[NotificationKey, int] = field(default_factory=dict)
    history: Sequence[HistoryLine] = ()
    watched: Mapping[tuple[str, datetime], datetime] = field(default_factory=dict)
    prune: Mapping[str, datetime] = field(default_factory=dict)

    def __bool__(self) -> bool:
        """Return whether there is anything to write."""
        kinds = (self.mutes, self.notifications, self.told, self.history, self.watched, self.prune)
        return any(kinds)

    @property
    def accounts(self) -> frozenset[str]:
        """The accounts that these are about."""
        keyed = (*self.notifications, *self.told, *self.watched)
        return frozenset(
            {scope.account for scope in self.mutes}
            | {key[0] for key in keyed}
            | {line.account for line in self.history}
            | self.prune.keys()
        )

    def moved(self, seconds: float) -> "AlertRecords":
        """Return these with the notifications' times moved; all others are the wall clock's."""
        if not seconds:
            return self
        notifications = {
            key: one and moved(one, seconds) for key, one in self.notifications.items()
        }
        return replace(self, notifications=notifications)


class RecordBox:
    """Gathers records until they are saved; see `AlertRecords` for what each is."""

    def __init__(self) -> None:
        self.mutes: dict[MuteScope, Mute | None] = {}
        self.notifications: dict[NotificationKey, Notification | None] = {}
        self.told: dict[NotificationKey, int] = {}
        self.history: list[HistoryLine] = []
        self.watched: dict[tuple[str, datetime], datetime] = {}
        self.prune: dict[str, datetime] = {}

    def __len__(self) -> int:
        """Return how many there are."""
        of_alerts = len(self.mutes) + len(self.notifications) + len(self.told)
        return of_alerts + len(self.history) + len(self.watched) + len(self.prune)

    def take(self, accounts: Collection[str] | None) -> AlertRecords:
        """Take out what there is of these accounts, or of all."""
        mutes, self.mutes = split(self.mutes, lambda scope, _: scope.account, accounts)
        sent, self.notifications = split(self.notifications, lambda key, _: key[0], accounts)
        told, self.told = split(self.told, lambda key, _: key[0], accounts)
        watched, self.watched = split(self.watched, lambda key, _: key[0], accounts)
        prune, self.prune = split(self.prune, lambda name, _: name, accounts)
        history = [one for one in self.history if accounts is None or one.account in accounts]
        if accounts is None:
            self.history = []
        elif history:
            self.history = [one for one in self.history if one.account not in accounts]
        return AlertRecords(mutes, sent, told, history, watched, prune)

    def put_back(self, records: AlertRecords) -> None:
        """Take in what could not be saved; what is newer counts."""
        self.mutes = {**records.mutes, **self.mutes}
        self.notifications = {**records.notifications, **self.notifications}
        self.told = {**records.told, **self.told}
        self.history = [*records.history, *self.history][-MOST_LINES:]
        self.watched = {**records.watched, **self.watched}
        self.prune = {**records.prune, **self.prune}


def split[K, V](
    entries: dict[K, V], account_of: Callable[[K, V], str], accounts: Collection[str] | None
) -> tuple[dict[K, V], dict[K, V]]:
    """Return the entries of these accounts, or all, and the others."""
    if accounts is None:
        return entries, {}
    theirs = {key: one for key, one in entries.items() if account_of(key, one) in accounts}
    return theirs, {key: one for key, one in entries.items() if key not in theirs}
