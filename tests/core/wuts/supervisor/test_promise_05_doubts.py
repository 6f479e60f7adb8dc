"""What is said about one device is that device's, and settles nothing about the token."""

import pytest

from tests.core.wuts.supervisor.invariants import check_controller
from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, World
from wuts.errors import (
    ForbiddenError,
    InvalidTokenError,
    WrongDeviceError,
)
from wuts.supervisor import AccountState, AlertKind, AlertStatus, DeviceState, Reason
from wuts.supervisor.account.work_queue import CallKind

RAISED = (AlertKind.TOKEN_REFUSED, AlertStatus.RAISED)


def three_devices(latency: float = 0.05) -> World:
    world = World(latency=latency)
    world.gateway.add("d0", "d1", "d2")
    world.start().run(MINUTE)
    return world


@pytest.mark.parametrize("kind", [CallKind.STATUS, CallKind.CONNECT])
def test_promise_5_a_401_about_a_device_is_settled_by_a_listing_at_once(kind: CallKind) -> None:
    world = three_devices()
    world.gateway.drop("d0")
    world.gateway.fault = lambda call: InvalidTokenError() if call.kind is kind else None
    world.run_until(lambda: any(call.kind is kind for call in world.calls))
    made = len(world.calls)
    world.run(1)
    assert world.calls[made].kind is CallKind.LIST
    world.run(HOUR)
    assert world.told(AlertKind.TOKEN_REFUSED) == []
    assert len(world.calls_of(CallKind.LIST)) < 300
    world.gateway.fault = lambda _call: None
    world.run(10 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_5_no_call_is_made_while_the_token_is_in_doubt() -> None:
    world = three_devices(latency=4)
    world.gateway.drop("d0")
    world.run_until(lambda: world.device("d0").needs_check)
    world.gateway.is_token_good = False
    world.run_until(lambda: world.controller.account(HOME).breaker.in_doubt)
    made = len(world.calls)
    world.wake("d1")
    world.run(HOUR)
    assert {call.kind for call in world.calls[made:]} == {CallKind.LIST}
    assert world.told() == [RAISED]


REFUSED = (AlertKind.DEVICE_REFUSED, AlertStatus.RAISED)
ALLOWED = (AlertKind.DEVICE_REFUSED, AlertStatus.RESOLVED)


def refused_device(*ids: str) -> World:
    """Let the gateway refuse every call about some devices."""
    world = three_devices()
    refused = ids or ("d0",)
    world.gateway.fault = lambda call: ForbiddenError() if call.device_id in refused else None
    world.gateway.drop(*refused)
    world.run(MINUTE)
    return world


def test_promise_5_a_refused_device_is_left_alone_with_one_alert_and_others_go_on() -> None:
    world = refused_device()
    assert world.path("d0") == [DeviceState.CONNECTED, DeviceState.REFUSED]
    assert world.changes("d0")[-1].reason is Reason.REFUSED
    world.gateway.drop("d1")
    world.run(10 * MINUTE)
    assert world.state("d1") is DeviceState.CONNECTED
    assert len(world.calls_of(CallKind.STATUS, "d0")) == 1
    assert world.connects("d0") == []
    assert world.told() == [REFUSED]
    assert world.account_changes() == []


def test_promise_5_a_refused_device_is_looked_at_each_quarter_of_an_hour() -> None:
    world = refused_device()
    made = len(world.calls_of(CallKind.STATUS, "d0"))
    world.run(2 * HOUR)
    assert len(world.calls_of(CallKind.STATUS, "d0")) - made == 8
    world.gateway.fault = lambda _call: None
    world.run(20 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.told() == [REFUSED, ALLOWED]


@pytest.mark.parametrize("is_wake", [True, False])
def test_promise_5_a_wake_or_another_token_looks_at_a_refused_device_at_once(
    *, is_wake: bool
) -> None:
    world = refused_device()
    world.gateway.fault = lambda _call: None
    if is_wake:
        world.wake("d0")
    else:
        world.replace_token()
    world.run(10)
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.told() == [REFUSED, ALLOWED]


def test_promise_5_a_wake_of_a_refused_device_is_not_lost_while_the_token_is_refused_too() -> None:
    world = refused_device()
    world.gateway.is_token_good = False
    world.run_until(lambda: world.controller.account(HOME).state is AccountState.TOKEN_REFUSED)
    world.gateway.fault = lambda _call: None
    world.wake("d0")
    world.gateway.is_token_good = True
    world.run(MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_5_a_refused_device_that_is_listed_as_connected_is_refused_still() -> None:
    world = refused_device()
    world.gateway.phones["d0"].connected = True
    world.run(10 * MINUTE)
    world.restart()
    world.run(10 * MINUTE)
    assert world.state("d0") is DeviceState.REFUSED
    assert world.told() == [REFUSED]
    check_controller(world.controller)


def test_promise_5_two_refusals_in_a_row_are_settled_by_a_listing() -> None:
    world = refused_device("d0", "d1")
    times = [call.made_at for call in world.calls if call.device_id]
    listed = [call.made_at for call in world.calls if call.kind is CallKind.LIST]
    assert any(0 < at - max(times) < 1 for at in listed)
    assert world.told() == [REFUSED, REFUSED]
    assert world.controller.account(HOME).state is AccountState.HEALTHY


WRONG = (AlertKind.WRONG_DEVICE, AlertStatus.RAISED)
RIGHT = (AlertKind.WRONG_DEVICE, AlertStatus.RESOLVED)


@pytest.mark.parametrize("kind", [CallKind.STATUS, CallKind.CONNECT])
def test_promise_5_an_answer_about_another_device_is_one_alert_and_not_believed(
    kind: CallKind,
) -> None:
    world = three_devices()
    error = WrongDeviceError(asked="d0", answered="d1")
    world.gateway.fault = lambda call: error if call.kind is kind else None
    world.gateway.drop("d0", "d1")
    world.run(HOUR)
    assert world.told(AlertKind.WRONG_DEVICE)[:1] == [WRONG]
    assert world.alerts(AlertKind.WRONG_DEVICE)[0].device_id is None
    if kind is CallKind.CONNECT:
        assert world.told(AlertKind.WRONG_DEVICE) == [WRONG]
        assert DeviceState.CONNECTED not in world.path("d0")[1:]
        assert len(world.connects("d0")) < 40
    world.gateway.fault = lambda _call: None
    world.wake("d0")
    world.wake("d1")
    world.run(10 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.told(AlertKind.WRONG_DEVICE) == [WRONG, RIGHT]


def test_promise_5_a_restart_neither_repeats_nor_forgets_an_answer_about_another_device() -> None:
    world = three_devices()
    error = WrongDeviceError(asked="d0", answered="d1")
    world.gateway.fault = lambda call: error if call.kind is CallKind.CONNECT else None
    world.gateway.drop("d0")
    world.run(HOUR)
    world.restart()
    world.run(MINUTE)
    assert world.told(AlertKind.WRONG_DEVICE)[:1] == [WRONG]
    check_controller(world.controller)
    world.gateway.fault = lambda _call: None
    world.run(HOUR)
    assert world.open_alerts() == []
