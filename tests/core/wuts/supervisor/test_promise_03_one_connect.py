"""Never two ``/connect`` in flight for one device; bounds per account and in all."""

import pytest

from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, World
from wuts.errors import GatewayBusyError, WutsError
from wuts.supervisor import DeviceState, SupervisorSettings
from wuts.supervisor.account.work_queue import Call, CallKind


def connects_fail(call: Call) -> WutsError | None:
    return GatewayBusyError() if call.kind is CallKind.CONNECT else None


def test_promise_3_a_burst_of_wakes_makes_one_connect_at_a_time() -> None:
    world = World(latency=8)
    world.gateway.add("d0")
    world.start().run(MINUTE)
    world.gateway.drop("d0")
    for number in range(600):
        world.at(number / 10, lambda: world.wake("d0"))
    world.run(2 * MINUTE)
    assert world.most[HOME, "d0"] == 1
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_3_pauses_resumes_and_wakes_in_flight_make_no_second_connect() -> None:
    world = World(latency=10)
    world.gateway.add("d0")
    world.gateway.fault = connects_fail
    world.start().run(MINUTE)
    world.gateway.drop("d0")
    for number in range(200):
        act = (world.pause, world.resume, world.wake)[number % 3]
        world.at(number * 1.7, lambda act=act: act("d0"))  # type: ignore[misc]
    world.run(10 * MINUTE)
    assert len(world.connects()) > 20
    assert world.most[HOME, "d0"] == 1


@pytest.mark.parametrize(("of_one", "of_all"), [(20, 100), (3, 7), (1, 1), (50, 10)])
def test_promise_3_calls_are_bounded_per_account_and_in_all(of_one: int, of_all: int) -> None:
    settings = SupervisorSettings(concurrency=of_all, account_concurrency=of_one)
    names = tuple(f"t{number}" for number in range(12))
    world = World(settings, accounts=names, latency=1)
    for gateway in world.gateways.values():
        gateway.add(*(f"d{number}" for number in range(60)))
    world.start().run(MINUTE)
    for gateway in world.gateways.values():
        gateway.drop()
    world.run(HOUR)
    assert all(p.connected for gateway in world.gateways.values() for p in gateway.phones.values())
    assert world.most[""] == min(of_all, of_one * 12)
    assert max(world.most[name] for name in names) <= of_one
    assert all(world.most[name, f"d{n}"] == 1 for name in names for n in range(60))


def test_promise_3_accounts_take_turns() -> None:
    settings = SupervisorSettings(concurrency=10, account_concurrency=10)
    world = World(settings, accounts=("big", "small"), latency=1)
    world.gateways["big"].add(*(f"d{number}" for number in range(2_000)))
    world.gateways["small"].add("d0")
    world.start().run(MINUTE)
    world.gateways["big"].drop()
    world.run(MINUTE)
    world.gateways["small"].drop()
    took = world.run_until(lambda: world.gateways["small"].phones["d0"].connected)
    assert took < MINUTE
    assert not all(phone.connected for phone in world.gateways["big"].phones.values())


def test_promise_3_calls_that_hang_do_not_blind_us_to_other_accounts() -> None:
    """Listings have a budget of their own."""
    settings = SupervisorSettings(concurrency=3, account_concurrency=3)
    world = World(settings, accounts=("stuck", "other"))
    world.gateways["stuck"].add("d0", "d1", "d2")
    world.gateways["other"].add("d0")
    world.start().run(MINUTE)
    world.gateways["stuck"].drop()
    world.gateways["stuck"].hangs = lambda call: call.kind is CallKind.CONNECT
    world.run_until(lambda: len(world.connects()) == 3)
    before = sum(call.account == "other" for call in world.calls)
    world.run(10 * MINUTE)
    assert sum(call.account == "other" for call in world.calls) - before in range(18, 22)
