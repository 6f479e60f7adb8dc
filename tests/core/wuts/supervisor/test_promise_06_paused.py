"""A device that a person disconnected through us is left alone until they say otherwise."""

import pytest

from tests.core.wuts.supervisor.virtual import DAY, HOME, HOUR, MINUTE, World
from wuts.errors import GatewayBusyError
from wuts.supervisor import AlertKind, AlertStatus, DeviceState, Reason
from wuts.supervisor.account.work_queue import CallKind


def paused_device(latency: float = 0.05) -> World:
    world = World(latency=latency)
    world.gateway.add("d0")
    world.start().run(MINUTE)
    world.pause("d0")
    world.gateway.drop("d0")
    return world


def test_promise_6_a_paused_device_is_never_reconnected() -> None:
    world = paused_device()
    world.run(2 * DAY)
    assert world.path("d0") == [DeviceState.CONNECTED, DeviceState.PAUSED]
    assert {call.kind for call in world.calls} == {CallKind.LIST}
    assert world.told() == []


@pytest.mark.parametrize("restarts", [1, 3])
def test_promise_6_a_pause_survives_restarts(restarts: int) -> None:
    world = paused_device()
    for _ in range(restarts):
        world.restart()
        world.run(HOUR)
    assert world.state("d0") is DeviceState.PAUSED
    assert world.connects() == []


def test_promise_6_wakes_mass_disconnects_and_outages_do_not_end_a_pause() -> None:
    world = paused_device()
    world.gateway.add("d1", "d2", "d3")
    world.run(MINUTE)
    world.wake()
    world.wake("d0")
    world.gateway.drop()
    world.run(MINUTE)
    world.gateway.is_down = True
    world.run(HOUR)
    world.gateway.is_down = False
    world.run(HOUR)
    assert world.connects("d0") == []
    assert world.connects("d1") != []
    assert world.path("d0") == [DeviceState.CONNECTED, DeviceState.PAUSED]


def test_promise_6_resuming_reconnects_at_once() -> None:
    world = paused_device()
    world.run(HOUR)
    world.resume("d0")
    assert len(world.connects()) == 1
    world.run(1)
    assert world.path("d0")[-2:] == [DeviceState.RECONNECTING, DeviceState.CONNECTED]
    assert [change.reason for change in world.changes("d0")][-2:] == [
        Reason.RESUMED,
        Reason.RECONNECTED,
    ]


def test_promise_6_a_resumed_device_is_healed_after_the_next_restart_too() -> None:
    world = paused_device()
    world.resume("d0")
    world.gateway.drop("d0")
    world.restart()
    world.run(5 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_6_resuming_a_device_that_is_not_paused_changes_nothing() -> None:
    world = World()
    world.gateway.add("d0")
    world.start().run(MINUTE)
    world.resume("d0")
    world.resume("unknown")
    world.run(MINUTE)
    assert world.path("d0") == [DeviceState.CONNECTED]


def test_promise_6_pausing_ends_the_alerts_about_the_device() -> None:
    world = World()
    world.gateway.add("d0")
    world.start().run(MINUTE)
    world.gateway.unlink("d0")
    world.run(2 * MINUTE)
    world.pause("d0")
    assert world.told() == [
        (AlertKind.NEEDS_PAIRING, AlertStatus.RAISED),
        (AlertKind.NEEDS_PAIRING, AlertStatus.RESOLVED),
    ]


@pytest.mark.parametrize("succeeds", [True, False])
def test_promise_6_a_connect_in_flight_does_not_end_the_pause(*, succeeds: bool) -> None:
    world = World(latency=10)
    world.gateway.add("d0")
    world.start().run(MINUTE)
    world.gateway.drop("d0")
    world.run_until(lambda: world.connects() != [])
    if not succeeds:
        world.gateway.fault = lambda _call: GatewayBusyError()
    world.pause("d0")
    world.run(HOUR)
    assert world.state("d0") is DeviceState.PAUSED
    assert len(world.connects()) == 1
    assert world.gateway.phones["d0"].connected is succeeds


def test_promise_6_a_device_can_be_paused_before_it_was_ever_listed() -> None:
    world = World().start()
    world.pause("d0")
    world.gateway.add("d0", connected=False)
    world.run(HOUR)
    assert world.path("d0") == [DeviceState.PAUSED]
    assert world.connects() == []
    assert world.device("d0").name == "D0"
    world.resume("d0")
    world.run(MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_6_a_device_that_was_never_paired_is_looked_at_when_it_is_resumed() -> None:
    world = World()
    world.gateway.add("new", connected=False, linked=False)
    world.start().run(MINUTE)
    world.pause("new")
    world.resume("new")
    world.run(MINUTE)
    assert world.path("new")[-1] is DeviceState.NEVER_PAIRED
    assert len(world.calls_of(CallKind.STATUS)) == 1
    assert world.connects() == []


def test_promise_6_a_phone_that_unlinked_during_the_pause_is_found_when_it_ends() -> None:
    world = paused_device()
    world.gateway.unlink("d0")
    world.run(HOUR)
    assert world.told() == []
    world.resume("d0")
    world.run(MINUTE)
    assert world.state("d0") is DeviceState.NEEDS_PAIRING
    assert world.told() == [(AlertKind.NEEDS_PAIRING, AlertStatus.RAISED)]


def test_promise_6_a_paused_device_that_vanishes_is_dropped_without_an_alert() -> None:
    world = paused_device()
    del world.gateway.phones["d0"]
    world.run(4 * MINUTE)
    assert world.path("d0")[-1] is DeviceState.GONE
    assert world.told() == []


@pytest.mark.parametrize("absent_for", [MINUTE, HOUR])
@pytest.mark.parametrize("restarts", [0, 1])
def test_promise_6_a_pause_outlives_any_absence(absent_for: float, restarts: int) -> None:
    world = paused_device()
    phone = world.gateway.phones.pop("d0")
    world.run(absent_for)
    for _ in range(restarts):
        world.restart()
        world.run(absent_for)
    world.gateway.phones["d0"] = phone
    world.run(HOUR)
    assert world.state("d0") is DeviceState.PAUSED
    assert world.path("d0")[-1] is DeviceState.PAUSED
    assert world.connects() == []
    assert {call.kind for call in world.calls} == {CallKind.LIST}


def test_promise_6_resuming_a_device_that_is_gone_ends_its_pause() -> None:
    world = paused_device()
    phone = world.gateway.phones.pop("d0")
    world.run(HOUR)
    world.resume("d0")
    assert world.saved == {}
    world.gateway.phones["d0"] = phone
    world.run(2 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_6_a_device_that_a_person_deleted_is_not_reconnected_though_it_is_listed() -> None:
    world = World()
    world.gateway.add("d0")
    world.start().run(MINUTE)
    world.controller.forget(HOME, "d0", world.now)
    world.gateway.drop("d0")
    world.run(HOUR)
    world.restart()
    world.run(HOUR)
    assert world.connects() == []
    assert world.changes("d0")[-1].reason is Reason.FORGOTTEN
    assert world.told() == []


def test_promise_6_forgetting_a_device_that_is_gone_ends_its_alert() -> None:
    world = World()
    world.gateway.add("d0")
    world.start().run(MINUTE)
    del world.gateway.phones["d0"]
    world.run(4 * MINUTE)
    world.controller.forget(HOME, "d0", world.now)
    world.run(MINUTE)
    assert world.told() == [
        (AlertKind.DEVICE_GONE, AlertStatus.RAISED),
        (AlertKind.DEVICE_GONE, AlertStatus.RESOLVED),
    ]
    assert world.state("d0") is DeviceState.GONE
