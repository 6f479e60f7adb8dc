"""Alerts: which are open, which wait to be raised, which are due for a reminder.

An alert is one episode: it is raised once, reminded of at intervals, and resolved once. What begins
again soon after its end is the same episode, sent under the same id. A debounced one that ends
before it was raised was never there. Pure: time is passed in.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import takewhile
from random import Random
from typing import Any, NamedTuple

from ..account.breaker import AccountChange
from ..account.work_queue import NEVER, Key
from ..device.device import Device, DeviceChange, is_flapping
from ..device.phone import PhoneQuestion
from ..events import AccountState, Alert, AlertKind, AlertStatus, DeviceState, Reason, utc
from ..settings import SupervisorSettings

DEBOUNCED = frozenset({AlertKind.OFFLINE, AlertKind.GATEWAY_DOWN})
"""Kinds that may heal without help, and so wait before they disturb anybody."""

REMINDED = frozenset(AlertKind) - {AlertKind.DEVICE_GONE, AlertKind.DEVICES_MISSING}
"""Kinds that somebody must act on, and so is reminded of."""

ACCOUNT_ALERTS = {
    AccountState.GATEWAY_DOWN: AlertKind.GATEWAY_DOWN,
    AccountState.TOKEN_REFUSED: AlertKind.TOKEN_REFUSED,
}
"""The alert that each state of an account is."""

ABOUT_MANY = (AlertKind.DEVICES_MISSING, AlertKind.WRONG_DEVICE)
"""Alerts of an account that no state of it is."""

ABOUT_PHONES = {
    PhoneQuestion.WRONG_PHONE: AlertKind.WRONG_PHONE,
    PhoneQuestion.UNCHECKED: AlertKind.PHONE_UNCHECKED,
}
"""The alert that each question about a device's phone is; no state of the device ends it."""

_ABOUT_SESSIONS = (AlertKind.NEEDS_PAIRING, AlertKind.OFFLINE, AlertKind.FLAPPING)
_ABOUT_DEVICES = (*_ABOUT_SESSIONS, AlertKind.DEVICE_GONE, AlertKind.DEVICE_REFUSED)
_NOT_LEFT_TO_US = (AlertKind.DEVICE_GONE, AlertKind.DEVICE_REFUSED)

_ENDED: dict[DeviceState | None, tuple[AlertKind, ...]] = {
    DeviceState.CONNECTED: (AlertKind.NEEDS_PAIRING, AlertKind.OFFLINE, *_NOT_LEFT_TO_US),
    DeviceState.RECONNECTING: (AlertKind.NEEDS_PAIRING, *_NOT_LEFT_TO_US),
    DeviceState.NEEDS_PAIRING: (AlertKind.OFFLINE, AlertKind.FLAPPING, *_NOT_LEFT_TO_US),
    DeviceState.REFUSED: (*_ABOUT_SESSIONS, AlertKind.DEVICE_GONE),
    DeviceState.GONE: (*_ABOUT_SESSIONS, AlertKind.DEVICE_REFUSED),
}
"""The alerts that a device's new state ends; any other state ends all."""


_BLANK: dict[str, Any] = {
    "cause": None,
    "cause_until": None,
    "acknowledged_by": None,
    "acknowledged_at": None,
    "note": "",
}
"""What an episode that begins again does not take over: who had it let it go with its end."""


class Subject(NamedTuple):
    """What an alert is about: at most one of a kind is open for each."""

    kind: AlertKind
    account: str
    device_id: str | None = None

    @property
    def key(self) -> Key:
        """The device or the account."""
        return Key(self.account, self.device_id)


def subject_of(alert: Alert) -> Subject:
    """Return what an alert is about."""
    return Subject(alert.kind, alert.account, alert.device_id)


def begun_by(change: DeviceChange, settings: SupervisorSettings) -> list[AlertKind]:
    """Return the alerts that a device's new state begins, unless they are open already.

    A device that a person wanted left alone may vanish unremarked, and one that vanished with most
    others has no alert of its own.
    """
    device = change.device
    match device.state:
        case DeviceState.NEEDS_PAIRING:
            return [AlertKind.NEEDS_PAIRING]
        case DeviceState.REFUSED:
            return [AlertKind.DEVICE_REFUSED]
        case DeviceState.RECONNECTING if is_flapping(device, settings):
            return [AlertKind.OFFLINE, AlertKind.FLAPPING]
        case DeviceState.RECONNECTING:
            return [AlertKind.OFFLINE]
        case DeviceState.GONE if _is_missed(change):
            return [AlertKind.DEVICE_GONE]
    return []


def _is_missed(change: DeviceChange) -> bool:
    was_watched = change.device.was_paired and change.old is not DeviceState.PAUSED
    return was_watched and change.is_alerted and change.reason is Reason.NOT_FOUND


def ended_by(device: Device) -> list[AlertKind]:
    """Return the alerts that the device's new state ends, if they are open.

    A flapping device that connects once more has not stopped flapping: `AlertBook.look` waits until
    the connection has held.
    """
    return list(_ENDED.get(device.state, _ABOUT_DEVICES))


@dataclass(frozen=True, slots=True)
class _Episode:
    """Something wrong since a moment: waits to be raised while it has no alert."""

    since: float
    next_look: float
    device_name: str | None
    alert: Alert | None = None


class AlertBook:
    """All alerts of a supervisor.

    Args:
        settings: Debounce and reminder times.
        rng: Makes the episodes' ids.
    """

    def __init__(self, settings: SupervisorSettings, rng: Random) -> None:
        self._settings = settings
        self._rng = rng
        self._episodes: dict[Key, dict[AlertKind, _Episode]] = {}
        self._ended: dict[Subject, Alert] = {}

    def restore(self, alert: Alert) -> None:
        """Take in an alert that was open when the process ended."""
        self._keep_open(alert)

    def open_alerts(self) -> tuple[Alert, ...]:
        """Return the alerts that were raised and not resolved."""
        episodes = (one for kinds in self._episodes.values() for one in kinds.values())
        return tuple(one.alert for one in episodes if one.alert is not None)

    def is_open(self, subject: Subject) -> bool:
        """Return whether an alert was raised and not resolved."""
        episode = self._episodes.get(subject.key, {}).get(subject.kind)
        return episode is not None and episode.alert is not None

    def device_changed(self, account: str, change: DeviceChange, now: float) -> list[Alert]:
        """Begin and end what a device's new state begins and ends."""
        device = change.device
        if device.state is None or device.state is change.old:
            return []
        alerts: list[Alert] = []
        for kind in ended_by(device):
            alerts += self.end(Subject(kind, account, device.id), now)
        for kind in begun_by(change, self._settings):
            alerts += self.begin(Subject(kind, account, device.id), now, device.name)
        return alerts

    def phone_changed(self, account: str, change: DeviceChange, now: float) -> list[Alert]:
        """Begin and end what a person must answer about a device's phone."""
        device, before = change.device, change.before
        old, new = before.phone.question if before else None, device.phone.question
        if old is new:
            return []
        alerts: list[Alert] = []
        if old is not None:
            alerts += self.end(Subject(ABOUT_PHONES[old], account, device.id), now)
        if new is not None:
            alerts += self.begin(Subject(ABOUT_PHONES[new], account, device.id), now, device.name)
        return alerts

    def account_changed(self, account: str, change: AccountChange, now: float) -> list[Alert]:
        """Begin and end what an account's new state begins and ends."""
        alerts: list[Alert] = []
        if change.old in ACCOUNT_ALERTS:
            alerts += self.end(Subject(ACCOUNT_ALERTS[change.old], account), now)
        if change.new in ACCOUNT_ALERTS:
            alerts += self.begin(Subject(ACCOUNT_ALERTS[change.new], account), now)
        return alerts

    def begin(self, subject: Subject, now: float, device_name: str | None = None) -> list[Alert]:
        """Note that something is wrong; return the alert if it needs no debounce."""
        kinds = self._episodes.setdefault(subject.key, {})
        if subject.kind in kinds:
            return []
        if subject.kind not in DEBOUNCED:
            return [self._raise(subject, now, now, device_name)]
        kinds[subject.kind] = _Episode(now, now + self._settings.debounce, device_name)
        return []

    def end(self, subject: Subject, now: float) -> list[Alert]:
        """Note that it is over; return the recovery notice if it had been raised."""
        kinds = self._episodes.get(subject.key)
        episode = kinds.pop(subject.kind, None) if kinds else None
        if not kinds:
            self._episodes.pop(subject.key, None)
        if episode is None or episode.alert is None:
            return []
        resolved = replace(episode.alert, status=AlertStatus.RESOLVED, at=utc(now))
        self._forget_ended(now)
        self._ended[subject] = resolved
        return [resolved]

    def end_all(self, account: str, now: float, device_id: str | None = None) -> list[Alert]:
        """Note that all is over that is about an account, or about one of its devices."""
        subjects = [
            Subject(kind, *key)
            for key, kinds in self._episodes.items()
            for kind in kinds
            if key.account == account and device_id in (None, key.device_id)
        ]
        return [alert for subject in subjects for alert in self.end(subject, now)]

    def forget(self, account: str) -> None:
        """Forget an account."""
        for key in [key for key in self._episodes if key.account == account]:
            del self._episodes[key]
        for subject in [one for one in self._ended if one.account == account]:
            del self._ended[subject]

    def amend(self, alert: Alert) -> None:
        """Take in what is new about an alert that is open and stays so."""
        kinds = self._episodes[subject_of(alert).key]
        kinds[alert.kind] = replace(kinds[alert.kind], alert=alert)

    def remind(self, alert: Alert, now: float) -> Alert:
        """Return an open alert as a reminder sends it now."""
        reminder = replace(alert, status=AlertStatus.REMINDED, at=utc(now))
        self._keep_open(reminder)
        return reminder

    def look(  # noqa: PLR0913 - what only the caller knows
        self,
        key: Key,
        now: float,
        *,
        device: Device | None = None,
        may_raise: bool = True,
        is_gone: bool = False,
        is_quiet: Callable[[Alert], bool] = lambda _: False,
    ) -> list[Alert]:
        """Return what the passing of time raises, reminds of and ends.

        Args:
            key: The device or the account to look at.
            now: The time.
            device: What is known of the device.
            may_raise: Whether a debounced alert may be raised; if not it waits on.
            is_gone: Whether the device is gone; then there are no reminders about its phone.
            is_quiet: Says whether nobody wants reminders of an alert.
        """
        alerts: list[Alert] = []
        for kind, episode in list(self._episodes.get(key, {}).items()):
            subject = Subject(kind, *key)
            if kind is AlertKind.FLAPPING and self._held_at(device) <= now:
                alerts += self.end(subject, now)
            elif episode.next_look > now:
                continue
            elif episode.alert is not None and is_quiet(episode.alert):
                self._remind_later(key, kind, now)
            elif is_gone and kind in ABOUT_PHONES.values():
                # There is nothing that anybody could do now.
                self._remind_later(key, kind, now)
            elif episode.alert is not None:
                alerts.append(self.remind(episode.alert, now))
            elif may_raise:
                alerts.append(self._raise(subject, episode.since, now, episode.device_name))
            else:
                wait = self._settings.debounce or self._settings.base
                self._episodes[key][kind] = replace(episode, next_look=now + wait)
        return alerts

    def _remind_later(self, key: Key, kind: AlertKind, now: float) -> None:
        later = now + self._settings.remind_after
        self._episodes[key][kind] = replace(self._episodes[key][kind], next_look=later)

    def next_look(self, key: Key, device: Device | None = None) -> float:
        """Return when `look` has something to do."""
        kinds = self._episodes.get(key)
        if not kinds:
            return NEVER
        held = self._held_at(device) if AlertKind.FLAPPING in kinds else NEVER
        return min(held, *(episode.next_look for episode in kinds.values()))

    def _held_at(self, device: Device | None) -> float:
        """Return when a connection has held so long that its device no longer flaps."""
        if device is None or device.state is not DeviceState.CONNECTED:
            return NEVER
        return device.since + self._settings.stable_after

    def _forget_ended(self, now: float) -> None:
        """Forget the episodes that can no longer begin again; they are in the order they ended."""
        patience = self._settings.stable_after
        ended = self._ended.items()
        for subject, _ in [*takewhile(lambda one: now - one[1].at.timestamp() > patience, ended)]:
            del self._ended[subject]

    def _raise(self, subject: Subject, since: float, now: float, device_name: str | None) -> Alert:
        self._forget_ended(since)
        earlier = self._ended.pop(subject, None)
        if earlier is not None:
            alert = replace(earlier, status=AlertStatus.RAISED, at=utc(now), **_BLANK)
            self._keep_open(alert)
            return alert
        alert = Alert(
            id=f"{self._rng.getrandbits(128):032x}",
            kind=subject.kind,
            status=AlertStatus.RAISED,
            account=subject.account,
            device_id=subject.device_id,
            device_name=device_name,
            since=utc(since),
            at=utc(now),
        )
        self._keep_open(alert)
        return alert

    def _keep_open(self, alert: Alert) -> None:
        """The reminder counts from the alert's own time, which is rounded."""
        at = alert.at.timestamp()
        reminder = at + self._settings.remind_after if alert.kind in REMINDED else NEVER
        subject = subject_of(alert)
        self._episodes.setdefault(subject.key, {})[subject.kind] = _Episode(
            alert.since.timestamp(), reminder, alert.device_name, alert
        )
