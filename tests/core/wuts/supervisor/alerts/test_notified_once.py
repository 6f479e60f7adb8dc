"""Over restarts and between processes, news comes once."""

from tests.core.wuts.supervisor.alerts.notified import TWO, mute, pair, told, unlink, world
from tests.core.wuts.supervisor.virtual import HOME, HOUR, MINUTE, START
from wuts.supervisor import AlertStatus
from wuts.supervisor.alerts.mutes import MuteScope
from wuts.supervisor.alerts.notifications import News, Notification


def test_a_restart_tells_nothing_twice_and_forgets_nothing() -> None:
    found = world(TWO)
    unlink(found, "d0", "d1")
    mute(found, MuteScope(HOME, "d1"), 3 * HOUR)
    found.run(5 * MINUTE)
    acknowledged = found.notified[0].alerts[0]
    found.controller.desk.acknowledge(HOME, acknowledged.id, "Ana", "", found.now)
    found.run(MINUTE)
    before = [(one.id, one.sequence) for one in found.notified]
    found.restart()
    found.run(HOUR)
    assert [(one.id, one.sequence) for one in found.notified] == before
    [kept] = [one for one in found.controller.alerts.open_alerts() if one.device_id == "d0"]
    assert kept.acknowledged_by == "Ana"
    found.run(3 * HOUR)
    assert found.notified[-1].news is News.MUTE_ENDED or told(found, "rui") == [News.ESCALATED]
    pair(found, "d0", "d1")
    found.restart()
    found.run(HOUR)
    over = {one.id for one in found.notified if one.is_over}
    assert over == {one.id for one in found.notified}


def test_what_was_not_delivered_is_told_after_the_restart_with_the_same_id() -> None:
    found = world()
    found.deaf.add("ana")
    unlink(found, "d0")
    found.run(MINUTE)
    [sent] = found._sent.values()
    found.deaf.clear()
    found.restart()
    assert [(one.id, one.sequence) for one in found.notified] == [(sent.id, sent.sequence)]
    found.run(HOUR)
    assert len(found.notified) == 1


def test_what_is_over_is_forgotten() -> None:
    found = world()
    unlink(found, "d0")
    found.run(MINUTE)
    pair(found, "d0")
    found.run(HOUR)
    assert found._sent == {}


def test_nothing_is_told_twice_under_one_number() -> None:
    found = world(TWO, devices=30)
    for number in range(12):
        found.at(7.0 * number, lambda number=number: unlink(found, f"d{number}"))  # type: ignore[misc]
        found.at(400.0 + 31.0 * number, lambda number=number: pair(found, f"d{number}"))  # type: ignore[misc]
    found.run(2 * HOUR)
    keys = [(one.id, one.sequence) for one in found.notified]
    assert len(keys) == len(set(keys))
    newest: dict[str, Notification] = {one.id: one for one in found.notified}
    assert all(one.is_over for one in newest.values())
    assert found.now > START


def test_what_another_process_looks_after_is_nobody_s_news_here() -> None:
    """A receiver may take what it was told after the account was released."""
    found = world()
    found.deaf.add("ana")
    unlink(found, "d0")
    found.run(MINUTE)
    [sent] = found._sent.values()
    found.controller.release_account(HOME)
    found.controller.desk.delivered(sent, found.now)
    assert not found.outbox.take_changes()


def test_an_end_that_a_receiver_did_not_hear_of_is_told_with_the_next_update() -> None:
    found = world(devices=20)
    ids = [f"d{number}" for number in range(8)]
    unlink(found, *ids)
    found.run(MINUTE)
    found.deaf.add("ana")
    pair(found, *ids[:3])
    found.run(MINUTE)
    pair(found, ids[3])
    found.run(MINUTE)
    assert len(found.notified) == 1
    found.deaf.clear()
    found.restart()
    found.run(MINUTE)
    over = {
        alert.device_id
        for one in found.notified
        for alert in one.alerts
        if alert.status is AlertStatus.RESOLVED
    }
    assert over == set(ids[:4])
