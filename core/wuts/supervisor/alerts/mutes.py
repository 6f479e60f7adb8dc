"""Mutes: what nobody wants to hear of for a while, until a time or until it recovers. Pure.

Alertmanager calls them silences. Times are the wall clock's: a person named them.
"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from ..account.work_queue import NEVER
from ..events import Alert, AlertKind, utc


class MuteScope(NamedTuple):
    """What is muted: an account's alerts, or only a device's, or only of a kind, or both."""

    account: str
    device_id: str | None = None
    kind: AlertKind | None = None

    def covers(self, alert: Alert) -> bool:
        """Return whether an alert is within it."""
        return (
            alert.account == self.account
            and self.device_id in (None, alert.device_id)
            and self.kind in (None, alert.kind)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Mute:
    """One mute; there is one of a scope at most.

    Attributes:
        scope: What is muted.
        until: When it ends, in UTC, or None: when the alerts within it are resolved.
        by: Who muted it.
        reason: Why, in that person's words.
        at: When, in UTC.
        ended: When it ended, in UTC; it is kept until an alert has said so.
    """

    scope: MuteScope
    until: datetime | None
    by: str
    reason: str
    at: datetime
    ended: datetime | None = None


class MuteBook:
    """All mutes: those that hold, and those that ended and are to be reported."""

    def __init__(self) -> None:
        self._mutes: dict[str, dict[MuteScope, Mute]] = {}

    def of_account(self, account: str) -> tuple[Mute, ...]:
        """Return the mutes of an account that hold."""
        return tuple(one for one in self._of(account).values() if one.ended is None)

    def put(self, mute: Mute) -> None:
        """Keep a mute, in place of an earlier one of its scope."""
        self._mutes.setdefault(mute.scope.account, {})[mute.scope] = mute

    def of(self, alert: Alert) -> Mute | None:
        """Return the mute that covers an alert, or None; of several, the one that ends last."""
        found = (one for one in self._covering(alert) if one.ended is None)
        return max(found, key=_end_of, default=None)

    def end(self, scope: MuteScope, now: float) -> Mute | None:
        """End a mute; return it, or None if there is none."""
        mute = self._of(scope.account).get(scope)
        if mute is None or mute.ended is not None:
            return None
        ended = self._mutes[scope.account][scope] = replace(mute, ended=utc(now))
        return ended

    def look(self, account: str, now: float) -> list[Mute]:
        """End the mutes whose time has come; return them."""
        due = [one.scope for one in self.of_account(account) if _end_of(one) <= now]
        return [mute for scope in due if (mute := self.end(scope, now))]

    def recovered(self, alert: Alert, others: Collection[Alert], now: float) -> list[Mute]:
        """End the mutes that last until an alert that was resolved; return them.

        Args:
            alert: The one that was resolved.
            others: Those of its account that are open still: a mute waits for all that it covers.
            now: The time.
        """
        due = [
            one.scope
            for one in self._covering(alert)
            if one.until is None and not any(one.scope.covers(other) for other in others)
        ]
        return [mute for scope in due if (mute := self.end(scope, now))]

    def is_awaited(self, alert: Alert) -> bool:
        """Return whether a mute may end with an alert."""
        return any(one.until is None and one.ended is None for one in self._covering(alert))

    def ended_of(self, alert: Alert) -> Mute | None:
        """Return a mute of an alert that ended and was not told of, or None."""
        return next((one for one in self._covering(alert) if one.ended is not None), None)

    def drop(self, mute: Mute) -> None:
        """Forget a mute that ended: an alert has told so."""
        self._of(mute.scope.account).pop(mute.scope, None)

    def next_look(self, account: str) -> float:
        """Return when `look` has something to do."""
        return min(map(_end_of, self.of_account(account)), default=NEVER)

    def forget(self, account: str) -> tuple[MuteScope, ...]:
        """Forget an account; return the scopes that there were."""
        return tuple(self._mutes.pop(account, ()))

    def _of(self, account: str) -> dict[MuteScope, Mute]:
        return self._mutes.get(account, {})

    def _covering(self, alert: Alert) -> list[Mute]:
        mutes = self._of(alert.account)
        scopes = {
            MuteScope(alert.account, device_id, kind): None
            for device_id in (None, alert.device_id)
            for kind in (None, alert.kind)
        }
        return [mutes[scope] for scope in scopes if scope in mutes]


def _end_of(mute: Mute) -> float:
    return NEVER if mute.until is None else mute.until.timestamp()
