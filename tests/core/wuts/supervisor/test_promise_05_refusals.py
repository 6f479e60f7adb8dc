"""Refusals and absences: what is one device's stays that device's, and only listings decide.

A device is gone when three listings over two minutes lack it. A token is refused when the listing
is, and it is tried again, slowly, until it is good or replaced.
"""

from itertools import pairwise

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
    assert world.calls_of(CallKind.LIST)[-1] > 120
    assert (HOME, "d0") not in world.saved


def test_promise_5_a_reconnecting_device_that_vanished_is_dropped_too() -> None:
    world = three_devices()
    world.gateway.drop("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    del world.gateway.phones["d0"]
    world.run(HOUR)
    assert world.path("d0")[-1] is DeviceState.GONE
    assert len(world.connects("d0")) <= 8


def test_promise_5_a_device_that_is_listed_while_connect_says_404_is_one_episode() -> None:
    world = three_devices()
    world.gateway.drop("d0")

    def fault(call: Call) -> WutsError | None:
        return DeviceNotFoundError() if call.device_id == "d0" else None

    world.gateway.fault = fault
    world.run(HOUR)
    assert world.path("d0") == [DeviceState.CONNECTED, DeviceState.RECONNECTING]
    assert world.told() == [(AlertKind.OFFLINE, AlertStatus.RAISED)]


def test_promise_5_a_gone_device_that_comes_back_is_supervised_again() -> None:
    world = three_devices()
    phone = world.gateway.phones.pop("d0")
    world.run(4 * MINUTE)
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
    world.run(4 * MINUTE)
    assert world.path("new") == [DeviceState.NEVER_PAIRED, DeviceState.GONE]
    assert world.told() == []


def test_promise_5_a_device_that_vanished_while_we_were_away_is_told_and_its_alert_ended() -> None:
    world = three_devices()
    world.gateway.unlink("d0")
    world.run(2 * MINUTE)
    assert world.open_alerts() == [AlertKind.NEEDS_PAIRING]
    del world.gateway.phones["d0"]
    world.restart()
    world.run(4 * MINUTE)
    assert world.path("d0")[-1] is DeviceState.GONE
    assert world.open_alerts() == [AlertKind.DEVICE_GONE]


@pytest.mark.parametrize("error", [InvalidTokenError(), ForbiddenError()])
def test_promise_5_a_refused_listing_pauses_the_account_with_one_alert(error: WutsError) -> None:
    world = three_devices()
    world.gateway.fault = lambda _call: error
    world.gateway.drop("d0")
    world.run_until(lambda: world.controller.account(HOME).state is AccountState.TOKEN_REFUSED)
    world.run(1)
    made = len(world.calls)
    world.run(DAY / 2)
    assert {call.kind for call in world.calls[made:]} == {CallKind.LIST}
    assert world.told(AlertKind.TOKEN_REFUSED) == [RAISED]
    change = world.account_changes()[-1]
    assert change.reason is Reason.TOKEN_REFUSED
    assert change.problem == error.message


def test_promise_5_a_refused_token_is_tried_again_ever_more_slowly() -> None:
    world = three_devices()
    world.gateway.is_token_good = False
    world.run_until(lambda: world.open_alerts() != [])
    first = len(world.calls) - 1
    world.run(3 * HOUR)
    times = [call.made_at for call in world.calls[first:]]
    waits = [later - earlier for earlier, later in pairwise(times)]
    assert waits == sorted(waits)
    assert waits[0] == pytest.approx(world.settings.interval, rel=0.1)
    assert waits[-1] == pytest.approx(15 * MINUTE, rel=0.1)


def test_promise_5_three_seconds_of_401_are_told_and_heal_without_anybody() -> None:
    world = three_devices()
    world.run_until(lambda: world.controller.account(HOME).schedule.is_under_way)
    world.gateway.is_token_good = False
    world.run(3)
    world.gateway.is_token_good = True
    world.run(2 * MINUTE)
    assert world.told() == [RAISED, RESOLVED]
    assert world.account_changes()[-1].reason is Reason.RECOVERED
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_5_a_wake_tries_a_refused_token_at_once_but_not_with_calls_about_devices() -> None:
    world = three_devices()
    world.gateway.is_token_good = False
    world.run(HOUR)
    made = len(world.calls)
    for device_id in (None, "d0", "unknown"):
        world.wake(device_id)
    assert [call.kind for call in world.calls[made:]] == [CallKind.LIST]
    world.gateway.is_token_good = True
    world.run(6)
    world.wake("d0")
    world.run(1)
    assert world.told() == [RAISED, RESOLVED]
    assert world.path("d0") == [DeviceState.CONNECTED]


def test_promise_5_a_replaced_token_wakes_the_account_at_once() -> None:
    world = three_devices()
    world.gateway.drop("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    world.gateway.is_token_good = False
    world.run(HOUR)
    made = len(world.calls)
    world.replace_token()
    assert [call.kind for call in world.calls[made:]] == [CallKind.LIST]
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

    def fault(call: Call) -> WutsError | None:
        if call.kind is CallKind.CONNECT and len(world.connects()) != 2:
            return GatewayBusyError()
        return InvalidTokenError() if world.connects() else None

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
    assert sum(call.account == "a" for call in world.calls) < 12
    assert sum(call.account == "b" for call in world.calls) > 100
