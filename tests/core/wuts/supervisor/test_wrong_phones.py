"""A wrong phone is a state: alerted until a person answers, over restarts and absences."""

from dataclasses import replace

import pytest

from tests.core.wuts.supervisor.delivery.test_late_restore import SNAPSHOT
from tests.core.wuts.supervisor.invariants import check_controller
from tests.core.wuts.supervisor.virtual import DAY, HOME, HOUR, MINUTE, World
from wuts.supervisor import AlertKind, AlertStatus, Device, DeviceState, Phone, PhoneQuestion
from wuts.supervisor.device import phone_changes
from wuts.supervisor.device.phone_changes import PhoneChange

ANA, BOB, EVE = "5511987654321", "5511912345678", "447911123456"
WRONG, UNCHECKED = AlertKind.WRONG_PHONE, AlertKind.PHONE_UNCHECKED
RAISED, REMINDED, RESOLVED = AlertStatus.RAISED, AlertStatus.REMINDED, AlertStatus.RESOLVED
INTERVAL = 30.0


def world_of(number: str | None = ANA) -> World:
    world = World()
    world.gateway.add("d0", "d1")
    world.gateway.phones["d0"].number = number
    world.start().run(2 * MINUTE)
    return world


def show(world: World, number: str | None) -> None:
    world.gateway.phones["d0"].number = number


def say(world: World, change: PhoneChange) -> None:
    world.controller.change_phone(HOME, "d0", change, world.now)
    world.dispatch()


def keep(world: World) -> None:
    registry = world.controller.account(HOME).registry
    device = registry.devices.get("d0") or registry.kept["d0"]
    say(world, phone_changes.keep(device.phone.question_id))


def wrong_phone() -> World:
    world = world_of()
    show(world, BOB)
    world.run(2 * MINUTE)
    assert world.told() == [(WRONG, RAISED)]
    return world


def test_another_phone_linked_elsewhere_while_nobody_looked_is_alerted() -> None:
    world = world_of()
    world.restart()
    show(world, BOB)
    world.run(2 * MINUTE)
    assert world.told() == [(WRONG, RAISED)]
    assert world.alerts()[0].device_name == "D0"
    assert (world.device("d0").expected_number, world.device("d0").linked_number) == (ANA, BOB)


def test_one_odd_field_is_no_alert() -> None:
    world = world_of()
    for odd in (BOB, EVE, BOB):
        show(world, odd)
        world.run(INTERVAL)
        show(world, ANA)
        world.run(2 * INTERVAL)
    assert world.told() == []
    assert world.device("d0").linked_number == ANA


def test_a_number_that_is_hidden_changes_nothing() -> None:
    world = world_of()
    show(world, None)
    world.run(HOUR)
    world.restart()
    world.run(HOUR)
    assert (world.device("d0").expected_number, world.told()) == (ANA, [])


def test_a_wrong_phone_is_alerted_once_and_reminded_of_until_it_is_kept() -> None:
    world = wrong_phone()
    world.run(DAY)
    keep(world)
    world.run(DAY)
    assert world.told() == [(WRONG, RAISED), (WRONG, REMINDED), (WRONG, RESOLVED)]
    assert world.device("d0").expected_number == BOB
    check_controller(world.controller)


def test_a_wrong_phone_that_is_unlinked_is_over_and_the_old_one_still_expected() -> None:
    world = wrong_phone()
    world.gateway.unlink("d0")
    show(world, None)
    world.run(2 * MINUTE)
    assert world.state("d0") is DeviceState.NEEDS_PAIRING
    assert world.told(WRONG) == [(WRONG, RAISED), (WRONG, RESOLVED)]
    assert world.device("d0").expected_number == ANA
    world.gateway.phones["d0"].connected = world.gateway.phones["d0"].linked = True
    show(world, ANA)
    world.run(2 * MINUTE)
    assert world.open_alerts() == []
    assert world.device("d0").linked_number == ANA


def test_a_number_that_is_listed_still_after_the_phone_has_unlinked_it_is_not_asked_about() -> None:
    world = wrong_phone()
    world.gateway.drop("d0")
    world.gateway.credentials_lost.add("d0")
    world.run(10 * MINUTE)
    assert world.state("d0") is DeviceState.NEEDS_PAIRING
    assert world.open_alerts() == [AlertKind.NEEDS_PAIRING]


def test_the_right_phone_that_is_linked_again_ends_the_question() -> None:
    world = wrong_phone()
    show(world, ANA)
    world.run(2 * MINUTE)
    assert world.told() == [(WRONG, RAISED), (WRONG, RESOLVED)]


def test_a_pairing_that_could_not_be_checked_is_alerted_until_a_listing_tells() -> None:
    world = world_of()
    show(world, None)
    say(world, phone_changes.report(None, ANA))
    assert world.told() == [(UNCHECKED, RAISED)]
    world.run(HOUR)
    show(world, BOB)
    world.run(2 * MINUTE)
    assert world.told() == [(UNCHECKED, RAISED), (UNCHECKED, RESOLVED), (WRONG, RAISED)]


@pytest.mark.parametrize("restarts", [0, 1, 3])
def test_a_question_outlives_restarts_and_is_told_once(restarts: int) -> None:
    world = wrong_phone()
    question_id = world.device("d0").phone.question_id
    for _ in range(restarts):
        world.restart()
        world.run(HOUR)
    assert world.told() == [(WRONG, RAISED)]
    assert world.device("d0").phone.question_id == question_id
    keep(world)
    assert world.told() == [(WRONG, RAISED), (WRONG, RESOLVED)]


@pytest.mark.parametrize("is_restarted", [False, True])
def test_a_question_outlives_its_devices_absence_without_a_reminder(is_restarted: bool) -> None:
    world = wrong_phone()
    away = world.gateway.phones.pop("d0")
    world.run(HOUR)
    if is_restarted:
        world.restart()
    world.run(2 * DAY)
    assert world.told() == [(WRONG, RAISED), (AlertKind.DEVICE_GONE, RAISED)]
    world.gateway.phones["d0"] = away
    world.run(2 * MINUTE)
    assert world.open_alerts() == [WRONG]
    assert facts(world.device("d0")) == (ANA, BOB, PhoneQuestion.WRONG_PHONE)
    keep(world)
    assert world.open_alerts() == []


def test_a_question_can_be_answered_while_its_device_is_away() -> None:
    world = wrong_phone()
    away = world.gateway.phones.pop("d0")
    world.run(HOUR)
    keep(world)
    assert world.open_alerts() == [AlertKind.DEVICE_GONE]
    world.restart()
    world.gateway.phones["d0"] = away
    world.run(2 * MINUTE)
    assert facts(world.device("d0")) == (BOB, BOB, None)
    assert world.open_alerts() == []


def test_a_device_that_was_gone_is_told_once_though_it_is_remembered() -> None:
    world = world_of()
    del world.gateway.phones["d0"]
    world.run(HOUR)
    world.restart()
    world.run(HOUR)
    assert world.told() == [(AlertKind.DEVICE_GONE, RAISED)]
    assert len(world.changes("d0")) == 2
    assert world.saved[HOME, "d0"].expected_number == ANA


def test_of_a_device_that_a_person_deleted_no_number_is_left() -> None:
    world = wrong_phone()
    world.forget("d0")
    assert world.device("d0").phone == Phone()
    world.run(HOUR)
    del world.gateway.phones["d0"]
    world.run(HOUR)
    snapshot = world.saved.get((HOME, "d0"))
    assert snapshot is None or snapshot.phone == Phone()
    assert world.open_alerts() == []


def test_an_expected_phone_counts_before_the_device_was_listed() -> None:
    world = World()
    world.gateway.add("d0")
    show(world, BOB)
    world.start()
    say(world, phone_changes.expect(ANA))
    world.run(2 * MINUTE)
    assert world.told() == [(WRONG, RAISED)]


def test_what_is_known_late_is_asked_once_and_under_the_same_alert() -> None:
    before = wrong_phone()
    [alert] = before.alerts()
    world = world_of(BOB)
    assert world.told() == []
    world.restore(*before.saved.values(), alerts=(alert,))
    world.run(2 * MINUTE)
    assert world.told() == []
    assert [one.id for one in world.controller.alerts.open_alerts()] == [alert.id]
    assert facts(world.device("d0")) == (ANA, BOB, PhoneQuestion.WRONG_PHONE)


def test_an_expectation_that_is_known_late_is_compared_with_what_was_seen() -> None:
    world = world_of(BOB)
    world.restore(replace(SNAPSHOT, expected_number=ANA, linked_number=ANA))
    world.run(2 * MINUTE)
    assert world.told() == [(WRONG, RAISED)]


def facts(device: Device) -> tuple[str | None, str | None, PhoneQuestion | None]:
    return device.expected_number, device.linked_number, device.phone_question


def test_no_number_is_in_what_is_told_or_shown() -> None:
    world = wrong_phone()
    shown = repr([world.events, world.device("d0"), list(world.saved.values())])
    assert ANA not in shown
    assert BOB not in shown
