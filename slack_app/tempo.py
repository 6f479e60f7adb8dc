"""How fast everything goes: tests are in a hurry."""

from dataclasses import dataclass, field

from wuts.clock import Clock, steady_time
from wuts.operations.background import FIRST_PAUSE
from wuts.pairing import PairingSettings
from wuts.supervisor import SupervisorSettings

from .alerts.routing import RouteTimes
from .pairing.left import FIRST_RETRY
from .slack.access import EVERY as LOOK_EVERY
from .slack.connection import PING_INTERVAL
from .slack.limits import MINUTE, POSTS_EACH
from .slack.retries import LONGEST_WAIT


@dataclass(frozen=True, slots=True, kw_only=True)
class Tempo:
    """How fast everything goes; times are in seconds.

    Attributes:
        supervision: How often and how patiently the supervisor looks at devices.
        pairing: The times of a pairing.
        interval: Between two messages to a channel.
        minute: For which Slack's limits count.
        first_retry: Until what Slack did not take of a pairing is shown again, at first.
        clock: What pairings know the time by.
        ping: Between two looks at Socket Mode's connection.
        first_pause: Until a background task that failed runs again, at first.
        longest_wait: Of a ``Retry-After`` of Slack's.
        look_every: Between two looks at what the app may do in Slack.
        group_wait: For which alerts of a kind are collected.
        group_interval: For which news of what was told wait.
    """

    supervision: SupervisorSettings = field(default_factory=SupervisorSettings)
    pairing: PairingSettings = field(default_factory=PairingSettings)
    interval: float = POSTS_EACH
    minute: float = MINUTE
    first_retry: float = FIRST_RETRY
    clock: Clock = steady_time
    ping: float = PING_INTERVAL
    first_pause: float = FIRST_PAUSE
    longest_wait: float = LONGEST_WAIT
    look_every: float = LOOK_EVERY
    group_wait: float = 5.0
    group_interval: float = 300.0

    @property
    def routes(self) -> RouteTimes:
        """The times of all routes of alerts."""
        return {
            "group_wait": self.group_wait,
            "group_interval": self.group_interval,
            "repeat_interval": self.supervision.remind_after,
        }
