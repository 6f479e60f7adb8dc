"""A dropped device is re-checked, then reconnected: full jitter, base 5 s, cap 5 minutes."""

from itertools import pairwise
from statistics import mean

import pytest

from tests.core.wuts.supervisor.virtual import DAY, HOUR, MINUTE, World
from wuts.errors import GatewayBusyError, RateLimitedError, WutsError
from wuts.supervisor import DeviceState, Reason, StateChanged
from wuts.supervisor.account.work_queue import Call, CallKind


def busy(retry_after: float | None = None) -> GatewayBusyError:
    return GatewayBusyError(retry_after=retry_after)


def refuse_connects(world: World, error: WutsError | None = None) -> None:
    def fault(call: Call) -> WutsError | None:
        return (error or busy()) if call.kind is CallKind.CONNECT else None

    world.gateway.fault = fault


def allow_connects(world: World) -> None:
    world.gateway.fault = lambda _call: None


def dropped_one_by_one(count: int, *, seed: int = 1) -> World:
    """Drop devices so that each drop is one of its own among many that stay up."""
    world = World(seed=seed)
    world.gateway.add(*(f"d{number}" for number in range(count)))
    world.gateway.add(*(f"up{number}" for number in range(count * 2)))
    world.start().run(MINUTE)
    for number in range(count):
        world.gateway.drop(f"d{number}")
    return world


def waits(world: World, attempt: int) -> list[float]:
    """Return the planned waits before a try."""
    events = [one for one in world.events if isinstance(one, StateChanged)]
    return [
        (event.next_try - event.at).total_seconds()
        for event in events
        if event.attempt == attempt and event.next_try is not None
    ]


def one_device() -> World:
    world = World()
    world.gateway.add("d0")
    world.start().run(MINUTE)
    return world


def test_promise_2_a_dropped_device_is_checked_then_reconnected() -> None:
    world = one_device()
    world.gateway.drop("d0")
    world.run(2 * MINUTE)
    about = [call.kind for call in world.calls if call.device_id == "d0"]
    assert about == [CallKind.STATUS, CallKind.CONNECT]
    assert [change.reason for change in world.changes("d0")] == [
        Reason.FIRST_SEEN,
        Reason.DROPPED,
        Reason.RECONNECTED,
    ]


def test_promise_2_a_drop_that_has_healed_when_it_is_checked_is_left_alone() -> None:
    world = one_device()
    world.gateway.drop("d0")
    world.run_until(lambda: world.device("d0").needs_check)
    world.gateway.phones["d0"].connected = True
    world.run(10 * MINUTE)
    assert world.connects() == []
    assert world.path("d0") == [DeviceState.CONNECTED]


@pytest.mark.parametrize(
    ("attempt", "longest"), [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 300)]
)
def test_promise_2_the_wait_before_a_try_is_anything_up_to_its_bound(
    attempt: int, longest: float
) -> None:
    world = dropped_one_by_one(150)
    refuse_connects(world)
    world.run(2 * HOUR)
    planned = waits(world, attempt)
    assert len(planned) == 150
    assert 0 <= min(planned) < 0.1 * longest
    assert 0.9 * longest < max(planned) <= longest
    assert mean(planned) == pytest.approx(longest / 2, rel=0.2)


def test_promise_2_no_wait_ever_exceeds_the_cap() -> None:
    world = one_device()
    world.gateway.drop("d0")
    refuse_connects(world)
    world.run(DAY)
    planned = [wait for attempt in range(8, 400) for wait in waits(world, attempt)]
    assert len(planned) > 300
    assert max(planned) <= 300


def test_promise_2_other_randomness_gives_other_waits() -> None:
    first, second = dropped_one_by_one(5), dropped_one_by_one(5, seed=2)
    for world in (first, second):
        world.run(MINUTE)
    assert waits(first, 1) != waits(second, 1)


def failed_often(world: World) -> int:
    """Let a device fail until its attempts are many, then heal; return which it was at."""
    refuse_connects(world)
    world.gateway.drop("d0")
    world.run(HOUR)
    allow_connects(world)
    world.run_until(lambda: world.state("d0") is DeviceState.CONNECTED)
    attempt = world.device("d0").attempt
    assert attempt > 8
    return attempt


@pytest.mark.parametrize("held", [1, 300, 599])
def test_promise_2_a_connection_that_did_not_hold_does_not_reset_the_attempts(held: float) -> None:
    world = one_device()
    attempt = failed_often(world)
    world.run(held - 1)
    world.gateway.drop("d0")
    world.wake("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    assert world.device("d0").attempt == attempt + 1


def test_promise_2_a_connection_that_held_for_ten_minutes_resets_the_attempts() -> None:
    world = one_device()
    failed_often(world)
    world.run(10 * MINUTE)
    world.gateway.drop("d0")
    world.wake("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    assert world.device("d0").attempt == 1


@pytest.mark.parametrize("asked", [30.0, 120.0, 3_600.0])
def test_promise_2_retry_after_is_a_floor(asked: float) -> None:
    world = one_device()
    refuse_connects(world, busy(asked))
    world.gateway.drop("d0")
    world.run(4 * HOUR)
    times = world.connects("d0")
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps
    assert min(gaps) >= asked


def test_promise_2_retry_after_is_clamped_to_an_hour() -> None:
    world = one_device()
    refuse_connects(world, busy(10 * DAY))
    world.gateway.drop("d0")
    world.run(12 * HOUR)
    times = world.connects("d0")
    gaps = [later - earlier for earlier, later in pairwise(times)]
    assert gaps
    assert all(HOUR <= gap <= HOUR + 1 for gap in gaps)


def test_promise_2_a_wake_does_not_undercut_what_the_gateway_asked() -> None:
    world = one_device()
    refuse_connects(world, busy(600))
    world.gateway.drop("d0")
    world.run_until(lambda: world.device("d0").attempt == 2)
    allow_connects(world)
    world.wake("d0")
    assert world.run_until(lambda: world.state("d0") is DeviceState.CONNECTED) > 599


def test_promise_2_too_many_requests_let_the_whole_account_wait() -> None:
    world = dropped_one_by_one(10)
    refuse_connects(world, RateLimitedError(retry_after=900))
    world.run(3 * MINUTE)
    before = len(world.connects())
    assert before <= 10
    world.run(10 * MINUTE)
    assert len(world.connects()) == before


def test_promise_2_a_shorter_wait_does_not_cut_a_longer_one_short() -> None:
    errors = [RateLimitedError(retry_after=900), RateLimitedError(retry_after=1)]
    world = dropped_one_by_one(2)

    def fault(call: Call) -> WutsError | None:
        return errors.pop(0) if call.kind is CallKind.CONNECT and errors else None

    world.latency = 5
    world.gateway.fault = fault
    world.run_until(lambda: not errors)
    assert world.run_until(lambda: len(world.connects()) > 2) > 890


def test_promise_2_listings_wait_at_least_as_long_as_the_gateway_limits_their_rate() -> None:
    world = one_device()

    def fault(call: Call) -> WutsError | None:
        return RateLimitedError(retry_after=700) if call.kind is CallKind.LIST else None

    world.gateway.fault = fault
    world.run(2 * HOUR)
    times = world.calls_of(CallKind.LIST)[3:]
    assert all(b - a >= 700 for a, b in pairwise(times))
