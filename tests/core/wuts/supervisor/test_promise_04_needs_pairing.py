"""``needs_qr`` stops the attempts and raises one alert per episode; a restart changes nothing."""

from itertools import pairwise

import pytest

from tests.core.wuts.supervisor.invariants import check_story
from tests.core.wuts.supervisor.virtual import DAY, HOUR, MINUTE, World
from wuts.errors import GatewayBusyError, WutsError
from wuts.supervisor import AlertKind, AlertStatus, DeviceState, Reason
from wuts.supervisor.account.work_queue import Call, CallKind

RAISED = (AlertKind.NEEDS_PAIRING, AlertStatus.RAISED)
REMINDED = (AlertKind.NEEDS_PAIRING, AlertStatus.REMINDED)
RESOLVED = (AlertKind.NEEDS_PAIRING, AlertStatus.RESOLVED)


def one_device(*, connected: bool = True, linked: bool = True) -> World:
    world = World()
    world.gateway.add("d0", connected=connected, linked=linked)
    world.start().run(MINUTE)
    return world


def unlinked_device() -> World:
    world = one_device()
    world.gateway.unlink("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.NEEDS_PAIRING)
    return world


def pair(world: World, *, connected: bool = True) -> None:
    world.gateway.phones["d0"].linked = True
    world.gateway.phones["d0"].connected = connected


def test_promise_4_needs_qr_stops_the_attempts() -> None:
    world = one_device()
    world.gateway.drop("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.RECONNECTING)
    world.gateway.unlink("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.NEEDS_PAIRING)
    connects = len(world.connects())
    world.run(DAY / 2)
    assert len(world.connects()) == connects <= 1
    assert world.told() == [RAISED]
    assert world.changes("d0")[-1].reason is Reason.UNLINKED


def test_promise_4_a_number_that_is_shown_still_is_tried_again_ever_more_slowly() -> None:
    world = one_device()
    world.gateway.drop("d0")
    world.gateway.credentials_lost.add("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.NEEDS_PAIRING)
    assert world.gateway.phones["d0"].linked
    world.run(DAY / 2)
    world.restart()
    world.run(DAY / 4)
    waits = [later - earlier for earlier, later in pairwise(world.connects())]
    assert waits[0] == pytest.approx(world.settings.cap, rel=0.01)
    assert min(waits) >= world.settings.cap
    assert waits[5] == pytest.approx(HOUR, rel=0.01)
    assert len(waits) < 30
    assert world.path("d0")[-2:] == [DeviceState.RECONNECTING, DeviceState.NEEDS_PAIRING]
    assert world.told() == [RAISED]


def paired_elsewhere() -> World:
    """Pair a device and drop it before a listing saw that; its number was listed all along."""
    world = one_device()
    world.gateway.drop("d0")
    world.gateway.credentials_lost.add("d0")
    world.run_until(lambda: world.state("d0") is DeviceState.NEEDS_PAIRING)
    world.run(HOUR)
    world.gateway.credentials_lost.discard("d0")
    return world


def test_promise_4_a_device_that_was_paired_unseen_is_found() -> None:
    world = paired_elsewhere()
    world.run(HOUR)
    assert world.state("d0") is DeviceState.CONNECTED
    assert world.told() == [RAISED, RESOLVED]


def test_promise_4_a_wake_finds_a_device_that_was_paired_unseen_at_once() -> None:
    world = paired_elsewhere()
    world.wake("d0")
    world.run(1)
    assert world.state("d0") is DeviceState.CONNECTED


def test_promise_4_wakes_of_a_device_that_needs_pairing_cost_one_try() -> None:
    world = paired_elsewhere()
    world.gateway.credentials_lost.add("d0")
    made = len(world.connects())
    for _ in range(100):
        world.wake("d0")
        world.run(1)
    assert len(world.connects()) == made + 1


def test_promise_4_exactly_one_alert_per_episode() -> None:
    world = unlinked_device()
    for _ in range(3):
        pair(world)
        world.run_until(lambda: world.state("d0") is DeviceState.CONNECTED)
        world.run(HOUR)
        world.gateway.unlink("d0")
        world.run_until(lambda: world.state("d0") is DeviceState.NEEDS_PAIRING)
        world.run(HOUR)
    assert world.told() == [RAISED, RESOLVED] * 3 + [RAISED]
    assert len({alert.id for alert in world.alerts()}) == 4


def test_promise_4_what_begins_again_soon_is_the_same_episode() -> None:
    world = unlinked_device()
    for _ in range(3):
        pair(world)
        world.run_until(lambda: world.state("d0") is DeviceState.CONNECTED)
        world.gateway.unlink("d0")
        world.run_until(lambda: world.state("d0") is DeviceState.NEEDS_PAIRING)
    assert world.told() == [RAISED, RESOLVED] * 3 + [RAISED]
    assert len({(alert.id, alert.since) for alert in world.alerts()}) == 1
    check_story(world.events)


def test_promise_4_pairing_closes_the_alert_and_says_so() -> None:
    world = unlinked_device()
    world.run(HOUR)
    pair(world)
    world.run(MINUTE)
    assert world.told() == [RAISED, RESOLVED]
    assert world.open_alerts() == []
    raised, resolved = world.alerts()
    assert raised.id == resolved.id
    assert raised.since == resolved.since
    assert world.changes("d0")[-1].reason is Reason.PAIRED


def test_promise_4_a_pairing_whose_session_is_not_up_yet_is_helped() -> None:
    world = unlinked_device()
    pair(world, connected=False)
    world.run(3 * MINUTE)
    assert world.path("d0")[-2:] == [DeviceState.RECONNECTING, DeviceState.CONNECTED]
    assert world.told() == [RAISED, RESOLVED]


def test_promise_4_a_pairing_is_noticed_though_the_status_fails_at_first() -> None:
    world = unlinked_device()

    def fault(call: Call) -> WutsError | None:
        return GatewayBusyError() if call.kind is CallKind.STATUS else None

    world.gateway.fault = fault
    pair(world, connected=False)
    world.run(10 * MINUTE)
    assert world.state("d0") is DeviceState.NEEDS_PAIRING
    world.gateway.fault = lambda _call: None
    world.run(3 * MINUTE)
    assert world.state("d0") is DeviceState.CONNECTED


@pytest.mark.slow
def test_promise_4_a_reminder_comes_every_day_until_someone_acts() -> None:
    world = unlinked_device()
    world.run(3 * DAY + HOUR)
    pair(world)
    world.run(2 * DAY)
    assert world.told() == [RAISED, REMINDED, REMINDED, REMINDED, RESOLVED]


def test_promise_4_a_device_that_was_never_paired_raises_none() -> None:
    world = one_device(connected=False, linked=False)
    world.run(3 * DAY)
    assert world.path("d0") == [DeviceState.NEVER_PAIRED]
    assert world.told() == []
    assert world.connects() == []


def test_promise_4_a_number_that_vanished_means_logged_out_not_never_paired() -> None:
    world = one_device()
    world.gateway.unlink("d0")
    world.run(2 * MINUTE)
    assert world.path("d0") == [DeviceState.CONNECTED, DeviceState.NEEDS_PAIRING]
    assert world.told() == [RAISED]
    assert world.connects() == []


def test_promise_4_logged_out_while_we_were_away_is_still_logged_out() -> None:
    world = one_device()
    world.gateway.unlink("d0")
    world.restart()
    world.run(2 * MINUTE)
    assert world.path("d0")[-1] is DeviceState.NEEDS_PAIRING
    assert world.told() == [RAISED]


@pytest.mark.parametrize("restarts", [1, 5])
def test_promise_4_a_restart_of_ours_repeats_no_alert(restarts: int) -> None:
    world = unlinked_device()
    for _ in range(restarts):
        world.restart()
        world.run(10 * MINUTE)
    assert world.told() == [RAISED]
    assert world.open_alerts() == [AlertKind.NEEDS_PAIRING]
    assert world.connects() == []


def test_promise_4_a_restart_of_ours_loses_no_alert() -> None:
    world = unlinked_device()
    world.restart()
    world.run(DAY + HOUR)
    assert world.told() == [RAISED, REMINDED]
    pair(world)
    world.run(MINUTE)
    assert world.told() == [RAISED, REMINDED, RESOLVED]
    assert len({alert.id for alert in world.alerts()}) == 1


def test_promise_4_a_pairing_while_we_were_away_closes_the_alert() -> None:
    world = unlinked_device()
    pair(world)
    world.restart()
    world.run(MINUTE)
    assert world.told() == [RAISED, RESOLVED]


def test_promise_4_many_restarts_never_move_the_reminder() -> None:
    world = unlinked_device()
    for _ in range(23):
        world.run(HOUR)
        world.restart()
    assert world.told() == [RAISED]
    world.run(2 * HOUR)
    assert world.told() == [RAISED, REMINDED]
