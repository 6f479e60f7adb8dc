"""A wake from outside takes effect at once."""

import pytest

from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, World
from wuts.errors import ForbiddenError, GatewayBusyError, WutsConnectionError
from wuts.supervisor import DeviceState
from wuts.supervisor.account.work_queue import Call, CallKind


def world_of(count: int, latency: float = 0.05) -> World:
    world = World(latency=latency)
    world.gateway.add(*(f"d{number}" for number in range(count)))
    world.start().run(MINUTE)
    return world


def test_promise_8_a_woken_device_is_checked_at_once() -> None:
    world = world_of(10)
    made = len(world.calls)
    world.wake("d0")
    assert [(call.kind, call.device_id) for call in world.calls[made:]] == [(CallKind.STATUS, "d0")]


def test_promise_8_a_woken_device_that_dropped_is_back_within_its_first_wait() -> None:
    world = world_of(10)
    world.gateway.drop("d0")
    world.wake("d0")
    took = world.run_until(lambda: world.gateway.phones["d0"].connected)
    assert took <= world.settings.base + 1


def test_promise_8_a_woken_device_does_not_wait_for_its_next_try() -> None:
    world = world_of(1)
    world.gateway.fault = lambda call: GatewayBusyError() if call.kind is CallKind.CONNECT else None
    world.gateway.drop()
    world.run_until(lambda: world.device("d0").attempt > 8)
    world.gateway.fault = lambda _call: None
    made = len(world.connects())
    world.wake("d0")
    assert len(world.connects()) == made + 1
    world.run(1)
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_8_a_woken_account_is_listed_at_once() -> None:
    world = world_of(10)
    made = len(world.calls)
    world.wake()
    assert [call.kind for call in world.calls[made:]] == [CallKind.LIST]


def test_promise_8_an_unknown_device_is_looked_for_at_once() -> None:
    world = world_of(1)
    world.gateway.add("new")
    world.wake("new")
    world.run(1)
    assert world.state("new") is DeviceState.CONNECTED


def test_promise_8_a_pairing_that_just_ended_closes_its_alert_at_once() -> None:
    world = world_of(1)
    world.gateway.unlink("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.NEEDS_PAIRING)
    world.gateway.phones["d0"].linked = world.gateway.phones["d0"].connected = True
    world.wake("d0")
    world.run(1)
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.open_alerts() == []


def test_promise_8_a_wake_during_a_listing_is_not_lost() -> None:
    world = world_of(1, latency=10)
    world.run_until(lambda: world.controller.account(HOME).schedule.is_under_way)
    world.run(9)
    made = len(world.calls)
    world.wake()
    world.run(2)
    assert [call.kind for call in world.calls[made:]] == [CallKind.LIST]


def test_promise_8_a_wake_during_a_check_is_not_lost() -> None:
    world = world_of(1, latency=10)
    world.wake("d0")
    world.run(8)
    world.gateway.drop()
    world.wake("d0")
    world.run(15)
    assert world.state("d0") is DeviceState.RECONNECTING


def test_promise_8_a_wake_during_a_connect_that_succeeds_is_not_lost() -> None:
    world = world_of(1, latency=10)
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    world.run(8)
    world.gateway.drop()
    world.wake("d0")
    world.run(3)
    assert world.calls[-1].kind is CallKind.STATUS


def test_promise_8_a_wake_is_not_undone_by_a_listing_that_is_older() -> None:
    world = world_of(1, latency=10)
    world.run_until(lambda: world.controller.account(HOME).schedule.is_under_way)
    world.run(8)
    world.gateway.drop()
    queue = world.controller.account(HOME).queue
    queue.limiter = queue.limiter.probing()
    world.wake("d0")
    world.run(15)
    assert world.state("d0") is DeviceState.RECONNECTING


def test_promise_8_a_failed_connect_that_wakes_us_keeps_its_backoff() -> None:
    """A gateway may deliver a webhook for each connect that failed."""
    world = world_of(1, latency=1)

    def fails_and_tells(_call: object) -> GatewayBusyError:
        world.at(0.1, lambda: world.wake("d0"))
        return GatewayBusyError()

    world.gateway.fault = lambda call: (
        fails_and_tells(call) if call.kind is CallKind.CONNECT else None
    )
    world.gateway.drop()
    world.run(HOUR)
    assert len(world.connects()) < 40


def test_promise_8_a_woken_device_goes_before_those_that_nobody_asked_for() -> None:
    world = world_of(5_000, latency=2)
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    last = "d4999"
    world.wake(last)
    assert world.run_until(lambda: world.state(last) is DeviceState.CONNECTED) <= 10


def test_promise_8_a_wake_ends_the_wait_of_a_account_that_is_throttled() -> None:
    world = world_of(100)
    world.gateway.fault = lambda call: GatewayBusyError() if call.kind is CallKind.CONNECT else None
    world.gateway.drop()
    breaker = world.controller.account(HOME).breaker
    world.run_until(lambda: breaker.open_until > world.now + MINUTE)
    world.run(2 * world.latency)
    world.gateway.fault = lambda _call: None
    made = len(world.connects())
    world.wake("d0")
    assert made < len(world.connects()) <= made + 2
    assert world.run_until(lambda: world.state("d0") is DeviceState.CONNECTED) < 1


@pytest.mark.parametrize("device_id", [None, "d0"])
def test_promise_8_a_wake_looks_whether_an_unreachable_gateway_is_back(
    device_id: str | None,
) -> None:
    world = world_of(1)
    world.gateway.fault = lambda _call: WutsConnectionError()
    world.run(HOUR)
    world.gateway.fault = lambda _call: None
    made = len(world.calls)
    world.wake(device_id)
    assert [call.kind for call in world.calls[made:]] == [CallKind.LIST]


@pytest.mark.slow
def test_promise_8_ten_thousand_wakes_at_once_are_answered_by_a_listing() -> None:
    """A gateway that shuts down may deliver a webhook for each of its devices."""
    world = world_of(10_000)
    world.gateway.drop()
    for number in range(10_000):
        world.at(number / 1_000, lambda number=number: world.wake(f"d{number}"))  # type: ignore[misc]
    world.run(10 * MINUTE)
    assert all(phone.connected for phone in world.gateway.phones.values())
    assert len(world.calls_of(CallKind.STATUS)) < 12_000
    assert len(world.calls_of(CallKind.LIST)) < 30


def test_promise_8_a_wake_of_one_device_costs_no_listing() -> None:
    world = world_of(10)
    world.run_until(lambda: world.controller.account(HOME).schedule.is_under_way)
    listings = len(world.calls_of(CallKind.LIST))
    for _ in range(50):
        world.wake("d0")
        world.run(0.2)
    assert len(world.calls_of(CallKind.LIST)) == listings


def test_promise_8_wakes_after_each_failure_cancel_no_backoff() -> None:
    world = world_of(1)

    def fails_and_tells(_call: object) -> GatewayBusyError:
        world.at(0.05, lambda: world.wake("d0"))
        return GatewayBusyError()

    world.gateway.fault = lambda call: (
        fails_and_tells(call) if call.kind is CallKind.CONNECT else None
    )
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    world.run(10)
    assert len(world.connects()) <= 8
    world.run(HOUR)
    assert len(world.connects()) <= 45


def test_promise_8_many_wakes_bring_one_try_forward() -> None:
    world = world_of(1)
    world.gateway.fault = lambda call: GatewayBusyError() if call.kind is CallKind.CONNECT else None
    world.gateway.drop()
    world.run_until(lambda: world.device("d0").attempt > 8)
    made, planned = len(world.connects()), world.device("d0").next_try
    assert planned is not None
    while world.now < planned - 1:
        world.wake("d0")
        world.run(1)
    assert len(world.connects()) == made + 1


@pytest.mark.parametrize("device_id", [None, "unknown"])
def test_promise_8_wakes_that_ask_for_a_listing_are_spaced(device_id: str | None) -> None:
    world = world_of(10)
    world.run_until(lambda: world.controller.account(HOME).schedule.is_under_way)
    listed = len(world.calls_of(CallKind.LIST))
    for _ in range(480):
        world.wake(device_id)
        world.run(8 / 480)
    assert 1 <= len(world.calls_of(CallKind.LIST)) - listed <= 2


def test_promise_8_wakes_of_many_devices_are_answered_by_few_listings() -> None:
    world = world_of(5_000)
    listed = len(world.calls_of(CallKind.LIST))
    for number in range(480):
        world.wake(f"d{number * 10}")
        world.run(8 / 480)
    assert len(world.calls_of(CallKind.LIST)) - listed <= 3
    assert len(world.calls_of(CallKind.STATUS)) <= 480


def test_promise_8_wakes_do_not_end_the_pause_of_an_unreachable_gateway() -> None:
    world = world_of(10)
    world.gateway.fault = lambda _call: WutsConnectionError()
    world.run(10 * MINUTE)
    listed = len(world.calls_of(CallKind.LIST))
    for _ in range(300):
        world.wake()
        world.run(0.1)
    assert len(world.calls_of(CallKind.LIST)) - listed <= 8


def after_a_listing(count: int = 10) -> World:
    """Make a world in which no listing tells anything for most of an interval."""
    world = world_of(count)
    world.run_until(lambda: world.controller.account(HOME).schedule.is_under_way)
    world.run(2 * world.latency)
    return world


def most_checks_an_interval(world: World) -> int:
    made = world.calls_of(CallKind.STATUS)
    interval = world.settings.interval
    return max(sum(start <= one < start + interval for one in made) for start in made)


def test_promise_8_checks_that_wakes_of_one_device_ask_for_are_spaced() -> None:
    world = after_a_listing()
    for _ in range(3_000):
        world.wake("d0")
        world.run(0.1)
    assert most_checks_an_interval(world) == 6
    assert len(world.calls_of(CallKind.STATUS)) >= 10 * 6


def test_promise_8_a_gateway_that_tells_of_each_check_is_asked_seldom() -> None:
    world = after_a_listing(1)

    def tells(call: Call) -> None:
        if call.kind is CallKind.STATUS:
            world.at(world.latency, lambda: world.wake("d0"))

    world.gateway.fault = tells
    world.wake("d0")
    world.run(10 * MINUTE)
    assert most_checks_an_interval(world) <= 6


def test_promise_8_wakes_of_many_devices_do_not_wait_for_each_other() -> None:
    world = after_a_listing()
    made = len(world.calls)
    for number in range(10):
        world.wake(f"d{number}")
    assert {call.device_id for call in world.calls[made:]} == {f"d{n}" for n in range(10)}


def test_promise_8_a_wake_that_comes_too_early_is_not_lost() -> None:
    world = after_a_listing()
    world.wake("d0")
    world.run(1)
    world.gateway.drop("d0")
    world.wake("d0")
    took = world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    assert took <= world.settings.interval / 6


def test_promise_8_a_wake_after_a_while_is_seen_at_once_again() -> None:
    world = after_a_listing()
    world.wake("d0")
    world.run(world.settings.interval / 6)
    made = len(world.calls)
    world.wake("d0")
    assert [call.kind for call in world.calls[made:]] == [CallKind.STATUS]


def test_promise_8_a_wake_that_waits_does_not_outlive_a_pause() -> None:
    world = after_a_listing()
    for _ in range(2):
        world.wake("d0")
        world.run(1)
    made = len(world.calls_of(CallKind.STATUS))
    world.pause("d0")
    world.run(10)
    world.resume("d0")
    world.run(10)
    assert len(world.calls_of(CallKind.STATUS)) == made


def test_promise_8_a_refused_device_is_looked_at_with_the_new_token_whoever_woke_it() -> None:
    world = world_of(10)
    world.gateway.fault = lambda call: ForbiddenError() if call.device_id == "d0" else None
    world.wake("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.REFUSED)
    world.run(10)
    world.wake("d0")
    world.run(1)
    made = len(world.calls_of(CallKind.STATUS))
    world.gateway.fault = lambda _call: None
    world.replace_token()
    assert len(world.calls_of(CallKind.STATUS)) == made + 1
