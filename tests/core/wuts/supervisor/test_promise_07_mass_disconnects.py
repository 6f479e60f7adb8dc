"""When most devices drop at once the gateway restarted: a few probes, a ramp, one alert."""

from collections import Counter
from collections.abc import Callable

import pytest

from tests.core.wuts.supervisor.invariants import check_controller, check_story
from tests.core.wuts.supervisor.virtual import DAY, HOME, HOUR, MINUTE, World
from wuts.errors import GatewayBusyError, GatewayError, WutsConnectionError, WutsError
from wuts.supervisor import AccountState, AlertKind, AlertStatus, DeviceState, Reason
from wuts.supervisor.account.work_queue import PROBES, Call, CallKind

pytestmark = pytest.mark.one_python

MANY = 10_000
GATEWAY_DOWN = [
    (AlertKind.GATEWAY_DOWN, AlertStatus.RAISED),
    (AlertKind.GATEWAY_DOWN, AlertStatus.RESOLVED),
]


def world_of(count: int, latency: float = 0.05) -> World:
    world = World(latency=latency)
    world.gateway.add(*(f"d{number}" for number in range(count)))
    world.start().run(MINUTE)
    return world


def all_connected(world: World) -> bool:
    registry = world.controller.account(HOME).registry
    return registry._states[DeviceState.CONNECTED] == len(registry.devices)


def connects_fail(call: Call) -> WutsError | None:
    return GatewayBusyError() if call.kind is CallKind.CONNECT else None


def in_flight_over_time(world: World) -> list[int]:
    """Return how many connects were under way when each was made."""
    times = world.connects()
    return [
        sum(1 for other in times[max(0, at - 50) : at + 1] if other > time - world.latency)
        for at, time in enumerate(times)
    ]


def test_promise_7_ten_thousand_devices_are_healed_without_a_check_of_each() -> None:
    world = world_of(MANY)
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    took = world.run_until(lambda: all_connected(world))
    assert len(world.connects()) == MANY
    assert world.calls_of(CallKind.STATUS) == []
    assert took <= 1.2 * MANY * world.latency / world.settings.account_concurrency
    check_story(world.events)


def test_promise_7_a_few_probes_come_first_and_then_ever_more() -> None:
    world = world_of(2_000)
    world.gateway.drop()
    world.run_until(lambda: len(world.connects()) > 200)
    flying = in_flight_over_time(world)
    assert max(flying[:PROBES]) == PROBES
    assert max(flying[PROBES : PROBES * 3]) <= PROBES * 2
    assert max(flying) == world.settings.account_concurrency


def test_promise_7_a_short_mass_disconnect_disturbs_nobody() -> None:
    world = world_of(2_000)
    world.gateway.drop()
    world.run(HOUR)
    assert all_connected(world)
    assert world.told() == []
    assert [change.reason for change in world.account_changes()] == [
        Reason.MASS_DROP,
        Reason.RECOVERED,
    ]


def test_promise_7_a_long_mass_disconnect_raises_one_alert_rather_than_thousands() -> None:
    world = world_of(MANY, latency=1)
    world.gateway.drop()
    world.run(HOUR)
    assert all_connected(world)
    assert world.told() == GATEWAY_DOWN
    check_story(world.events)


def test_promise_7_devices_that_wait_behind_the_recovered_half_are_not_called_offline() -> None:
    world = world_of(3_000, latency=10)
    world.gateway.drop()
    world.run_until(lambda: world.controller.account(HOME).state is AccountState.GATEWAY_DOWN)
    world.run_until(lambda: world.controller.account(HOME).state is AccountState.HEALTHY)
    assert not all_connected(world)
    world.run(HOUR)
    assert all_connected(world)
    assert world.told() == GATEWAY_DOWN


def test_promise_7_the_account_is_throttled_while_the_gateway_says_503() -> None:
    world = world_of(MANY)
    world.gateway.fault = connects_fail
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    world.run(15 * MINUTE)
    assert len(world.connects()) < 100
    assert world.told() == GATEWAY_DOWN[:1]
    assert world.changes("d0")[-1].new is DeviceState.RECONNECTING


def test_promise_7_the_account_heals_when_the_503s_end() -> None:
    world = world_of(2_000)
    world.gateway.fault = connects_fail
    world.gateway.drop()
    world.run(HOUR)
    world.gateway.fault = lambda _call: None
    world.run(20 * MINUTE)
    assert all_connected(world)
    assert world.told() == GATEWAY_DOWN


def test_promise_7_a_gateway_that_answers_nothing_raises_one_alert() -> None:
    world = world_of(2_000)
    world.gateway.fault = lambda _call: WutsConnectionError()
    world.run(HOUR)
    assert world.told() == GATEWAY_DOWN[:1]
    assert world.connects() == []
    world.gateway.fault = lambda _call: None
    world.run(10 * MINUTE)
    assert world.told() == GATEWAY_DOWN


def test_promise_7_a_restart_with_503s_and_then_a_mass_disconnect_is_one_episode() -> None:
    world = world_of(2_000)
    world.gateway.drop()
    world.gateway.is_down = True
    world.run(5 * MINUTE)
    world.gateway.is_down = False
    world.run(HOUR)
    assert all_connected(world)
    assert world.told() == GATEWAY_DOWN
    check_controller(world.controller)


def test_promise_7_a_mass_disconnect_that_begins_before_us_is_one_too() -> None:
    world = World(latency=1)
    world.gateway.add(*(f"d{number}" for number in range(3_000)), connected=False)
    world.start().run(HOUR)
    assert all_connected(world)
    assert world.calls_of(CallKind.STATUS) == []
    assert world.told() == GATEWAY_DOWN


def test_promise_7_a_mass_disconnect_survives_a_restart_of_ours() -> None:
    world = world_of(3_000, latency=1)
    world.gateway.drop()
    world.run_until(lambda: world.open_alerts() == [AlertKind.GATEWAY_DOWN])
    world.restart()
    world.run(HOUR)
    assert all_connected(world)
    assert world.told() == GATEWAY_DOWN


def test_promise_7_restarts_of_the_gateway_make_no_device_a_flapping_one() -> None:
    world = world_of(50)
    for _ in range(8):
        world.gateway.drop()
        world.run(4 * MINUTE)
    assert all_connected(world)
    assert world.told() == []


@pytest.mark.parametrize("dropped", [1, 2])
def test_promise_7_a_device_or_two_are_no_mass_disconnect(dropped: int) -> None:
    world = world_of(3)
    world.gateway.drop(*(f"d{number}" for number in range(dropped)))
    world.run(10 * MINUTE)
    assert all_connected(world)
    assert world.account_changes() == []
    assert len(world.calls_of(CallKind.STATUS)) == dropped


def test_promise_7_less_than_half_is_no_mass_disconnect() -> None:
    world = world_of(100)
    world.gateway.drop(*(f"d{number}" for number in range(45)))
    world.run(10 * MINUTE)
    assert all_connected(world)
    assert world.account_changes() == []
    assert len(world.calls_of(CallKind.STATUS)) == 45


def test_promise_7_one_account_s_mass_disconnect_is_none_of_another_s() -> None:
    world = World(accounts=("a", "b"), latency=1)
    for gateway in world.gateways.values():
        gateway.add(*(f"d{number}" for number in range(500)))
    world.start().run(MINUTE)
    world.gateways["a"].fault = connects_fail
    world.gateways["a"].drop()
    world.run(HOUR)
    assert Counter(alert.account for alert in world.alerts()) == {"a": 1}
    assert world.controller.account("b").state is AccountState.HEALTHY


def test_promise_7_unlinked_devices_in_a_mass_disconnect_each_have_their_alert() -> None:
    world = world_of(100)
    world.gateway.drop()
    for number in range(5):
        world.gateway.credentials_lost.add(f"d{number}")
    world.run(10 * MINUTE)
    assert world.told() == [(AlertKind.NEEDS_PAIRING, AlertStatus.RAISED)] * 5
    assert world.controller.account(HOME).state is AccountState.HEALTHY


def test_promise_7_devices_that_cannot_be_healed_do_not_keep_the_gateway_down() -> None:
    """Three of five fail before, during and after an outage that has nothing to do with them."""
    world = world_of(5)

    def fault(call: Call) -> WutsError | None:
        bad = call.device_id in {"d0", "d1", "d2"} and call.kind is CallKind.CONNECT
        return GatewayError() if bad else None

    world.gateway.fault = fault
    for number in range(3):
        world.gateway.drop(f"d{number}")
        world.run(5 * MINUTE)
    world.gateway.is_down = True
    world.run(10 * MINUTE)
    world.gateway.is_down = False
    world.run(10 * MINUTE)
    assert world.controller.account(HOME).state is AccountState.HEALTHY
    assert world.told(AlertKind.GATEWAY_DOWN) == GATEWAY_DOWN
    assert world.told(AlertKind.OFFLINE) == [(AlertKind.OFFLINE, AlertStatus.RAISED)] * 3


def test_promise_7_a_device_that_stays_offline_after_the_outage_is_told_in_the_end() -> None:
    world = world_of(10)

    def fault(call: Call) -> WutsError | None:
        return GatewayBusyError() if call.device_id == "d0" else None

    world.gateway.fault = fault
    world.gateway.drop()
    world.run(MINUTE)
    assert world.told() == []
    world.run(HOUR)
    assert world.told() == [(AlertKind.OFFLINE, AlertStatus.RAISED)]


def test_promise_7_no_account_stays_down_for_ever() -> None:
    world = world_of(6)
    for number, error in enumerate([WutsConnectionError(), GatewayBusyError(), GatewayError()]):
        world.gateway.drop(*(f"d{n}" for n in range(number + 4)))
        world.gateway.fault = lambda _call, error=error: error  # type: ignore[misc]
        world.run(2 * HOUR)
        world.gateway.fault = lambda _call: None
        world.run(HOUR)
        assert world.controller.account(HOME).state is AccountState.HEALTHY
        assert all_connected(world)
    world.run(DAY)
    assert world.open_alerts() == []


def reconnect_failed() -> WutsError:
    """The gateway's own 503."""
    error = GatewayBusyError()
    error.from_gateway = True
    return error


def fail_first(world: World, tries: int, make: Callable[[], WutsError]) -> None:
    """Let the first tries of each device fail."""
    failed: Counter[str] = Counter()

    def fault(call: Call) -> WutsError | None:
        if call.kind is not CallKind.CONNECT or failed[call.device_id] >= tries:
            return None
        failed[call.device_id] += 1
        return make()

    world.gateway.fault = fault


@pytest.mark.parametrize(
    ("count", "make"),
    [
        (200, reconnect_failed),
        (200, GatewayBusyError),
        (200, GatewayError),
        (MANY, reconnect_failed),
    ],
)
@pytest.mark.parametrize("tries", [1, 2])
def test_promise_7_a_fleet_whose_devices_fail_once_or_twice_is_healed_within_its_bound(
    count: int, tries: int, make: Callable[[], WutsError]
) -> None:
    world = world_of(count)
    fail_first(world, tries, make)
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    took = world.run_until(lambda: all_connected(world))
    calls = (tries + 1) * count * world.latency / world.settings.account_concurrency
    waits = sum(world.settings.base * 2**attempt for attempt in range(1, tries + 1))
    assert took <= 1.5 * (calls + waits)
    assert len(world.connects()) <= (tries + 1) * count + 20
    world.run(10 * MINUTE)
    assert world.open_alerts() == []


def test_promise_7_a_few_devices_that_always_fail_do_not_keep_others_from_being_probed() -> None:
    world = world_of(200)
    bad = {f"d{number}" for number in range(20)}
    world.gateway.fault = lambda call: connects_fail(call) if call.device_id in bad else None
    world.gateway.drop()
    world.run(5 * MINUTE)
    assert {one.id for one in world.gateway.phones.values() if not one.connected} == bad


def test_promise_7_a_device_s_own_failures_are_no_gateway_s_though_most_have_them() -> None:
    world = world_of(5)
    bad = {"d0", "d1", "d2"}

    def fault(call: Call) -> WutsError | None:
        is_bad = call.device_id in bad and call.kind is CallKind.CONNECT
        return reconnect_failed() if is_bad else None

    world.gateway.fault = fault
    for device_id in sorted(bad):
        world.gateway.drop(device_id)
        world.run(5 * MINUTE)
    world.run(HOUR)
    assert world.account_changes() == []
    assert world.told() == [(AlertKind.OFFLINE, AlertStatus.RAISED)] * 3
