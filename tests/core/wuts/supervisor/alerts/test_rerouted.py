"""Routes that change while alerts are open, and receivers that are new to them."""

from dataclasses import replace

import pytest

from tests.core.wuts.supervisor.alerts.notified import (
    ALL,
    SETTINGS,
    acknowledge,
    pair,
    told,
    unlink,
    world,
)
from tests.core.wuts.supervisor.home import ACCOUNT, Home, until
from tests.core.wuts.supervisor.store.test_alert_actions import (
    ROUTES,
    Somebody,
    pair_again,
    until_open,
)
from tests.core.wuts.supervisor.store.test_alert_actions import (
    unlink as unlink_at_home,
)
from tests.core.wuts.supervisor.virtual import HOUR, MINUTE, World
from wuts.errors import InvalidInputError
from wuts.supervisor import AlertKind, News, Route

ANA_AND_RUI = (replace(ALL, continues=True), Route(receivers=("rui",)))


def reroute(found: World, *routes: Route, names: tuple[str, ...] = ("ana", "rui")) -> None:
    found.controller.desk.reroute(routes, names, found.now)
    found.dispatch()


def test_a_receiver_that_is_new_is_told_of_what_is_open() -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    reroute(found, *ANA_AND_RUI)
    assert found.run_until(lambda: bool(told(found, "rui"))) <= ALL.group_wait
    found.run(MINUTE)
    assert told(found, "rui") == [News.RAISED]
    assert told(found, "ana") == [News.RAISED]


def test_a_receiver_that_is_new_is_not_told_of_what_somebody_has_taken() -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    acknowledge(found)
    reroute(found, *ANA_AND_RUI)
    found.run(HOUR)
    assert told(found, "rui") == []


def test_a_receiver_without_a_route_is_told_to_the_end_of_what_it_knows_and_nothing_else() -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    reroute(found, Route(receivers=("rui",)))
    unlink(found, "d1")
    found.run(MINUTE)
    pair(found, "d0", "d1")
    found.run(HOUR)
    assert told(found, "ana") == [News.RAISED, News.RESOLVED]
    assert [one.device_id for one in found.notified[0].alerts] == ["d0"]
    assert told(found, "rui") == [News.RAISED, News.RAISED, News.RESOLVED, News.RESOLVED]
    assert found._sent == {}, "and nothing is kept"


def test_a_receiver_that_is_gone_is_told_nothing_more() -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    reroute(found, names=())
    pair(found, "d0")
    found.run(HOUR)
    assert told(found) == [News.RAISED]


def test_routes_may_come_after_the_first_alert() -> None:
    found = World(SETTINGS)
    found.gateway.add("d0", "d1")
    found.start()
    found.run(HOUR)
    unlink(found, "d0")
    found.run(HOUR)
    reroute(found, ALL)
    found.run(MINUTE)
    assert told(found) == [News.RAISED]


def test_what_a_process_without_routes_left_open_is_told_by_the_next_one() -> None:
    found = World(SETTINGS)
    found.gateway.add("d0", "d1")
    found.start()
    found.run(HOUR)
    unlink(found, "d0")
    found.run(HOUR)
    found.routes = (ALL,)
    found.restart()
    found.run(HOUR)
    assert told(found) == [News.RAISED]
    assert found.open_alerts() == [AlertKind.NEEDS_PAIRING]


async def test_receivers_come_and_go_while_a_supervisor_runs(home: Home) -> None:
    ana, rui, [device_id] = Somebody(), Somebody(), home.add_devices(1)
    async with home.supervised(sees=1, routes=ROUTES, receivers={"ana": ana}) as found:
        phone = unlink_at_home(home, device_id)
        await until_open(home)
        await until(lambda: ana.news == [News.RAISED])
        routes = (replace(ROUTES[0], receivers=("rui",)),)
        with pytest.raises(InvalidInputError):
            found.alerts.reroute(routes, {"ana": ana})
        found.alerts.reroute(routes, {"ana": ana, "rui": rui})
        await until(lambda: rui.news == [News.RAISED])
        latest = {one.receiver: one.id for one in found.alerts.notifications(ACCOUNT)}
        assert latest == {"ana": ana.told[0].id, "rui": rui.told[0].id}
        found.alerts.reroute(routes, {"rui": rui})
        pair_again(home, device_id, phone)
        await until(lambda: rui.news == [News.RAISED, News.RESOLVED])
        assert set(found.alerts.receivers()) == {"rui"}
    assert ana.news == [News.RAISED]
