"""404 drops the device with one event; 401 and 403 pause the account until it has a new token."""

import pytest

from tests.core.wuts.supervisor.invariants import check_controller
from tests.core.wuts.supervisor.virtual import DAY, HOME, HOUR, MINUTE, World
from wuts.errors import (
    DeviceNotFoundError,
    ForbiddenError,
    GatewayBusyError,
    InvalidTokenError,
    WutsError,
)
from wuts.supervisor import AccountState, AlertKind, AlertStatus, DeviceState, Reason
from wuts.supervisor.account.work_queue import Call, CallKind

RAISED = (AlertKind.TOKEN_REFUSED, AlertStatus.RAISED)
RESOLVED = (AlertKind.TOKEN_REFUSED, AlertStatus.RESOLVED)


def three_devices(latency: float = 0.05) -> World:
    world = World(latency=latency)
    world.gateway.add("d0", "d1", "d2")
    world.start().run(MINUTE)
    return world


def test_promise_5_a_device_that_vanished_is_dropped_with_one_event_and_one_alert() -> None:
    world = three_devices()
    del world.gateway.phones["d0"]
    world.run(DAY)
    assert world.path("d0") == [DeviceState.CONNECTED, DeviceState.GONE]
    assert world.changes("d0")[-1].reason is Reason.NOT_FOUND
    assert world.told() == [(AlertKind.DEVICE_GONE, AlertStatus.RAISED)]
    assert len(world.calls_of(CallKind.STATUS, "d0")) == 1
    assert (HOME, "d0") not in world.saved


def test_promise_5_a_404_of_connect_drops_the_device_too() -> None:
    world = three_devices()
    world.gateway.drop("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    del world.gateway.phones["d0"]
    world.run(HOUR)
    assert world.path("d0")[-1] is DeviceState.GONE
    assert len(world.connects("d0")) <= 1


def test_promise_5_a_gone_device_that_is_listed_still_is_told_once() -> None:
    world = three_devices()
    world.gateway.drop("d0")

    def fault(call: Call) -> WutsError | None:
        return DeviceNotFoundError() if call.device_id == "d0" else None

    world.gateway.fault = fault
    world.run(HOUR)
    assert world.path("d0").count(DeviceState.GONE) == 1
    assert world.told() == [(AlertKind.DEVICE_GONE, AlertStatus.RAISED)]


def test_promise_5_a_gone_device_that_comes_back_is_supervised_again() -> None:
    world = three_devices()
    phone = world.gateway.phones.pop("d0")
    world.run(2 * MINUTE)
    world.gateway.phones["d0"] = phone
    world.run(2 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.told() == [
        (AlertKind.DEVICE_GONE, AlertStatus.RAISED),
        (AlertKind.DEVICE_GONE, AlertStatus.RESOLVED),
    ]


def test_promise_5_an_unpaired_device_may_vanish_unremarked() -> None:
    world = three_devices()
    world.gateway.add("new", connected=False, linked=False)
    world.run(MINUTE)
    del world.gateway.phones["new"]
    world.run(MINUTE)
    assert world.path("new") == [DeviceState.NEVER_PAIRED, DeviceState.GONE]
    assert world.told() == []


def test_promise_5_a_device_that_vanished_while_we_were_away_is_told_and_its_alert_ended() -> None:
    world = three_devices()
    world.gateway.unlink("d0")
    world.run(2 * MINUTE)
    assert world.open_alerts() == [AlertKind.NEEDS_PAIRING]
    del world.gateway.phones["d0"]
    world.restart()
    world.run(MINUTE)
    assert world.path("d0")[-1] is DeviceState.GONE
    assert world.open_alerts() == [AlertKind.DEVICE_GONE]


@pytest.mark.parametrize("error", [InvalidTokenError(), ForbiddenError()])
@pytest.mark.parametrize("kind", list(CallKind))
def test_promise_5_a_refused_token_pauses_the_account_with_one_alert(
    error: WutsError, kind: CallKind
) -> None:
    world = three_devices()
    world.gateway.fault = lambda call: error if call.kind is kind else None
    world.gateway.drop("d0")
    world.run_until(lambda: world.controller.account(HOME).state is AccountState.TOKEN_REFUSED)
    world.run(1)
    made = len(world.calls)
    world.run(DAY / 2)
    assert len(world.calls) == made
    assert world.told(AlertKind.TOKEN_REFUSED) == [RAISED]
    change = world.account_changes()[-1]
    assert change.reason is Reason.TOKEN_REFUSED
    assert change.problem == error.message


def test_promise_5_wakes_do_not_use_a_refused_token() -> None:
    world = three_devices()
    world.gateway.is_token_good = False
    world.run(MINUTE)
    made = len(world.calls)
    world.wake()
    world.wake("d0")
    world.wake("unknown")
    world.run(MINUTE)
    assert len(world.calls) == made
    assert world.path("d0") == [DeviceState.CONNECTED]


def test_promise_5_a_replaced_token_wakes_the_account_at_once() -> None:
    world = three_devices()
    world.gateway.drop("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    world.gateway.is_token_good = False
    world.run(HOUR)
    made = len(world.calls)
    world.replace_token()
    assert len(world.calls) == made + 1
    world.run(MINUTE)
    assert world.told(AlertKind.TOKEN_REFUSED) == [RAISED, RESOLVED]
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.account_changes()[-1].reason is Reason.TOKEN_REPLACED


def test_promise_5_another_bad_token_raises_no_second_alert() -> None:
    world = three_devices()
    world.gateway.is_token_good = False
    world.run(MINUTE)
    for _ in range(3):
        world.replace_token(is_good=False)
        world.run(MINUTE)
    assert world.told() == [RAISED]
    check_controller(world.controller)


def test_promise_5_a_listing_that_was_under_way_does_not_pretend_that_the_token_is_good() -> None:
    world = three_devices(latency=4)
    world.gateway.drop("d0")
    world.run_until(lambda: world.device("d0").needs_check)

    def fault(call: Call) -> WutsError | None:
        return InvalidTokenError() if call.kind is CallKind.STATUS else None

    world.gateway.fault = fault
    world.wake()
    world.run(HOUR)
    assert world.told() == [RAISED]
    assert world.controller.account(HOME).state is AccountState.TOKEN_REFUSED
    check_controller(world.controller)


def test_promise_5_a_gateway_that_is_down_does_not_hide_that_the_token_was_refused() -> None:
    world = three_devices()
    world.gateway.is_token_good = False
    world.run(MINUTE)
    world.gateway.is_down = True
    world.replace_token()
    world.run(HOUR)
    assert world.told() == [RAISED]
    world.gateway.is_down = False
    world.run(10 * MINUTE)
    assert world.told() == [RAISED, RESOLVED]


def test_promise_5_calls_that_fail_after_the_refusal_do_not_hide_it() -> None:
    world = World(latency=1)
    world.gateway.add(*(f"d{number}" for number in range(20)))
    world.start().run(MINUTE)
    connects = 0

    def fault(call: Call) -> WutsError | None:
        nonlocal connects
        if call.kind is not CallKind.CONNECT:
            return None
        connects += 1
        return InvalidTokenError() if connects == 2 else GatewayBusyError()

    world.gateway.fault = fault
    world.gateway.drop()
    world.run(HOUR)
    assert world.controller.account(HOME).state is AccountState.TOKEN_REFUSED
    assert world.told() == [RAISED]


@pytest.mark.parametrize("is_good", [True, False])
def test_promise_5_a_restart_neither_repeats_nor_forgets_a_refused_token(*, is_good: bool) -> None:
    world = three_devices()
    world.gateway.is_token_good = False
    world.run(HOUR)
    world.gateway.is_token_good = is_good
    world.restart()
    world.run(MINUTE)
    assert world.told() == ([RAISED, RESOLVED] if is_good else [RAISED])


def test_promise_5_one_account_s_refused_token_is_no_matter_for_another() -> None:
    world = World(accounts=("a", "b"))
    for gateway in world.gateways.values():
        gateway.add("d0")
    world.gateways["a"].is_token_good = False
    world.start().run(HOUR)
    assert sum(call.account == "a" for call in world.calls) == 1
    assert sum(call.account == "b" for call in world.calls) > 100
