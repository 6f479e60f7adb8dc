"""A device that a listing lacks is not gone: several looks over minutes must agree."""

import pytest

from tests.core.wuts.supervisor.invariants import check_controller
from tests.core.wuts.supervisor.virtual import HOUR, MINUTE, World
from wuts.errors import (
    DeviceNotFoundError,
    GatewayBusyError,
    WutsError,
)
from wuts.supervisor import AlertKind, AlertStatus, DeviceState
from wuts.supervisor.account.work_queue import CallKind

RAISED = (AlertKind.TOKEN_REFUSED, AlertStatus.RAISED)


def three_devices(latency: float = 0.05) -> World:
    world = World(latency=latency)
    world.gateway.add("d0", "d1", "d2")
    world.start().run(MINUTE)
    return world


@pytest.mark.parametrize("error", [DeviceNotFoundError(), GatewayBusyError(), None])
def test_promise_5_a_device_that_one_listing_lacks_is_not_gone(error: WutsError | None) -> None:
    world = three_devices()
    world.gateway.fault = lambda call: error if call.kind is CallKind.STATUS else None
    world.gateway.left_out = {"d0"}
    world.run(100)
    world.gateway.left_out = set()
    world.run(HOUR)
    assert world.path("d0") == [DeviceState.CONNECTED]
    assert world.told() == []


def test_promise_5_a_device_whose_status_is_told_is_not_gone_though_listings_lack_it() -> None:
    world = three_devices()
    world.gateway.left_out = {"d0"}
    world.run(HOUR)
    assert world.path("d0") == [DeviceState.CONNECTED]
    assert world.told() == []


def test_promise_5_a_device_whose_row_cannot_be_read_is_neither_missing_nor_changed() -> None:
    world = three_devices()
    world.gateway.unreadable = ("d0",)
    world.gateway.drop("d0")
    world.run(HOUR)
    assert world.path("d0") == [DeviceState.CONNECTED]
    assert {call.kind for call in world.calls} == {CallKind.LIST}


def test_promise_5_no_device_is_missing_while_a_row_is_nobody_s() -> None:
    world = three_devices()
    world.gateway.unreadable = ("row 3",)
    world.gateway.left_out = {"d0"}
    world.run(HOUR)
    assert world.path("d0") == [DeviceState.CONNECTED]


MISSING = AlertKind.DEVICES_MISSING


def ten_devices() -> World:
    world = World()
    world.gateway.add(*(f"d{number}" for number in range(10)))
    world.start().run(MINUTE)
    return world


def test_promise_5_an_empty_listing_disturbs_nobody_and_is_doubted_soon() -> None:
    world = ten_devices()
    world.gateway.left_out = set(world.gateway.phones)
    listed = len(world.calls_of(CallKind.LIST))
    world.run_until(lambda: len(world.calls_of(CallKind.LIST)) == listed + 2, within=40)
    world.gateway.left_out = set()
    world.run(HOUR)
    times = world.calls_of(CallKind.LIST)[listed : listed + 2]
    assert times[1] - times[0] <= 5.1
    assert {call.kind for call in world.calls} == {CallKind.LIST}
    assert world.told() == []
    assert world.path("d0") == [DeviceState.CONNECTED]


@pytest.mark.parametrize("restarts", [0, 2])
def test_promise_5_an_empty_listing_that_lasts_is_one_alert_for_the_account(restarts: int) -> None:
    world = ten_devices()
    world.gateway.left_out = set(world.gateway.phones)
    world.run(HOUR)
    for _ in range(restarts):
        world.restart()
        world.run(HOUR)
    assert world.told() == [(MISSING, AlertStatus.RAISED)]
    assert world.alerts()[0].device_id is None
    assert all(world.path(one)[-1] is DeviceState.GONE for one in world.gateway.phones)
    check_controller(world.controller)
    world.gateway.left_out = set()
    world.run(MINUTE)
    assert world.told() == [(MISSING, AlertStatus.RAISED), (MISSING, AlertStatus.RESOLVED)]
    assert all(world.state(one) is DeviceState.CONNECTED for one in world.gateway.phones)


def test_promise_5_a_listing_that_lacks_less_than_half_is_believed_of_each() -> None:
    world = ten_devices()
    world.gateway.left_out = {"d0", "d1"}
    for one in world.gateway.left_out:
        del world.gateway.phones[one]
    world.run(HOUR)
    assert world.told() == [(AlertKind.DEVICE_GONE, AlertStatus.RAISED)] * 2


def test_promise_5_devices_that_a_person_forgets_are_missed_no_longer() -> None:
    world = ten_devices()
    world.gateway.left_out = set(world.gateway.phones)
    world.run(HOUR)
    for one in world.gateway.phones:
        world.forget(one)
    assert world.told() == [(MISSING, AlertStatus.RAISED), (MISSING, AlertStatus.RESOLVED)]
    assert world.saved == {}
