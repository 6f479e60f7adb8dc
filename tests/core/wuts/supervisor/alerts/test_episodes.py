from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wuts.supervisor import Alert, AlertKind, AlertStatus, SupervisorSettings
from wuts.supervisor.alerts.episodes import DEBOUNCED, REMINDED, AlertBook, Subject
from wuts.supervisor.controller import Controller
from wuts.supervisor.delivery.outbox import Outbox
from wuts.supervisor.events import utc
from wuts.supervisor.store import Saved, SavedAlert

NOW = 1_790_000_000.123456789
DAY = 86_400.0
OFFLINE = Subject(AlertKind.OFFLINE, "home", "d0")
PAIRING = Subject(AlertKind.NEEDS_PAIRING, "home", "d0")


def book(*, debounce: float = 60.0, remind_after: float = DAY) -> AlertBook:
    return AlertBook(SupervisorSettings(debounce=debounce, remind_after=remind_after), Random(1))


def due(alerts: AlertBook, now: float, *, may_raise: bool = True) -> list[Alert]:
    """Look at what is due by then."""
    keys = [key for key in alerts._episodes if alerts.next_look(key) <= now]
    return [one for key in keys for one in alerts.look(key, now, may_raise=may_raise)]


def statuses(alerts: list[Alert]) -> list[AlertStatus]:
    return [alert.status for alert in alerts]


@pytest.mark.parametrize("kind", [kind for kind in AlertKind if kind not in DEBOUNCED])
def test_what_does_not_heal_by_itself_is_raised_at_once(kind: AlertKind) -> None:
    alerts = book()
    [alert] = alerts.begin(Subject(kind, "home", "d0"), NOW, "One")
    assert alert.status is AlertStatus.RAISED
    assert (alert.kind, alert.account, alert.device_id) == (kind, "home", "d0")
    assert alert.device_name == "One"
    assert alert.since == alert.at == datetime.fromtimestamp(NOW, UTC)
    assert alerts.open_alerts() == (alert,)


@pytest.mark.parametrize("kind", sorted(DEBOUNCED))
def test_what_may_heal_by_itself_waits_for_the_debounce(kind: AlertKind) -> None:
    alerts = book()
    subject = Subject(kind, "home")
    assert alerts.begin(subject, NOW) == []
    assert (due(alerts, NOW + 59.9)) == []
    [alert] = due(alerts, NOW + 60)
    assert alert.status is AlertStatus.RAISED
    assert (alert.at - alert.since).total_seconds() == pytest.approx(60)
    assert alerts.is_open(subject)


def test_what_healed_in_time_was_never_there() -> None:
    alerts = book()
    alerts.begin(OFFLINE, NOW)
    assert alerts.end(OFFLINE, NOW + 59) == []
    assert (due(alerts, NOW + 120)) == []
    assert alerts.open_alerts() == ()


def test_a_drop_after_one_that_healed_waits_for_its_own_debounce() -> None:
    alerts = book()
    alerts.begin(OFFLINE, NOW)
    alerts.end(OFFLINE, NOW + 50)
    alerts.begin(OFFLINE, NOW + 55)
    assert (due(alerts, NOW + 60)) == []
    assert (due(alerts, NOW + 114)) == []
    assert statuses(due(alerts, NOW + 115)) == [AlertStatus.RAISED]


def test_without_a_debounce_it_is_raised_at_once() -> None:
    alerts = book(debounce=0)
    assert alerts.begin(OFFLINE, NOW) == []
    assert alerts.next_look(OFFLINE.key) == NOW
    assert statuses(due(alerts, NOW)) == [AlertStatus.RAISED]


@pytest.mark.parametrize("debounce", [0, 60])
def test_an_alert_that_may_not_be_raised_yet_waits_on(debounce: float) -> None:
    alerts = book(debounce=debounce)
    assert alerts.begin(OFFLINE, NOW) == []
    for seconds in range(0, 1_000, 10):
        assert due(alerts, NOW + seconds, may_raise=False) == []
    assert statuses(due(alerts, NOW + 1_060)) == [AlertStatus.RAISED]


def test_the_same_is_not_raised_twice() -> None:
    alerts = book()
    alerts.begin(PAIRING, NOW)
    alerts.begin(OFFLINE, NOW)
    assert alerts.begin(PAIRING, NOW + 1) == []
    assert alerts.begin(OFFLINE, NOW + 1) == []
    assert len(due(alerts, NOW + 70)) == 1


def test_the_same_of_another_device_or_account_is_another() -> None:
    alerts = book()
    for account in ("home", "office"):
        for device_id in ("d0", "d1", None):
            assert alerts.begin(Subject(AlertKind.NEEDS_PAIRING, account, device_id), NOW)
    assert len({alert.id for alert in alerts.open_alerts()}) == 6


def test_the_end_is_told_once_with_the_same_id() -> None:
    alerts = book()
    [raised] = alerts.begin(PAIRING, NOW)
    [resolved] = alerts.end(PAIRING, NOW + 5)
    assert resolved.status is AlertStatus.RESOLVED
    assert (resolved.id, resolved.since) == (raised.id, raised.since)
    assert alerts.end(PAIRING, NOW + 6) == []
    assert alerts.open_alerts() == ()


def test_the_next_episode_has_an_id_of_its_own() -> None:
    alerts = book()
    [first] = alerts.begin(PAIRING, NOW)
    alerts.end(PAIRING, NOW + 1)
    [second] = alerts.begin(PAIRING, NOW + 700)
    assert first.id != second.id


@given(now=st.floats(1.6e9, 2.2e9), remind_after=st.floats(0.001, 1e7))
def test_a_reminder_comes_whatever_the_time_is(now: float, remind_after: float) -> None:
    """An alert's time is rounded to microseconds, which must not lose the reminder."""
    alerts = book(remind_after=remind_after)
    alerts.begin(PAIRING, now)
    for number in range(1, 4):
        later = now + number * (remind_after + 0.001)
        assert statuses(due(alerts, later)) == [AlertStatus.REMINDED]


@pytest.mark.parametrize("kind", list(AlertKind))
def test_only_what_somebody_must_act_on_is_reminded_of(kind: AlertKind) -> None:
    alerts = book()
    alerts.begin(Subject(kind, "home"), NOW)
    due(alerts, NOW + 60)
    reminders = due(alerts, NOW + 2 * DAY)
    assert bool(reminders) == (kind in REMINDED)
    gone = (AlertKind.DEVICE_GONE, AlertKind.DEVICES_MISSING)
    assert (kind in REMINDED) == (kind not in gone)


def test_no_reminder_comes_too_early_or_after_the_end() -> None:
    alerts = book()
    alerts.begin(PAIRING, NOW)
    assert (due(alerts, NOW + DAY - 1)) == []
    alerts.end(PAIRING, NOW + DAY - 1)
    alerts.begin(PAIRING, NOW + DAY - 1)
    assert (due(alerts, NOW + DAY + 1)) == []
    assert statuses(due(alerts, NOW + 2 * DAY)) == [AlertStatus.REMINDED]


def test_restored_alerts_are_open_and_reminded_of_in_time() -> None:
    before = book()
    [alert] = before.begin(PAIRING, NOW)
    after = book()
    after.restore(alert)
    assert after.open_alerts() == (alert,)
    assert after.begin(PAIRING, NOW + 1) == []
    assert due(after, NOW + DAY - 1) == []
    [reminder] = due(after, NOW + DAY + 0.001)
    assert reminder.id == alert.id


def test_what_was_over_when_the_process_ended_is_not_opened_again() -> None:
    before = book()
    before.begin(PAIRING, NOW)
    controller = Controller(SupervisorSettings(), Random(1), Outbox(), lambda: None)
    [resolved] = before.end(PAIRING, NOW + 1)
    controller.restore(Saved(alerts=(SavedAlert(resolved, delivered=True),)), NOW + 1)
    after = controller.alerts
    assert after.open_alerts() == ()
    assert due(after, NOW + 2 * DAY) == []


def test_a_restored_alert_does_not_wait_to_be_raised_once_more() -> None:
    before = book(debounce=0)
    before.begin(OFFLINE, NOW)
    [alert] = due(before, NOW)
    alerts = book()
    alerts.begin(OFFLINE, NOW + 1)
    alerts.restore(alert)
    assert (due(alerts, NOW + 100)) == []


def test_all_of_a_account_or_of_a_device_can_be_ended() -> None:
    alerts = book()
    for account in ("home", "office"):
        for device_id in ("d0", "d1"):
            alerts.begin(Subject(AlertKind.NEEDS_PAIRING, account, device_id), NOW)
            alerts.begin(Subject(AlertKind.OFFLINE, account, device_id), NOW)
    assert len(alerts.end_all("home", NOW, "d0")) == 1
    assert len(alerts.end_all("home", NOW)) == 1
    assert len(due(alerts, NOW + 60)) == 2
    assert {alert.account for alert in alerts.open_alerts()} == {"office"}


@pytest.mark.parametrize(("after", "is_same"), [(1, True), (599, True), (601, False)])
def test_what_begins_again_soon_after_its_end_is_the_same_episode(
    after: float, *, is_same: bool
) -> None:
    alerts = book()
    [first] = alerts.begin(PAIRING, NOW)
    alerts.end(PAIRING, NOW + 100)
    [second] = alerts.begin(PAIRING, NOW + 100 + after)
    assert (second.id == first.id) is is_same
    assert (second.since == first.since) is is_same
    assert second.status is AlertStatus.RAISED
    assert second.at == utc(NOW + 100 + after)
    assert alerts.open_alerts() == (second,)


def test_an_episode_that_begins_again_is_debounced_again() -> None:
    alerts = book()
    offline = Subject(AlertKind.OFFLINE, "home", "d0")
    alerts.begin(offline, NOW)
    [first] = due(alerts, NOW + 61)
    alerts.end(offline, NOW + 100)
    assert alerts.begin(offline, NOW + 110) == []
    assert [alert.id for alert in due(alerts, NOW + 171)] == [first.id]
