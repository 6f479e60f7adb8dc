"""One listing per account and interval tells the state of all; ``/status`` only where needed."""

from collections import Counter
from itertools import pairwise

import pytest

from tests.core.wuts.supervisor.virtual import DAY, HOME, MINUTE, START, World
from tests.core.wuts.supervisor.virtual_gateway import Gateway
from wuts.errors import GatewayError, WutsTimeoutError
from wuts.supervisor import DeviceState, SupervisorSettings
from wuts.supervisor.account.work_queue import CallKind


def world_of(count: int, *accounts: str) -> World:
    world = World(accounts=accounts or (HOME,))
    for gateway in world.gateways.values():
        gateway.add(*(f"d{number}" for number in range(count)))
    return world.start()


def test_promise_1_a_day_costs_one_listing_per_interval_and_nothing_else() -> None:
    world = world_of(200)
    world.run(DAY)
    assert {call.kind for call in world.calls} == {CallKind.LIST}
    assert 0.95 * DAY / 30 <= len(world.calls) <= 1.05 * DAY / 30


def test_promise_1_listings_are_an_interval_apart_but_for_a_twentieth() -> None:
    world = world_of(1)
    world.run(DAY)
    times = world.calls_of(CallKind.LIST)
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert min(gaps) >= 30 * 0.95
    assert max(gaps) <= 30 * 1.05 + world.latency


def test_promise_1_accounts_do_not_poll_in_step_for_long() -> None:
    world = world_of(1, *(f"t{number}" for number in range(50)))
    world.run(DAY / 24)
    last = {call.account: call.made_at for call in world.calls}
    assert len(set(last.values())) > 25


def test_promise_1_each_account_is_listed_once_per_interval() -> None:
    world = world_of(3, "a", "b", "c")
    world.run(DAY / 24)
    for name in ("a", "b", "c"):
        assert sum(call.account == name for call in world.calls) in range(114, 127)


def test_promise_1_only_a_device_that_needs_a_check_is_asked_for_its_status() -> None:
    world = world_of(100)
    world.run(MINUTE)
    world.gateway.drop("d7")
    world.run(10 * MINUTE)
    assert len(world.calls_of(CallKind.STATUS)) == 1
    assert len(world.calls_of(CallKind.STATUS, "d7")) == 1
    assert world.state("d7") is DeviceState.CONNECTED


def test_promise_1_a_device_that_was_never_paired_is_not_asked_at_all() -> None:
    world = World()
    world.gateway.add("new", connected=False, linked=False)
    world.start().run(DAY)
    assert {call.kind for call in world.calls} == {CallKind.LIST}


def test_promise_1_a_status_that_always_fails_does_not_hide_a_drop() -> None:
    world = world_of(2)
    world.gateway.fault = lambda call: GatewayError() if call.kind is CallKind.STATUS else None
    world.run(MINUTE)
    world.gateway.drop("d0")
    world.run(2 * MINUTE)
    assert len(world.calls_of(CallKind.STATUS, "d0")) == 2
    assert world.path("d0") == [
        DeviceState.CONNECTED,
        DeviceState.RECONNECTING,
        DeviceState.CONNECTED,
    ]


def test_promise_1_a_listing_that_fails_is_not_asked_for_more_often_than_it_should() -> None:
    world = World(SupervisorSettings(interval=30, base=5, cap=300), seed=3)
    world.gateway.is_down = True
    world.start().run(DAY)
    assert len(world.calls) < 1.1 * DAY / 30


@pytest.mark.parametrize("latency", [0.05, 30.0])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("outage", [100.0, 185.0, 3 * 3_600.0])
def test_promise_1_the_next_listing_comes_within_two_intervals_of_the_gateway_s_return(
    outage: float, seed: int, latency: float
) -> None:
    world = World(seed=seed, latency=latency)
    world.gateway.add("d0")
    world.start().run(100)
    world.gateway.fault = lambda _call: WutsTimeoutError()
    world.run(outage)
    world.gateway.fault = lambda _call: None
    made = len(world.calls)
    took = world.run_until(lambda: len(world.calls) > made)
    assert took <= 2 * world.settings.interval


def test_promise_1_a_stale_listing_does_not_overrule_what_was_learnt_after_it_was_sent() -> None:
    world = World(latency=20)
    world.gateway.add("d0")
    world.start().run(MINUTE)
    world.run_until(lambda: world.controller.account(HOME).schedule.is_under_way)
    world.pause("d0")
    world.resume("d0")
    world.gateway.drop("d0")
    world.run(15)
    assert world.state("d0") is DeviceState.RECONNECTING
    world.run(10 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


def first_looks(world: World) -> dict[str, float]:
    """Return when each account was listed first, in seconds from the start."""
    first: dict[str, float] = {}
    for call in world.calls:
        if call.kind is CallKind.LIST:
            first.setdefault(call.account, call.made_at - START)
    return first


@pytest.mark.parametrize("count", [1, 5, 20])
def test_promise_1_a_few_accounts_are_looked_at_as_soon_as_they_are_added(count: int) -> None:
    world = world_of(1, *(f"t{number}" for number in range(count)))
    assert [*first_looks(world).values()] == [0.0] * count


@pytest.mark.parametrize("count", [100, 500, 3_000])
def test_promise_1_the_first_looks_at_many_accounts_are_spread_over_an_interval(
    count: int,
) -> None:
    world = world_of(1, *(f"t{number}" for number in range(count)))
    world.run(world.settings.interval)
    first = first_looks(world)
    assert len(first) == count
    assert [*first.values()].count(0.0) == 20
    by_second = Counter(int(when) for when in first.values() if when > 0.0)
    share = (count - 20) / world.settings.interval
    assert set(by_second) == set(range(30))
    assert max(by_second.values()) <= 1.5 * share + 3


def test_promise_1_an_account_whose_first_look_waits_is_looked_at_when_it_is_woken() -> None:
    world = world_of(1, *(f"t{number}" for number in range(100)))
    waiting = next(name for name in world.gateways if name not in first_looks(world))
    world.wake(account=waiting)
    assert first_looks(world)[waiting] == 0.0


def test_promise_1_accounts_that_are_added_one_by_one_are_looked_at_at_once() -> None:
    world = World(accounts=())
    for number in range(100):
        name = f"t{number}"
        world.gateways[name] = Gateway()
        added = world.now
        world.controller.add_account(name, world.now)
        world.run(1)
        assert first_looks(world)[name] == added - START


def test_promise_1_accounts_that_were_removed_do_not_delay_others() -> None:
    world = World(accounts=())
    for number in range(100):
        world.controller.add_account(f"t{number}", world.now)
    for number in range(100):
        world.controller.remove_account(f"t{number}", world.now)
    world.gateways["new"] = Gateway()
    world.start()
    assert first_looks(world) == {"new": 0.0}


def test_promise_1_no_two_processes_spread_their_first_looks_alike() -> None:
    names = tuple(f"t{number}" for number in range(100))
    looks = []
    for seed in (1, 2):
        world = World(seed=seed, accounts=names).start()
        world.run(world.settings.interval)
        looks.append(sorted(first_looks(world).values())[20:])
    assert looks[0] != looks[1]
