"""The supervisor's intervals, limits and waits; every time is in seconds."""

from dataclasses import dataclass
from random import Random

from ..errors import InvalidInputError

LONGEST_RETRY_AFTER = 3_600.0
"""Seconds of a gateway's ``Retry-After`` that are honoured at most."""

HURRY = 6
"""Listings of an account, and checks of a device, that wakes may ask for within an interval."""

_MOST_DOUBLINGS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorSettings:
    """How often to look, how patiently to reconnect, how much at once, when to alert.

    Attributes:
        interval: From one ``GET /devices`` of an account to its next.
        base: The longest wait before the first reconnect; doubled for each further one.
        cap: The longest wait between two reconnects, unless the gateway asks for more.
        stable_after: How long a device must stay connected until its attempts count from 1 again.
        concurrency: Calls about devices in flight at once, in all.
        account_concurrency: The same for one account.
        debounce: How long an outage must last until it is an alert.
        remind_after: From an alert to its reminder, and from reminder to reminder.
        flapping_drops: Drops within ``flapping_window`` that make a device a flapping one.
        flapping_window: See ``flapping_drops``.
        gone_after: How long listings must lack a device until it counts as gone.
        refused_cap: The longest wait until a refused token or device is looked at again.
        history_for: How long the history is kept, in stores that keep one; 0 for none.
        stop_timeout: How long `Supervisor.stop` waits for calls in flight and the last save.

    Raises:
        InvalidInputError: A value makes no sense, or ``base`` is above ``cap``.
    """

    interval: float = 30.0
    base: float = 5.0
    cap: float = 300.0
    stable_after: float = 600.0
    concurrency: int = 100
    account_concurrency: int = 20
    debounce: float = 60.0
    remind_after: float = 86_400.0
    flapping_drops: int = 4
    flapping_window: float = 3_600.0
    gone_after: float = 120.0
    refused_cap: float = 900.0
    history_for: float = 90 * 86_400.0
    stop_timeout: float = 2.0

    def __post_init__(self) -> None:
        """Refuse what would never supervise anything."""
        positive = {
            "interval": self.interval,
            "base": self.base,
            "cap": self.cap,
            "concurrency": self.concurrency,
            "account concurrency": self.account_concurrency,
            "reminder": self.remind_after,
            "flapping drops": self.flapping_drops,
            "flapping window": self.flapping_window,
            "cap of refusals": self.refused_cap,
        }
        for name, value in positive.items():
            if not value > 0:
                raise InvalidInputError(f"The supervisor's {name} must be above zero.")
        if self.base > self.cap:
            raise InvalidInputError("The supervisor's base must not be above its cap.")
        not_negative = {
            "stable time": self.stable_after,
            "debounce": self.debounce,
            "time until a device is gone": self.gone_after,
            "time that history is kept": self.history_for,
            "stop timeout": self.stop_timeout,
        }
        for name, value in not_negative.items():
            if not value >= 0:
                raise InvalidInputError(f"The supervisor's {name} must not be negative.")

    def backoff(self, attempt: int, rng: Random) -> float:
        """Return the seconds before the ``attempt``-th try: up to ``base * 2^(attempt-1)``.

        Full jitter: the whole wait is random, so that devices that dropped together do not come
        back together. Never more than ``cap``.
        """
        ceiling = min(self.cap, self.base * 2.0 ** min(attempt - 1, _MOST_DOUBLINGS))
        return rng.uniform(0.0, ceiling)


def honoured(retry_after: float | None) -> float:
    """Return the seconds that a gateway's ``Retry-After`` makes us wait at least."""
    return min(retry_after or 0.0, LONGEST_RETRY_AFTER)
