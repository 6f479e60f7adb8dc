"""What is muted is not told, until the mute ends."""

import pytest

from tests.core.wuts.supervisor.alerts.notified import acknowledge, mute, pair, told, unlink, world
from tests.core.wuts.supervisor.virtual import DAY, HOME, HOUR, MINUTE
from wuts.errors import InvalidInputError
from wuts.supervisor import Alert, AlertKind, AlertStatus, AlertUpdate, AlertUpdated
from wuts.supervisor.alerts.mutes import MuteScope
from wuts.supervisor.alerts.notifications import News
from wuts.supervisor.events import utc


def test_what_is_muted_is_not_told_until_the_mute_ends() -> None:
    found = world()
    mute(found, MuteScope(HOME, "d0"), 2 * HOUR)
    unlink(found, "d0", "d1")
    found.run(HOUR)
    assert [one.alerts[0].device_id for one in found.notified] == ["d1"]
    found.run(2 * HOUR)
    last = found.notified[-1]
    assert (last.news, last.alerts[0].device_id) == (News.MUTE_ENDED, "d0")
    assert last.mute is not None
    assert (last.mute.by, last.mute.reason) == ("Ana", "moving house")
    assert found._mutes == {}


@pytest.mark.parametrize(
    "scope",
    [
        MuteScope(HOME),
        MuteScope(HOME, "d0"),
        MuteScope(HOME, None, AlertKind.NEEDS_PAIRING),
        MuteScope(HOME, "d0", AlertKind.NEEDS_PAIRING),
    ],
)
@pytest.mark.slow
def test_a_mute_until_it_recovers_ends_with_the_alert_and_the_next_one_says_so(
    scope: MuteScope,
) -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    mute(found, scope, None)
    found.run(3 * DAY)
    assert told(found) == [News.RAISED]
    pair(found, "d0")
    found.run(DAY)
    assert told(found) == [News.RAISED, News.RESOLVED]
    assert found.controller.desk.mutes.of_account(HOME) == ()
    unlink(found, "d0")
    found.run(HOUR)
    assert told(found)[-1] is News.MUTE_ENDED


def test_a_mute_of_several_waits_for_the_last_of_them() -> None:
    found = world()
    unlink(found, "d0", "d1")
    found.run(MINUTE)
    mute(found, MuteScope(HOME), None)
    pair(found, "d0")
    found.run(HOUR)
    assert len(found.controller.desk.mutes.of_account(HOME)) == 1
    pair(found, "d1")
    found.run(HOUR)
    assert found.controller.desk.mutes.of_account(HOME) == ()


@pytest.mark.parametrize(
    "scope",
    [MuteScope("office"), MuteScope(HOME, "d1"), MuteScope(HOME, None, AlertKind.OFFLINE)],
)
def test_a_mute_of_something_else_hides_nothing(scope: MuteScope) -> None:
    found = world()
    mute(found, scope, DAY)
    unlink(found, "d0")
    found.run(HOUR)
    assert told(found) == [News.RAISED]


def test_who_unmutes_hears_of_what_is_open() -> None:
    found = world()
    mute(found, MuteScope(HOME), DAY)
    unlink(found, "d0")
    found.run(HOUR)
    assert found.notified == []
    assert found.controller.desk.unmute(MuteScope(HOME), "Rui", found.now)
    assert not found.controller.desk.unmute(MuteScope(HOME), "Rui", found.now)
    found.run(MINUTE)
    assert told(found) == [News.MUTE_ENDED]


def test_a_mute_in_the_past_is_refused() -> None:
    found = world()
    with pytest.raises(InvalidInputError, match="future"):
        mute(found, MuteScope(HOME), -1.0)


@pytest.mark.parametrize("late", [0.0, 0.5])
def test_a_mute_at_the_very_moment_of_a_look_does_not_take_its_place(late: float) -> None:
    found = world()
    found.now = found.controller.next_due() + late
    until = utc(found.now + DAY)
    found.controller.desk.mute(MuteScope(HOME), until, "Ana", "moving house", found.now)
    assert found.controller.next_due() <= found.now


def test_a_mute_that_ends_while_somebody_has_the_alert_is_known_and_reminds_nobody() -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    acknowledge(found)
    found.run(MINUTE)
    mute(found, MuteScope(HOME), HOUR)
    found.run(HOUR)
    updates = [one.update for one in found.events if isinstance(one, AlertUpdated)]
    assert updates == [AlertUpdate.ACKNOWLEDGED, AlertUpdate.MUTED, AlertUpdate.MUTE_ENDED]
    assert told(found) == [News.RAISED, News.ACKNOWLEDGED]
    assert [one.status for one in found.events if isinstance(one, Alert)] == [AlertStatus.RAISED]
