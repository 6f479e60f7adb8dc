"""Alerts in Slack as a whole: channels as the supervisor's receivers, as people want them now."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Self

from slack_sdk.web.async_client import AsyncWebClient

from wuts.operations.background import Background
from wuts.supervisor import Alert, Supervisor
from wuts.supervisor.store import KeyValueStore

from ..devices.device import DeviceRef
from ..messages import Strings, strings_for
from ..operations.records import Records
from ..people.direct_messages import DirectMessages
from ..people.permissions import Permissions
from ..people.users import Users
from ..settings import Settings
from ..slack.live_message import LiveMessage
from ..slack.rate_limiter import Priority, RateLimiter
from .alert_messages import AlertMessages
from .channel_health import ChannelHealth, Menders
from .left_messages import LeftMessages
from .rendering import Rendering
from .routing import Configured, RouteTimes, mention, subscribed
from .subscriptions import Subscriptions
from .target import Target


@dataclass(slots=True, kw_only=True, eq=False)
class Alerting:
    """Who gets alerts, and what they see.

    Attributes:
        messages: What they are shown.
        health: Which channels take no alerts.
        menders: Tell those who can fix what keeps alerts from channels.
        strings: The channels' language.
        subscriptions: What people subscribed to.
        configured: The routes of the settings.
        times: Of all routes.
    """

    supervisor: Supervisor
    messages: AlertMessages
    health: ChannelHealth
    menders: Menders
    strings: Strings
    subscriptions: Subscriptions
    configured: list[Configured]
    times: RouteTimes
    _routed: frozenset[str] = field(default=frozenset(), init=False)

    @classmethod
    def of(  # noqa: PLR0913 - all that it stands between
        cls,
        settings: Settings,
        times: RouteTimes,
        store: KeyValueStore,
        *,
        slack: AsyncWebClient,
        direct: DirectMessages,
        supervisor: Supervisor,
        users: Users,
        permissions: Permissions,
        pairing_by: Callable[[DeviceRef], str | None],
        limiter: RateLimiter,
        subscriptions: Subscriptions,
        configured: list[Configured],
        background: Background,
    ) -> Self:
        """Return it, not begun."""
        accounts = list(settings.accounts)
        strings = strings_for(settings.alert_language)
        menders = Menders(direct, users, permissions, subscriptions, settings.alert_channels)
        health = ChannelHealth(menders.tell, background)

        def left_message(channel: str, ts: str) -> LiveMessage:
            return LiveMessage(slack, channel, limiter, ts=ts, priority=Priority.ALERT)

        def whom(target: Target, alert: Alert) -> str:
            return mention(configured, target, alert)

        messages = AlertMessages(
            slack=slack,
            supervisor=supervisor,
            rendering=Rendering(
                supervisor=supervisor, strings=strings, pairing_by=pairing_by, mention=whom
            ),
            rate_limiter=limiter,
            records=Records(store, "notification", accounts),
            left=LeftMessages(Records(store, "alert", accounts), left_message, strings, background),
            health=health,
            background=background,
        )
        alerting = cls(
            supervisor=supervisor,
            messages=messages,
            health=health,
            menders=menders,
            strings=strings,
            subscriptions=subscriptions,
            configured=configured,
            times=times,
        )
        messages.is_routed = alerting.is_routed
        health.is_wanted, health.on_unwanted = alerting.is_wanted, alerting.apply
        subscriptions.on_change = alerting.apply
        return alerting

    async def restore(self) -> None:
        """Take in what an earlier run left. Call it before the supervisor starts."""
        await self.messages.restore()
        await self.subscriptions.restore()
        self.apply()
        self.supervisor.subscribe(self.messages.on_event)

    def apply(self) -> None:
        """Use the routes that are wanted now.

        What a channel was shown is shown to its end, unless the channel takes nothing.
        """
        wanted = subscribed(self.subscriptions.all(), self.times)
        routes = [*wanted, *(one.route for one in self.configured)]
        self._routed = frozenset(name for route in routes for name in route.receivers)
        targets = {one for one in self.messages.targets() if self.health.is_writable(one.channel)}
        targets |= {Target.parse(name) for name in self._routed}
        receivers = {str(one): self.messages.receiver(one) for one in targets}
        self.supervisor.alerts.reroute(routes, receivers)

    def is_routed(self, target: Target) -> bool:
        """Return whether anybody still wants to hear of alerts in a channel."""
        return str(target) in self._routed

    def is_wanted(self, channel: str) -> bool:
        """Return whether anybody wants to hear of alerts in a channel, in whatever case."""
        return any(Target.parse(name).channel == channel for name in self._routed)
