"""Which channels get what, and who is called there. And when a mute ends."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from slack_app.alerts.routing import RouteTimes, configured, mention, subscribed
from slack_app.alerts.subscriptions import Subscription
from slack_app.alerts.target import Target
from slack_app.blocks.alert_people import read_scope, scope_value
from slack_app.blocks.names import MuteUntil
from slack_app.listeners.alert_actions import end_of
from slack_app.settings import RouteSettings, Settings
from tests.slack_app.alerts.runs import NOON, OPEN, UNLINKED
from wuts.supervisor import AlertKind, MuteScope, Route

TIMES: RouteTimes = {"group_wait": 5.0, "group_interval": 300.0, "repeat_interval": 86_400.0}
ROUTES = (
    RouteSettings(
        channel="C1",
        mention="S1",
        kinds=frozenset({AlertKind.NEEDS_PAIRING}),
        escalate_after=60,
        escalate_mention="U1",
    ),
    RouteSettings(channel="C2", mention="channel", accounts=frozenset({"home"}), continues=True),
)


def with_routes(settings: Settings, channel: str = "C9") -> Settings:
    return settings.model_copy(update={"routes": ROUTES, "alert_channel": channel})


def test_the_alert_channel_gets_what_no_route_has(settings: Settings) -> None:
    routes = configured(with_routes(settings), TIMES)
    assert [one.route for one in routes] == [
        Route(
            receivers=("C1", "C1 next"),
            kinds=frozenset({AlertKind.NEEDS_PAIRING}),
            escalate_after=60.0,
        ),
        Route(receivers=("C2",), accounts=frozenset({"home"}), continues=True),
        Route(receivers=("C9",)),
    ]
    assert configured(with_routes(settings, ""), TIMES)[-1].route.receivers == ("C2",)


@pytest.mark.parametrize(
    ("target", "mentioned"),
    [
        (Target("C1"), "<!subteam^S1>"),
        (Target("C1", is_next=True), "<@U1>"),
        (Target("C2"), ""),
        (Target("C9"), ""),
    ],
)
def test_who_is_called_is_said_by_the_route_that_an_alert_takes(
    target: Target, mentioned: str, settings: Settings
) -> None:
    routes = configured(with_routes(settings), TIMES)
    assert mention(routes, target, UNLINKED[0]) == mentioned
    assert mention(routes, Target("C2"), OPEN) == "<!channel>"


def test_a_subscription_takes_nothing_from_the_routes() -> None:
    one = Subscription(
        channel="C4", account="home", device_id="d1", kind=AlertKind.OFFLINE, by="U1", at=NOON
    )
    assert subscribed([one, Subscription(channel="C5", at=NOON)], TIMES) == [
        Route(
            receivers=("C4",),
            accounts=frozenset({"home"}),
            devices=frozenset({"d1"}),
            kinds=frozenset({AlertKind.OFFLINE}),
            continues=True,
        ),
        Route(receivers=("C5",), continues=True),
    ]
    assert Subscription.read(one.record()) == one
    assert one.key == "C4 home offline d1"


@pytest.mark.parametrize("target", [Target("C1"), Target("C1", is_next=True)])
def test_a_receivers_name_says_where_it_is(target: Target) -> None:
    assert Target.parse(str(target)) == target


@pytest.mark.parametrize(
    "scope",
    [
        MuteScope("home"),
        MuteScope("home", "d 1"),
        MuteScope("home", None, AlertKind.OFFLINE),
        MuteScope("home", "d1", AlertKind.OFFLINE),
    ],
)
def test_a_button_keeps_what_is_muted(scope: MuteScope) -> None:
    assert read_scope(scope_value(scope)) == scope


@pytest.mark.parametrize(
    ("zone", "now", "end"),
    [
        ("America/Sao_Paulo", "2026-11-24T02:00Z", "2026-11-24T12:00Z"),
        ("America/Sao_Paulo", "2026-11-24T04:00Z", "2026-11-25T12:00Z"),
        ("Asia/Tokyo", "2026-11-24T04:00Z", "2026-11-25T00:00Z"),
        # The clocks go forward in the night between.
        ("Europe/Lisbon", "2026-03-28T12:00Z", "2026-03-29T08:00Z"),
        ("UTC", "2026-12-31T23:00Z", "2027-01-01T09:00Z"),
    ],
)
def test_tomorrow_at_nine_is_where_the_person_is(zone: str, now: str, end: str) -> None:
    there = datetime.fromisoformat(now).astimezone(ZoneInfo(zone))
    assert end_of(MuteUntil.MORNING, there) == datetime.fromisoformat(end)


def test_an_hour_is_an_hour_and_recovery_has_no_time() -> None:
    # The clocks go back within it.
    there = datetime(2026, 10, 25, 0, 30, tzinfo=UTC).astimezone(ZoneInfo("Europe/Lisbon"))
    assert end_of(MuteUntil.AN_HOUR, there) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    assert end_of(MuteUntil.RECOVERED, there) is None
