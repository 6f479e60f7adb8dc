from typing import NoReturn

import pytest

from tests.core.wuts.supervisor.invariants import check_controller, check_story
from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, World
from wuts.errors import DeviceNotFoundError, GatewayBusyError, GatewayError, InvalidInputError
from wuts.models import ConnectResult, SessionStatus
from wuts.supervisor import (
    AccountState,
    AlertKind,
    AlertStatus,
    DeviceState,
    Reason,
    SupervisorSettings,
)
from wuts.supervisor.account.account import Account
from wuts.supervisor.account.work_queue import Answer, Call, CallKind
from wuts.supervisor.device.device import Listing

RAISED, RESOLVED = AlertStatus.RAISED, AlertStatus.RESOLVED


def world_of(count: int = 1) -> World:
    world = World()
    world.gateway.add(*(f"d{number}" for number in range(count)))
    world.start().run(MINUTE)
    return world


def drop_for_good(world: World) -> None:
    world.gateway.fault = lambda call: GatewayBusyError() if call.kind is CallKind.CONNECT else None
    world.gateway.drop("d0")


def test_a_device_that_stays_offline_is_alerted_after_the_debounce() -> None:
    world = world_of()
    drop_for_good(world)
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    assert 60 <= world.run_until(lambda: world.alerts() != []) <= 61
    world.gateway.fault = lambda _call: None
    world.run(10 * MINUTE)
    assert world.told() == [(AlertKind.OFFLINE, RAISED), (AlertKind.OFFLINE, RESOLVED)]


def test_a_drop_that_heals_within_a_minute_disturbs_nobody() -> None:
    world = world_of(10)
    world.gateway.drop("d0")
    world.run(HOUR)
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.told() == []


def flap(world: World, times: int = 4) -> None:
    for _ in range(times):
        world.gateway.drop("d0")
        world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
        world.run_until(lambda: world.state("d0") is DeviceState.CONNECTED)


def test_a_device_that_drops_again_and_again_is_a_flapping_one_until_a_connection_holds() -> None:
    world = world_of(10)
    flap(world, 3)
    assert world.told() == []
    flap(world, 1)
    assert world.told() == [(AlertKind.FLAPPING, RAISED)]
    took = world.run_until(lambda: world.open_alerts() == [])
    assert 599 <= took <= 601
    assert world.told() == [(AlertKind.FLAPPING, RAISED), (AlertKind.FLAPPING, RESOLVED)]


def test_a_flapping_device_that_drops_before_its_connection_held_is_one_still() -> None:
    world = world_of(10)
    flap(world, 4)
    world.run(9 * MINUTE)
    flap(world, 1)
    world.run(9 * MINUTE)
    assert world.told() == [(AlertKind.FLAPPING, RAISED)]
    world.run(2 * MINUTE)
    assert world.told()[1:] == [(AlertKind.FLAPPING, RESOLVED)]


def test_a_restart_of_ours_does_not_leave_a_device_flapping_for_ever() -> None:
    world = world_of(10)
    flap(world)
    world.restart()
    world.run(11 * MINUTE)
    assert world.told() == [(AlertKind.FLAPPING, RAISED), (AlertKind.FLAPPING, RESOLVED)]


def test_a_removed_account_leaves_nothing_behind() -> None:
    world = world_of(3)
    world.gateway.unlink("d0")
    del world.gateway.phones["d1"]
    world.run(4 * MINUTE)
    world.gateway.is_token_good = False
    world.run(MINUTE)
    assert len(world.open_alerts()) == 3
    world.controller.remove_account(HOME, world.now)
    world.dispatch()
    assert world.open_alerts() == []
    assert world.saved == {}
    assert world.changes("d2")[-1].reason is Reason.FORGOTTEN
    check_story(world.events)
    world.run(HOUR)
    check_controller(world.controller)


def test_a_removed_account_may_be_added_again_though_its_calls_are_still_out() -> None:
    world = world_of(5)
    world.latency = 10
    world.gateway.drop()
    world.run_until(lambda: world.connects() != [])
    world.wake()
    world.controller.remove_account(HOME, world.now)
    world._under_way.clear()
    world.dispatch()
    world.start()
    check_controller(world.controller)
    world.run(HOUR)
    check_controller(world.controller)
    assert all(phone.connected for phone in world.gateway.phones.values())


def test_an_answer_for_a_removed_account_is_nobody_s() -> None:
    world = world_of()
    world.wake()
    world.controller.remove_account(HOME, world.now)
    world.run(MINUTE)
    assert world.controller.accounts == {}


def test_an_account_that_is_removed_while_it_waits_for_its_turn_makes_no_call() -> None:
    world = world_of()
    world.controller.wake(HOME, None, world.now)
    world.controller.remove_account(HOME, world.now)
    assert world.controller.dispatch(world.now) == []


@pytest.mark.parametrize("kind", [CallKind.STATUS, CallKind.CONNECT])
def test_an_answer_about_a_device_that_was_dropped_is_nobody_s(kind: CallKind) -> None:
    world = world_of()
    account = world.controller.account(HOME)
    call = Call(kind, HOME, "d0", made_at=world.now)
    for change in account.registry.release(world.now):
        world.controller._note(account, [change], world.now)
    world.dispatch()
    told = len(world.events)
    for result in (
        SessionStatus(connected=True, is_logged_in=True),
        ConnectResult(needs_qr=False),
        GatewayBusyError(),
        DeviceNotFoundError(),
        None,
    ):
        world.controller.answer(Answer(call, result), world.now)
    account.registry.look("d0", world.now)
    world.dispatch()
    assert world.events[told:] == []
    assert account.devices == {}


def test_a_device_that_a_stale_listing_does_not_have_yet_is_not_missed() -> None:
    world = World(latency=10)
    world.start().run(1)
    world.pause("d0")
    world.run(11)
    assert world.state("d0") is DeviceState.PAUSED
    assert world.calls_of(CallKind.STATUS) == []


def test_names_of_accounts_are_unique_and_must_be_known() -> None:
    world = world_of()
    with pytest.raises(InvalidInputError, match="already"):
        world.controller.add_account(HOME, world.now)
    for ask in (
        world.controller.account,
        lambda name: world.controller.remove_account(name, world.now),
    ):
        with pytest.raises(InvalidInputError, match="no account"):
            ask("unknown")


def test_a_new_name_of_a_device_is_saved_but_is_no_change_of_state() -> None:
    world = world_of()
    told = len(world.events)
    world.gateway.phones["d0"].name = "Kitchen"
    world.run(MINUTE)
    assert world.saved[HOME, "d0"].name == "Kitchen"
    assert len(world.events) == told


def test_events_have_what_was_promised() -> None:
    world = world_of()
    drop_for_good(world)
    world.run(3 * MINUTE)
    first, dropped, retry = world.changes("d0")[:3]
    assert (first.account, first.device_id, first.device_name) == (HOME, "d0", "D0")
    assert (first.old, first.new, first.attempt) == (None, DeviceState.CONNECTED, 0)
    assert (dropped.old, dropped.new) == (DeviceState.CONNECTED, DeviceState.RECONNECTING)
    assert (dropped.reason, dropped.attempt) == (Reason.DROPPED, 1)
    assert (retry.old, retry.new, retry.reason) == (dropped.new, dropped.new, Reason.RETRY)
    assert retry.attempt == 2
    assert retry.next_try is not None
    assert retry.next_try > retry.at


def test_a_gateway_that_is_down_when_we_start_is_told() -> None:
    world = World()
    world.gateway.add("d0")
    world.gateway.is_down = True
    world.start().run(10 * MINUTE)
    assert world.controller.account(HOME).state is AccountState.GATEWAY_DOWN
    assert world.told() == [(AlertKind.GATEWAY_DOWN, RAISED)]


class Unwalked(dict[str, Account]):
    """Accounts that nobody may go through one by one."""

    def __iter__(self) -> NoReturn:
        pytest.fail("a turn takes a step for each account")

    values = items = keys = __iter__


def test_a_turn_takes_no_step_for_accounts_that_have_nothing_to_do() -> None:
    world = World(accounts=tuple(f"t{number}" for number in range(500)))
    for gateway in world.gateways.values():
        gateway.add("d0")
    world.start().run(MINUTE)
    world.controller.accounts = Unwalked(world.controller.accounts)
    made = len(world.calls)
    world.wake("d0", "t77")
    assert [(call.account, call.kind) for call in world.calls[made:]] == [("t77", CallKind.STATUS)]
    world.run(MINUTE)
    assert len(world.calls) >= made + 500


def test_a_listing_that_cannot_be_taken_in_gives_its_place_back() -> None:
    world = World(SupervisorSettings(concurrency=1), latency=1)
    world.gateway.add("d0")
    world.start()
    [call] = world.calls
    world._under_way.clear()
    taking_in = world.controller.answer(Answer(call, Listing(rows=[None])), world.now)  # type: ignore[list-item]
    with pytest.raises(AttributeError):
        list(taking_in)
    for _ in world.controller.answer(Answer(call, GatewayError()), world.now):
        pass
    check_controller(world.controller)
    world.run(MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


def test_an_account_that_is_given_away_while_its_listing_is_taken_in_is_done_with() -> None:
    world = World(latency=1)
    world.start()
    [call] = world.calls
    world._under_way.clear()
    taking_in = world.controller.answer(Answer(call, Listing(rows=[])), world.now)
    next(taking_in)
    world.controller.release_account(HOME)
    list(taking_in)
    assert world.controller.dispatch(world.now) == []
    check_controller(world.controller)


def test_a_removed_account_gives_the_places_of_its_calls_back() -> None:
    names = ("stuck", "other")
    world = World(SupervisorSettings(concurrency=1), accounts=names, latency=1)
    world.gateways["stuck"].hangs = lambda _call: True
    world.gateways["other"].add("d0")
    world.start().run(MINUTE)
    assert {call.account for call in world.calls} == {"stuck"}
    world.controller.remove_account("stuck", world.now)
    world.run(MINUTE)
    assert world.device("d0", "other").state is DeviceState.CONNECTED
