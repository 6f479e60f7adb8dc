"""Which channel gets which alert: the settings' routes, then what people subscribed to."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypedDict

from wuts.supervisor import Alert, AlertKind, Route

from ..settings import RouteSettings, Settings
from .subscriptions import Subscription
from .target import Target, mention_of

STOPS_ALL = frozenset({AlertKind.GATEWAY_DOWN, AlertKind.TOKEN_REFUSED})
"""Alerts of an account that say why none of its devices works."""


class RouteTimes(TypedDict):
    """The times of every route, in seconds; see `Route`."""

    group_wait: float
    group_interval: float
    repeat_interval: float


@dataclass(frozen=True, slots=True)
class Configured:
    """A route of the settings.

    Attributes:
        settings: As they say.
        route: As the supervisor knows it.
    """

    settings: RouteSettings
    route: Route

    def mention(self, target: Target) -> str | None:
        """Return whom to call in a channel, as mark-up; None if the route does not lead there."""
        settings = self.settings
        if target.is_next and target.channel == (settings.escalate_channel or settings.channel):
            return mention_of(settings.escalate_mention)
        if not target.is_next and target.channel == settings.channel:
            return mention_of(settings.mention)
        return None


def configured(settings: Settings, times: RouteTimes) -> list[Configured]:
    """Return the routes of the settings, in their order; `alert_channel` gets the rest."""
    wanted = list(settings.routes)
    if settings.alert_channel:
        wanted.append(RouteSettings(channel=settings.alert_channel))
    return [Configured(one, _route(one, times)) for one in wanted]


def subscribed(subscriptions: Iterable[Subscription], times: RouteTimes) -> list[Route]:
    """Return routes for what people subscribed to; they keep nothing from the others.

    Whoever wants a device's alerts also hears what stops all devices of its account.
    """
    return [
        Route(
            receivers=(str(Target(one.channel)),),
            accounts=frozenset({one.account} if one.account else ()),
            devices=devices,
            kinds=kinds,
            continues=True,
            **times,
        )
        for one in subscriptions
        for devices, kinds in _parts(one)
    ]


def _parts(one: Subscription) -> Iterator[tuple[frozenset[str], frozenset[AlertKind]]]:
    """Return which devices and kinds a subscription is about; empty for all."""
    kinds = frozenset({one.kind} if one.kind is not None else ())
    yield frozenset({one.device_id} if one.device_id else ()), kinds
    of_account = STOPS_ALL & kinds if kinds else STOPS_ALL
    if one.device_id and of_account:
        yield frozenset(), of_account


def mention(routes: Sequence[Configured], target: Target, alert: Alert) -> str:
    """Return whom to call about an alert in a channel, as mark-up, or nothing."""
    found = (one.mention(target) for one in _taken(routes, alert))
    return next((one for one in found if one is not None), "")


def _taken(routes: Sequence[Configured], alert: Alert) -> Iterator[Configured]:
    """Return the routes that an alert takes."""
    for one in routes:
        if one.route.matches(alert):
            yield one
            if not one.route.continues:
                return


def _route(one: RouteSettings, times: RouteTimes) -> Route:
    receivers = [str(Target(one.channel))]
    if one.escalate_after is not None:
        receivers.append(str(Target(one.escalate_channel or one.channel, is_next=True)))
    return Route(
        receivers=tuple(receivers),
        accounts=one.accounts,
        kinds=one.kinds,
        continues=one.continues,
        escalate_after=one.escalate_after,
        **times,
    )
