"""An Alertmanager: what it gets, that it believes it, and that it does not forget it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.core.wuts.receivers.alertmanager_server import Server, alertmanager, running
from tests.core.wuts.receivers.listening import Json, Listening
from tests.core.wuts.receivers.notified import device_alert, notification, over, taken
from tests.core.wuts.supervisor.home import until
from tests.core.wuts.supervisor.store.values import alert
from wuts.receivers import NotTakenError, receiver_of
from wuts.receivers.alertmanager import AlertmanagerReceiver
from wuts.supervisor import Alert, Cause, News, Notification

PROGRAM = alertmanager()
needs_program = pytest.mark.skipif(PROGRAM is None, reason="there is no Alertmanager")


def receiver(place: str) -> AlertmanagerReceiver:
    found = receiver_of(f"alertmanager+http://{place}", dashboard_url="https://wuts.example/")
    assert isinstance(found, AlertmanagerReceiver)
    return found


def now(one: Alert) -> Alert:
    """Return an alert that has begun a minute ago."""
    at = datetime.now(UTC) - timedelta(minutes=1)
    return replace(one, since=at, at=at)


def ended(one: Alert) -> Alert:
    return replace(over(one), at=datetime.now(UTC))


async def test_each_alert_has_labels_that_stay_and_words_that_need_not(
    listening: Listening,
) -> None:
    banned = replace(taken(device_alert(1, name="Sales +55 11 99999-1234")), cause=Cause.REPLACED)
    await receiver(listening.place)(notification(banned, over(device_alert(2))))
    [sent] = listening.requests
    assert sent.path == "/api/v2/alerts"
    first, second = sent.document
    description = first["annotations"].pop("description")
    assert description.splitlines()[1:] == [
        "Another program is using its session.",
        "Stop the other program, then reconnect the device.",
        "Acknowledged by Ana: on my way",
    ]
    assert first == {
        "labels": {
            "alertname": "WutsNeedsPairing",
            "account": "home",
            "device_id": "device-1",
            "device": "Sales …1234",
            "kind": "needs_pairing",
            "severity": "critical",
        },
        "annotations": {
            "summary": "Sales …1234 must be paired again",
            "cause": "replaced",
            "next_step": "close_other_session",
            "acknowledged_by": "Ana",
        },
        "startsAt": "2026-11-01T12:30:15.123456Z",
        "generatorURL": "https://wuts.example/",
    }
    assert second["endsAt"] == "2026-11-01T13:30:15.123456Z"


async def test_an_alert_of_an_account_has_no_labels_of_a_device(listening: Listening) -> None:
    await receiver(listening.place)(notification(alert(device_id=None)))
    [[entry]] = listening.documents
    assert entry["labels"] == {
        "alertname": "WutsTokenRefused",
        "account": "home",
        "kind": "token_refused",
        "severity": "critical",
    }


async def test_an_address_may_have_a_login_and_a_path(listening: Listening) -> None:
    await receiver_of(f"alertmanager+http://ana:pass@{listening.place}/am/")(notification())
    [sent] = listening.requests
    assert (sent.path, sent.login) == ("/am/api/v2/alerts", "ana:pass")


async def test_very_many_are_sent_in_several_requests(listening: Listening) -> None:
    await receiver(listening.place)(notification(*(device_alert(one) for one in range(1000))))
    assert [len(document) for document in listening.documents] == [250] * 4


async def test_what_is_open_is_sent_again_and_once(listening: Listening) -> None:
    told: list[Notification] = [
        notification(device_alert(1), over(device_alert(2))),
        notification(device_alert(1), news=News.ESCALATED, id_="b" * 32),
        notification(device_alert(3), id_="c" * 32),
    ]
    await receiver(listening.place).repeat(lambda: told)
    [entries] = listening.documents
    assert [one["labels"]["device_id"] for one in entries] == ["device-1", "device-3"]
    assert not any("endsAt" in one for one in entries)


async def test_nothing_open_is_no_request(listening: Listening) -> None:
    await receiver(listening.place).repeat(list)
    assert listening.requests == []


async def test_what_is_over_is_not_opened_again_by_an_older_repeat(listening: Listening) -> None:
    listening.hangs = True
    one, told = receiver(listening.place), [notification()]
    repeating = asyncio.create_task(one.repeat(lambda: told))
    await until(lambda: bool(listening.requests))
    repeating.cancel()
    ending = asyncio.create_task(one(notification(over(device_alert()), news=News.RESOLVED)))
    await asyncio.wait([repeating])
    assert len(listening.requests) == 1, "the end waits for what is on its way"
    listening.release()
    await ending
    assert ["endsAt" in document[0] for document in listening.documents] == [False, True]


async def test_a_refusal_is_told_with_its_status_only(listening: Listening) -> None:
    listening.status = 400
    with pytest.raises(NotTakenError, match=r"^It answered with status 400\.$"):
        await receiver(listening.place)(notification())


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[Server]:
    assert PROGRAM is not None
    with running(PROGRAM, tmp_path, resolve_timeout="5s") as found:
        await found.until_ready()
        yield found


def device_ids(alerts: list[Json]) -> list[str]:
    return sorted(one["labels"]["device_id"] for one in alerts)


@pytest.mark.slow
@needs_program
async def test_a_real_one_shows_an_alert_until_it_is_over(server: Server) -> None:
    one, two = now(device_alert(1)), now(device_alert(2))
    told = receiver(server.place)
    await told(notification(one, two))
    shown = await server.alerts()
    assert device_ids(shown) == ["device-1", "device-2"]
    [first] = [each for each in shown if each["labels"]["device_id"] == "device-1"]
    assert first["status"]["state"] == "active"
    assert datetime.fromisoformat(first["startsAt"]) == one.since.replace(
        microsecond=one.since.microsecond // 1000 * 1000
    )
    assert first["annotations"]["summary"] == "Desk 1 must be paired again"
    assert first["generatorURL"] == "https://wuts.example/"
    await told(notification(ended(one), two, news=News.UPDATED, sequence=2))
    assert device_ids(await server.alerts()) == ["device-2"]


@pytest.mark.slow
@needs_program
async def test_a_real_one_forgets_what_it_is_not_told_again(server: Server) -> None:
    one, two = now(device_alert(1)), now(device_alert(2))
    told = receiver(server.place)
    await told(notification(one, two))
    async with asyncio.timeout(120):
        while "device-2" in device_ids(await server.alerts()):
            await told.repeat(lambda: [notification(one)])
            assert "device-1" in device_ids(await server.alerts())
            await asyncio.sleep(0.2)


@pytest.mark.slow
@needs_program
async def test_a_real_one_is_told_again_after_its_restart(server: Server) -> None:
    one = now(device_alert(1))
    told = receiver(server.place)
    await told(notification(one))
    server.stop()
    with pytest.raises(NotTakenError, match="cannot be reached"):
        await told.repeat(lambda: [notification(one)])
    server.start()
    await server.until_ready()
    assert await server.alerts() == []
    await told.repeat(lambda: [notification(one)])
    assert device_ids(await server.alerts()) == ["device-1"]


@pytest.mark.slow
@needs_program
async def test_a_real_one_takes_the_test(server: Server) -> None:
    await receiver(server.place).send_test("am")
    [shown] = await server.alerts()
    assert shown["labels"] == {"alertname": "WutsTest", "severity": "none"}
