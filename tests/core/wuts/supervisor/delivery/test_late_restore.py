"""A store that is read only after supervision has begun."""

from dataclasses import replace

from tests.core.wuts.supervisor.invariants import check_controller
from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, World
from wuts.supervisor import Alert, AlertKind, AlertStatus, DeviceState
from wuts.supervisor.device.device import DeviceSnapshot
from wuts.supervisor.store import Saved, SavedAlert

SNAPSHOT = DeviceSnapshot(
    account=HOME,
    device_id="d0",
    name="D0",
    was_paired=True,
    paused=False,
    needs_pairing=False,
    stale_link=False,
)


def remembered(
    world: World, *snapshots: DeviceSnapshot, alerts: tuple[Alert, ...] = ()
) -> list[Alert]:
    """Take in what was saved; return the alerts that are dropped without a word."""
    saved = Saved(snapshots, tuple(SavedAlert(alert, delivered=True) for alert in alerts))
    world.controller.restore(saved, world.now)
    delivered = world.outbox.delivered
    dropped = [alert for alert in alerts if delivered.get(alert.id) is AlertStatus.RESOLVED]
    world.dispatch()
    return dropped


def world_of(*, connected: bool = True, linked: bool = True) -> World:
    world = World()
    world.gateway.add("d0", connected=connected, linked=linked)
    world.start().run(MINUTE)
    return world


def alert_of_before(kind: AlertKind, device_id: str | None = "d0") -> Alert:
    """Make the alert that an earlier process raised."""
    before = world_of()
    if kind is AlertKind.NEEDS_PAIRING:
        before.gateway.unlink("d0")
    elif kind is AlertKind.TOKEN_REFUSED:
        before.gateway.is_token_good = False
    before.run(2 * MINUTE)
    [alert] = before.alerts(kind)
    return replace(alert, device_id=device_id)


def test_a_pause_is_honoured_though_it_is_known_late() -> None:
    world = world_of()
    remembered(world, replace(SNAPSHOT, paused=True))
    world.gateway.drop()
    world.run(HOUR)
    assert world.state("d0") is DeviceState.PAUSED
    assert world.connects() == []


def test_a_pause_of_a_device_that_was_not_listed_yet_is_honoured_too() -> None:
    world = World()
    world.gateway.is_down = True
    world.gateway.add("d0", connected=False)
    world.start().run(MINUTE)
    remembered(world, replace(SNAPSHOT, paused=True))
    world.gateway.is_down = False
    world.run(HOUR)
    assert world.connects() == []


def test_a_device_that_looked_never_paired_turns_out_to_be_logged_out() -> None:
    world = world_of(connected=False, linked=False)
    assert world.state("d0") is DeviceState.NEVER_PAIRED
    remembered(world, SNAPSHOT)
    world.run(MINUTE)
    assert world.state("d0") is DeviceState.NEEDS_PAIRING


def test_an_alert_that_is_over_by_now_is_resolved() -> None:
    world = world_of()
    alert = alert_of_before(AlertKind.NEEDS_PAIRING)
    assert remembered(world, SNAPSHOT, alerts=(alert,)) == []
    [resolved] = world.alerts()
    assert (resolved.id, resolved.status) == (alert.id, AlertStatus.RESOLVED)


def test_an_alert_of_a_account_that_is_over_by_now_is_resolved() -> None:
    world = world_of()
    remembered(world, alerts=(alert_of_before(AlertKind.TOKEN_REFUSED, None),))
    assert world.told() == [(AlertKind.TOKEN_REFUSED, AlertStatus.RESOLVED)]


def test_an_alert_that_is_being_looked_into_waits_for_the_answer() -> None:
    world = world_of(connected=False, linked=False)
    remembered(world, SNAPSHOT, alerts=(alert_of_before(AlertKind.NEEDS_PAIRING),))
    assert world.told() == []
    world.run(MINUTE)
    assert world.state("d0") is DeviceState.NEEDS_PAIRING
    assert world.told() == []
    assert world.open_alerts() == [AlertKind.NEEDS_PAIRING]


def test_an_alert_that_was_raised_anew_replaces_the_old_one() -> None:
    world = world_of()
    world.gateway.unlink("d0")
    world.run(2 * MINUTE)
    alert = alert_of_before(AlertKind.NEEDS_PAIRING)
    other = replace(alert, id="another")
    assert remembered(world, SNAPSHOT, alerts=(other,)) == [other]
    assert len(world.open_alerts()) == 1
    assert world.told() == [(AlertKind.NEEDS_PAIRING, AlertStatus.RAISED)]


def test_an_alert_of_a_device_that_is_unknown_still_stays_open() -> None:
    world = World()
    world.gateway.is_down = True
    world.start().run(1)
    remembered(world, alerts=(alert_of_before(AlertKind.NEEDS_PAIRING),))
    assert world.open_alerts() == [AlertKind.NEEDS_PAIRING]
    assert world.told() == []


def test_what_belongs_to_a_account_that_comes_later_waits_for_it() -> None:
    world = World(accounts=())
    alert = alert_of_before(AlertKind.NEEDS_PAIRING)
    snapshot = replace(SNAPSHOT, needs_pairing=True)
    remembered(world, snapshot, alerts=(alert,))
    world.controller.add_account(HOME, world.now)
    assert world.state("d0") is DeviceState.NEEDS_PAIRING
    assert world.open_alerts() == [AlertKind.NEEDS_PAIRING]
    check_controller(world.controller)


def test_alerts_that_were_resolved_before_stay_so() -> None:
    world = world_of()
    alert = replace(alert_of_before(AlertKind.NEEDS_PAIRING), status=AlertStatus.RESOLVED)
    remembered(world, SNAPSHOT, alerts=(alert,))
    assert world.told() == []
    assert world.open_alerts() == []
