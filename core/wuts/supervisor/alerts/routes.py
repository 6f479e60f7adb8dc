"""Routes: which receiver gets which alert, how many at once, and who is next. Pure.

The words and the defaults are Alertmanager's.
"""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass

from ...errors import InvalidInputError
from ..events import Alert, AlertKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Who gets an account's alerts. Times are in seconds.

    Attributes:
        receivers: Their names; the first gets the alert, each further one when `escalate_after` has
            passed since the one before got it, or when that one can't be reached.
        accounts: The accounts that it is for; all if empty.
        devices: The ids of the devices that it is for; all, and the accounts themselves, if empty.
        kinds: The kinds of alerts that it is for; all if empty.
        continues: Whether the routes after it are looked at as well.
        group_wait: How long alerts of a kind are collected before they are sent.
        group_interval: How long news about sent alerts waits at least; an end never waits.
        repeat_interval: From a notification to its reminder.
        escalate_after: How long an alert may stay open and not acknowledged until the next receiver
            gets it; None means never.

    Raises:
        InvalidInputError: It names no receiver or one twice, or a time makes no sense.
    """

    receivers: tuple[str, ...]
    accounts: frozenset[str] = frozenset()
    devices: frozenset[str] = frozenset()
    kinds: frozenset[AlertKind] = frozenset()
    continues: bool = False
    group_wait: float = 5.0
    group_interval: float = 300.0
    repeat_interval: float = 86_400.0
    escalate_after: float | None = None

    def __post_init__(self) -> None:
        """Refuse what tells nobody, or the same one again and again."""
        if not self.receivers or len(set(self.receivers)) < len(self.receivers):
            raise InvalidInputError("A route must name at least one receiver, and none twice.")
        if self.group_wait < 0 or self.group_interval < 0 or not self.repeat_interval > 0:
            raise InvalidInputError("A route's times must not be negative.")
        if self.escalate_after is not None and not self.escalate_after > 0:
            raise InvalidInputError("A route's time until it escalates must be above zero.")

    def matches(self, alert: Alert) -> bool:
        """Return whether it is for an alert."""
        return (
            (not self.accounts or alert.account in self.accounts)
            and (not self.devices or alert.device_id in self.devices)
            and (not self.kinds or alert.kind in self.kinds)
        )


def routes_of(routes: Sequence[Route], alert: Alert) -> Iterator[Route]:
    """Return the routes that an alert takes: the first that matches, and more if it continues."""
    for route in routes:
        if route.matches(alert):
            yield route
            if not route.continues:
                return


def check_receivers(routes: Sequence[Route], receivers: Container[str]) -> None:
    """Refuse routes to receivers that there are not.

    Raises:
        InvalidInputError: A route names one.
    """
    for route in routes:
        for name in route.receivers:
            if name not in receivers:
                raise InvalidInputError(f"A route names the receiver {name}, which does not exist.")
