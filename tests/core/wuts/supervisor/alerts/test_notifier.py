"""What receivers get, and when: over a gateway and a clock in memory."""

from datetime import timedelta
from itertools import pairwise

import pytest

from tests.core.wuts.supervisor.alerts.notified import (
    ALL,
    SETTINGS,
    TWO,
    acknowledge,
    mute,
    open_alert,
    pair,
    told,
    unlink,
    world,
)
from tests.core.wuts.supervisor.virtual import DAY, HOME, HOUR, MINUTE, World
from wuts.errors import InvalidInputError
from wuts.supervisor import AlertKind
from wuts.supervisor.alerts.mutes import MuteScope
from wuts.supervisor.alerts.notifications import News
from wuts.supervisor.alerts.routes import Route


def test_an_alert_is_told_within_the_group_wait_and_its_end_too() -> None:
    found = world()
    unlink(found, "d0")
    raised = found.run_until(lambda: bool(found.alerts(AlertKind.NEEDS_PAIRING)))
    assert 0 <= found.run_until(lambda: bool(found.notified)) <= ALL.group_wait, raised
    [first] = found.notified
    assert (first.news, first.sequence, first.receiver) == (News.RAISED, 1, "ana")
    assert [one.device_id for one in first.alerts] == ["d0"]
    pair(found, "d0")
    found.run_until(lambda: not found.open_alerts())
    assert found.run_until(lambda: len(found.notified) > 1) <= ALL.group_wait
    last = found.notified[-1]
    assert (last.id, last.sequence, last.news) == (first.id, 2, News.RESOLVED)
    assert last.is_over


def test_without_routes_nobody_is_told_and_nothing_is_kept() -> None:
    found = World(SETTINGS)
    found.gateway.add("d0", "d1", "d2")
    found.start()
    found.run(HOUR)
    unlink(found, "d0")
    found.run(HOUR)
    assert found.open_alerts() == [AlertKind.NEEDS_PAIRING]
    assert found.notified == []
    assert found._sent == {}


def test_five_of_a_kind_are_told_one_by_one() -> None:
    found = world(devices=20)
    unlink(found, *(f"d{number}" for number in range(5)))
    found.run(5 * MINUTE)
    assert [len(one.alerts) for one in found.notified] == [1] * 5
    assert len({one.id for one in found.notified}) == 5


def test_more_than_five_of_a_kind_are_one_notification_that_lists_them() -> None:
    found = world(devices=100)
    unlink(found, *(f"d{number}" for number in range(40)))
    found.run(5 * MINUTE)
    [one] = found.notified
    assert len(one.alerts) == len({alert.device_id for alert in one.alerts}) == 40


@pytest.mark.slow
def test_a_thousand_devices_lost_at_once_are_one_notification_a_receiver_then_updates() -> None:
    routes = (Route(receivers=("ana",), continues=True), Route(receivers=("rui",)))
    found = world(*routes, devices=2_100)
    lost = [f"d{number}" for number in range(1_000)]
    unlink(found, *lost)
    found.run_until(lambda: len(found.open_alerts()) == 1_000, within=HOUR)
    found.run(30.0)
    for receiver in ("ana", "rui"):
        theirs = [one for one in found.notified if one.receiver == receiver]
        assert len({one.id for one in theirs}) == 1
    found.run(HOUR)
    for receiver in ("ana", "rui"):
        theirs = [one for one in found.notified if one.receiver == receiver]
        assert len({one.id for one in theirs}) == 1
        assert len(theirs[-1].open_alerts) == 1_000
        gaps = [(after.at - before.at).total_seconds() for before, after in pairwise(theirs)]
        assert all(gap >= ALL.group_interval for gap in gaps)
    before = len(found.notified)
    pair(found, *lost)
    found.run_until(lambda: not found.open_alerts(), within=HOUR)
    found.run(2 * ALL.group_wait)
    assert found.notified[-1].news is found.notified[-2].news is News.RESOLVED
    assert len(found.notified) - before <= 2 * 30, "many ends are told together"


def test_a_slow_storm_is_grouped_as_well() -> None:
    """One device every ten seconds is no reason for forty messages."""
    found = world(devices=100)
    for number in range(40):
        found.at(10.0 * number, lambda number=number: unlink(found, f"d{number}"))  # type: ignore[misc]
    found.run(HOUR)
    alone = [one for one in found.notified if not one.is_group]
    assert len(alone) <= 5
    assert len({one.id for one in found.notified}) <= 7
    listed = {alert.device_id for one in found.notified for alert in one.alerts}
    assert len(listed) == 40


def test_what_is_still_so_is_told_again_after_the_repeat_interval() -> None:
    found = world()
    unlink(found, "d0")
    found.run(2.5 * DAY)
    assert told(found) == [News.RAISED, News.REMINDED, News.REMINDED]
    first, second, third = (one.at for one in found.notified)
    assert second - first == third - second == timedelta(days=1)


def test_who_takes_an_alert_is_told_to_all_and_ends_reminders() -> None:
    found = world()
    unlink(found, "d0")
    found.run(HOUR)
    acknowledge(found, note="on my way")
    found.run(3 * DAY)
    assert told(found) == [News.RAISED, News.ACKNOWLEDGED]
    [alert] = found.notified[-1].alerts
    assert (alert.acknowledged_by, alert.note) == ("Ana", "on my way")
    assert [one.status for one in found.alerts()] == ["raised"]
    pair(found, "d0")
    found.run(MINUTE)
    assert told(found)[-1] is News.RESOLVED


def test_an_acknowledgement_ends_with_the_alert() -> None:
    found = world()
    unlink(found, "d0")
    found.run(HOUR)
    acknowledge(found)
    pair(found, "d0")
    found.run(MINUTE)
    unlink(found, "d0")
    found.run(HOUR)
    assert told(found)[-1] is News.RAISED
    assert open_alert(found).acknowledged_by is None
    found.run(2 * DAY)
    assert told(found)[-1] is News.REMINDED


def test_what_begins_again_soon_is_told_in_the_same_notification_and_not_too_often() -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    pair(found, "d0")
    found.run(MINUTE)
    unlink(found, "d0")
    found.run(HOUR)
    assert told(found) == [News.RAISED, News.RESOLVED, News.RAISED]
    assert len({one.id for one in found.notified}) == 1
    again, over = found.notified[2].at, found.notified[1].at
    assert (again - over).total_seconds() >= ALL.group_interval


def test_nobody_who_acts_means_the_next_receiver() -> None:
    found = world(TWO)
    unlink(found, "d0")
    found.run(HOUR)
    assert told(found, "ana") == [News.RAISED]
    assert told(found, "rui") == [News.ESCALATED]
    first, second = (one.at for one in found.notified)
    wait = (second - first).total_seconds()
    assert TWO.escalate_after is not None
    assert TWO.escalate_after <= wait <= TWO.escalate_after + TWO.group_wait + 1
    pair(found, "d0")
    found.run(MINUTE)
    assert told(found, "ana")[-1] is told(found, "rui")[-1] is News.RESOLVED


@pytest.mark.parametrize("how", ["acknowledged", "paired", "muted"])
def test_who_acts_in_time_spares_the_next_receiver(how: str) -> None:
    found = world(TWO)
    unlink(found, "d0")
    found.run(5 * MINUTE)
    if how == "acknowledged":
        acknowledge(found)
    elif how == "paired":
        pair(found, "d0")
    else:
        mute(found, MuteScope(HOME, "d0"), 12 * HOUR)
    found.run(6 * HOUR)
    assert told(found, "rui") == []


def test_a_receiver_that_cannot_be_told_means_the_next_one() -> None:
    found = world(TWO)
    found.deaf.add("ana")
    unlink(found, "d0")
    found.run(MINUTE)
    assert found.notified == []
    found.controller.desk.failing("ana", found.now, is_failing=True)
    found.run(MINUTE)
    assert told(found, "rui") == [News.ESCALATED]


def test_a_gateway_that_is_down_hides_its_devices() -> None:
    found = world(devices=4)
    found.gateway.phones["d0"].connected = False
    found.gateway.credentials_lost.clear()
    found.gateway.is_down = True
    found.run(HOUR)
    kinds = {one.kind for one in found.notified}
    assert kinds == {AlertKind.GATEWAY_DOWN}
    found.gateway.is_down = False
    found.run(HOUR)
    assert {one.kind for one in found.notified} == {AlertKind.GATEWAY_DOWN}


def test_a_route_is_for_its_accounts_devices_and_kinds() -> None:
    routes = (
        Route(receivers=("nobody",), accounts=frozenset({"office"})),
        Route(receivers=("gateway",), kinds=frozenset({AlertKind.GATEWAY_DOWN})),
        Route(receivers=("desk",), devices=frozenset({"d0"})),
        Route(receivers=("rest",)),
    )
    found = world(*routes)
    unlink(found, "d0", "d1")
    found.run(HOUR)
    found.gateway.is_down = True
    found.run(HOUR)
    about = [(one.receiver, one.alerts[0].device_id) for one in found.notified]
    assert about == [("desk", "d0"), ("rest", "d1"), ("gateway", None)]


@pytest.mark.parametrize(
    "wrong",
    [
        {"receivers": ()},
        {"receivers": ("a", "a")},
        {"receivers": ("a",), "group_wait": -1.0},
        {"receivers": ("a",), "group_interval": -1.0},
        {"receivers": ("a",), "repeat_interval": 0.0},
        {"receivers": ("a",), "escalate_after": 0.0},
    ],
)
def test_a_route_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        Route(**wrong)  # type: ignore[arg-type]
