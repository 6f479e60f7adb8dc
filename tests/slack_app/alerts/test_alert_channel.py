"""Alerts when Slack or the app does not last."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from slack_app.alerts.alert_channel import AlertChannel
from slack_app.messages import EN
from slack_app.operations.records import Records
from slack_app.slack.live_message import RateLimiter
from tests.slack_app.fake_slack import FakeSlack, fake_slack
from wuts.operations.background import Background
from wuts.supervisor import Alert, AlertKind, AlertStatus, Supervisor
from wuts.supervisor.store import MemoryStore

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
RAISED = Alert(
    id="a1",
    kind=AlertKind.GATEWAY_DOWN,
    status=AlertStatus.RAISED,
    account="home",
    device_id=None,
    device_name=None,
    since=NOON,
    at=NOON,
)
REMINDED = replace(RAISED, status=AlertStatus.REMINDED, at=NOON + timedelta(days=1))
RESOLVED = replace(RAISED, status=AlertStatus.RESOLVED, at=NOON + timedelta(days=2))
OTHER = replace(RAISED, id="a2", account="office")


async def test_a_reminder_goes_into_the_thread_of_its_alert() -> None:
    async with a_slack() as slack, alerts(slack, MemoryStore()) as channel:
        await channel.on_event(RAISED)
        await channel.on_event(REMINDED)
        await channel.on_event(RESOLVED)
        first, second = slack.calls["chat.postMessage"]
        assert "thread_ts" not in first
        assert second["thread_ts"] == "1.1"
        assert [call["ts"] for call in slack.calls["chat.update"]] == ["1.1"]


async def test_the_next_run_goes_on_with_a_message() -> None:
    store = MemoryStore()
    async with a_slack() as slack:
        async with alerts(slack, store) as channel:
            await channel.on_event(RAISED)
        async with alerts(slack, store) as channel:
            await channel.on_event(RESOLVED)
        assert len(slack.calls["chat.postMessage"]) == 1
        assert slack.calls["chat.update"][-1]["ts"] == "1.1"


async def test_an_end_that_was_shown_before_a_crash_is_not_shown_again() -> None:
    store = MemoryStore()
    async with a_slack() as slack:
        async with alerts(slack, store) as channel:
            await channel.on_event(RAISED)
            await channel.on_event(RESOLVED)
        async with alerts(slack, store) as channel:
            await channel.on_event(RESOLVED)
        assert len(slack.calls["chat.postMessage"]) == 1
        assert len(slack.calls["chat.update"]) == 1


async def test_what_is_over_is_forgotten_with_the_next_alert() -> None:
    store = MemoryStore()
    async with a_slack() as slack, alerts(slack, store) as channel:
        await channel.on_event(RAISED)
        await channel.on_event(RESOLVED)
        await channel.on_event(OTHER)
        assert set(await store.entries("slack.alert", "office")) == {"a2"}
        assert await store.entries("slack.alert", "home") == {}


async def test_an_alert_that_ended_unseen_is_shown_as_over_by_the_next_run() -> None:
    store = MemoryStore()
    async with a_slack() as slack:
        async with alerts(slack, store) as channel:
            await channel.on_event(RAISED)
        async with alerts(slack, store) as channel:
            channel.catch_up()
            while not slack.calls["chat.update"]:
                await slack.client.api_call("auth.test")
        assert "Resolved <" in str(slack.calls["chat.update"][0]["blocks"])


async def test_an_alert_goes_to_another_channel_when_the_settings_name_one() -> None:
    store = MemoryStore()
    async with a_slack() as slack:
        async with alerts(slack, store) as channel:
            await channel.on_event(RAISED)
        async with alerts(slack, store, "C2") as channel:
            await channel.on_event(REMINDED)
        posted = [call["channel"] for call in slack.calls["chat.postMessage"]]
        assert posted == ["C1", "C2", "C2"]


@pytest.mark.parametrize("code", ["channel_not_found", "internal_error"])
async def test_an_alert_that_slack_refuses_is_logged_once_and_tried_until_it_is_taken(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    refusals = [{"error": code}] * 3
    async with a_slack() as slack, alerts(slack, MemoryStore()) as channel:
        slack.answers["chat.postMessage"] = [*refusals, {"ts": "1.1"}]
        await channel.on_event(RAISED)
        while "Alerts can be shown again" not in caplog.text:
            await slack.client.api_call("auth.test")
        assert len(slack.calls["chat.postMessage"]) == 4
    assert caplog.text.count("Alerts cannot be shown") == 1


async def test_an_alert_whose_message_was_deleted_is_posted_anew() -> None:
    async with a_slack() as slack, alerts(slack, MemoryStore()) as channel:
        slack.answers["chat.update"] = [{"error": "message_not_found"}]
        await channel.on_event(RAISED)
        await channel.on_event(RESOLVED)
        while len(slack.calls["chat.postMessage"]) < 2:
            await slack.client.api_call("auth.test")


async def test_a_note_that_is_not_ours_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    await store.put("slack.alert", "x", '{"kind": "party"}', "home")
    await store.put("slack.alert", "y", "no JSON", "home")
    async with a_slack() as slack, alerts(slack, store) as channel:
        await channel.on_event(RAISED)
    assert set(await store.entries("slack.alert", "home")) == {"x", "y", "a1"}
    assert caplog.text.count("left alone") == 2


@asynccontextmanager
async def a_slack() -> AsyncIterator[FakeSlack]:
    async with fake_slack(
        chat__postMessage=[{"ts": "1.1"}], chat__update=[{}], auth__test=[{}]
    ) as slack:
        yield slack


@asynccontextmanager
async def alerts(
    slack: FakeSlack, store: MemoryStore, channel: str = "C1"
) -> AsyncIterator[AlertChannel]:
    """One run of the app's alerts."""
    background = Background()
    ours = AlertChannel(
        slack=slack.client,
        supervisor=Supervisor(),
        channel=channel,
        strings=EN,
        rate_limiter=RateLimiter(0),
        records=Records(store, "alert", ["home", "office"]),
        background=background,
        pairing_by=lambda _ref: None,
        first_retry=0.01,
    )
    await ours.restore()
    yield ours
    await ours.close()
    await background.close()
