"""Alerts when Slack or the app does not last."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from slack_app.slack.errors import SLACK_ERRORS
from tests.slack_app.alerts.runs import (
    AGAIN,
    EARLIER,
    GROWN,
    LATER,
    RAISED,
    REMINDED,
    RESOLVED,
    STORM,
    UNLINKED,
    a_run,
    a_slack,
)
from wuts.supervisor import AlertStatus, News, Notification
from wuts.supervisor.store import MemoryStore


async def test_a_reminder_goes_into_the_thread_of_its_alert() -> None:
    async with a_run() as run:
        for one in (RAISED, REMINDED, RESOLVED):
            await run.tell(one)
        first, second = run.slack.calls["chat.postMessage"]
        assert "thread_ts" not in first
        assert second["thread_ts"] == "1.1"
        assert "reply_broadcast" not in second
        assert [call["ts"] for call in run.slack.calls["chat.update"]] == ["1.1"]


async def test_the_next_run_goes_on_with_a_message() -> None:
    store = MemoryStore()
    async with a_slack() as slack:
        async with a_run(slack, store) as run:
            await run.tell(RAISED)
        async with a_run(slack, store) as run:
            await run.tell(RESOLVED)
        assert len(slack.calls["chat.postMessage"]) == 1
        assert slack.calls["chat.update"][-1]["ts"] == "1.1"


@pytest.mark.parametrize("last", [RAISED, REMINDED, GROWN])
async def test_what_is_told_again_after_a_crash_is_said_once(last: Notification) -> None:
    store = MemoryStore()
    async with a_slack() as slack:
        async with a_run(slack, store) as run:
            await run.tell(STORM if last is GROWN else RAISED)
            await run.tell(last)
        posted = len(slack.calls["chat.postMessage"])
        async with a_run(slack, store) as run:
            await run.tell(last)
        assert len(slack.calls["chat.postMessage"]) == posted


async def test_what_the_supervisor_tells_no_more_of_is_forgotten() -> None:
    store = MemoryStore()
    async with a_run(store=store) as run:
        run.is_known = False
        await run.tell(RAISED)
        assert await store.entries("slack.notification", "home") == {}


async def test_what_begins_again_and_what_joins_a_list_is_said_as_an_edit_disturbs_nobody() -> None:
    async with a_run() as run:
        for one in (RAISED, RESOLVED, AGAIN, STORM, GROWN):
            await run.tell(one)
        posted = run.slack.calls["chat.postMessage"]
        replies = [call["text"] for call in posted if "thread_ts" in call]
        assert replies == ["Open again: The gateway of *home* is down.", "2 more: Desk6, Desk7"]
        assert all(call["reply_broadcast"] for call in posted if "thread_ts" in call)


async def test_news_that_slack_did_not_take_is_said_with_the_newest() -> None:
    async with a_run() as run:
        await run.tell(STORM)
        run.slack.answers["chat.update"] = [{"error": "internal_error"}, {}]
        with pytest.raises(SLACK_ERRORS):
            await run.tell(GROWN)
        await run.tell(replace(GROWN, sequence=3, news=News.UPDATED, at=LATER + timedelta(1)))
        assert run.slack.calls["chat.postMessage"][-1]["text"] == "2 more: Desk6, Desk7"


async def test_an_alert_that_nobody_took_is_said_in_the_thread_of_its_message() -> None:
    async with a_run() as run:
        run.slack.answers["chat.postMessage"] = [{"ts": "1.1"}, {"ts": "1.2"}]
        await run.tell(RAISED)
        escalated = replace(RAISED, id="n3", receiver="C1 next", news=News.ESCALATED)
        await run.tell(escalated)
        await run.tell(replace(RESOLVED, id="n3", receiver="C1 next", sequence=2))
        _, second = run.slack.calls["chat.postMessage"]
        assert second["thread_ts"] == "1.1"
        assert second["reply_broadcast"]
        assert "Nobody has acknowledged this yet." in str(second["blocks"])
        assert [call["ts"] for call in run.slack.calls["chat.update"]] == ["1.2"]


async def test_an_alert_whose_message_was_deleted_is_posted_anew() -> None:
    async with a_run() as run:
        run.slack.answers["chat.update"] = [{"error": "message_not_found"}]
        await run.tell(RAISED)
        await run.tell(RESOLVED)
        assert len(run.slack.calls["chat.postMessage"]) == 2


@pytest.mark.parametrize("code", ["channel_not_found", "internal_error"])
async def test_a_refusal_is_raised_logged_once_and_recovery_too(
    code: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    async with a_run() as run:
        run.slack.answers["chat.postMessage"] = [*[{"error": code}] * 3, {"ts": "1.1"}]
        for _ in range(3):
            with pytest.raises(SLACK_ERRORS):
                await run.tell(RAISED)
        assert run.health.unwritable == ({"C1": code} if code == "channel_not_found" else {})
        await run.tell(RAISED)
        assert run.health.unwritable == {}
        assert len(run.slack.calls["chat.postMessage"]) == 4
    assert caplog.text.count("Alerts cannot be shown in C1") == 1
    assert caplog.text.count("Alerts can be shown in C1 again") == 1


async def test_people_are_told_once_of_a_channel_that_takes_nothing() -> None:
    async with a_run() as run:
        refusal = {"error": "is_archived"}
        run.slack.answers["chat.postMessage"] = [refusal]
        for _ in range(3):
            with pytest.raises(SLACK_ERRORS):
                await run.tell(RAISED)
            await run.until(lambda: bool(run.complaints))
        assert run.complaints == [("C1", "is_archived")]


async def test_who_gives_up_waiting_for_slack_does_not_make_it_post_twice() -> None:
    async with a_run() as run:
        run.slack.hold = asyncio.Event()
        telling = asyncio.create_task(run.tell(RAISED))
        await run.until(lambda: bool(run.slack.calls["chat.postMessage"]))
        telling.cancel()
        await asyncio.wait([telling])
        again = asyncio.create_task(run.tell(RAISED))
        run.slack.hold.set()
        await again
        assert len(run.slack.calls["chat.postMessage"]) == 1


async def test_a_message_of_an_earlier_version_is_continued_by_the_alerts_notification() -> None:
    store = MemoryStore()
    await store.put("slack.alert", "a1", EARLIER, "home")
    async with a_run(store=store) as run:
        await run.tell(RAISED)
        assert run.slack.calls["chat.postMessage"] == []
        assert [call["ts"] for call in run.slack.calls["chat.update"]] == ["0.9"]
    assert await store.entries("slack.alert", "home") == {}


async def test_a_message_of_an_earlier_version_whose_alert_is_over_says_so() -> None:
    store = MemoryStore()
    await store.put("slack.alert", "a1", EARLIER.replace("account", "tenant"), "home")
    async with a_run(store=store) as run:
        run.slack.answers["chat.update"] = [{"error": "internal_error"}, {}]
        run.messages.left.first_pause = 0.01
        await run.messages.catch_up([])
        await run.until(lambda: len(run.slack.calls["chat.update"]) == 2)
        assert "Resolved <" in str(run.slack.calls["chat.update"][-1]["blocks"])
        while await store.entries("slack.alert", "home"):
            await run.slack.client.api_call("auth.test")


async def test_a_message_of_an_earlier_version_whose_alert_is_in_a_list_says_when_it_is_over() -> (
    None
):
    store = MemoryStore()
    text = EARLIER.replace("gateway_down", "needs_pairing")
    await store.put("slack.alert", "d0", text, "home")
    async with a_run(store=store) as run:
        await run.tell(STORM)
        assert run.slack.calls["chat.update"] == []
        await run.messages.on_event(replace(UNLINKED[0], status=AlertStatus.RESOLVED))
        await run.until(lambda: bool(run.slack.calls["chat.update"]))
        assert run.slack.calls["chat.update"][0]["ts"] == "0.9"


async def test_a_note_that_is_not_ours_is_left_alone(caplog: pytest.LogCaptureFixture) -> None:
    store = MemoryStore()
    await store.put("slack.alert", "x", '{"kind": "party"}', "home")
    await store.put("slack.notification", "y", '{"receiver": "C1"}', "home")
    await store.put("slack.notification", "z", "no JSON", "home")
    async with a_run(store=store) as run:
        await run.tell(RAISED)
    assert set(await store.entries("slack.notification", "home")) == {"y", "z", "n1"}
    assert set(await store.entries("slack.alert", "home")) == {"x"}
    assert caplog.text.count("Ignored a record") == 3
