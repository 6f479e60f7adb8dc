import asyncio

from slack_app.blocks.parts import Content
from slack_app.slack.limits import Limit, Limits
from slack_app.slack.live_message import LiveMessage
from slack_app.slack.rate_limiter import RateLimiter
from tests.slack_app.fake_slack import FakeSlack, fake_slack


async def test_a_message_is_posted_once_and_then_updated() -> None:
    async with fake_slack(chat__postMessage=[{"ts": "1.2"}], chat__update=[{}]) as slack:
        message = LiveMessage(slack.client, "C1", RateLimiter())
        await message.show(Content("one", []))
        await message.show(Content("two", []))
        assert [call["text"] for call in slack.calls["chat.postMessage"]] == ["one"]
        assert [(c["text"], c["ts"]) for c in slack.calls["chat.update"]] == [("two", "1.2")]


async def test_of_many_updates_at_once_those_that_would_wait_give_way_to_the_newest() -> None:
    async with fake_slack(chat__postMessage=[{"ts": "1.2"}], chat__update=[{}]) as slack:
        message = LiveMessage(slack.client, "C1", RateLimiter())
        await message.show(Content("first", []))
        await asyncio.gather(*(message.show(Content(str(n), [])) for n in range(50)))
        assert [call["text"] for call in slack.calls["chat.update"]] == ["0", "49"]


ONE_UPDATE: Limits = {"chat.update": (Limit(1, 3_600.0),)}


async def test_a_new_message_takes_its_place_when_no_update_is_possible_soon() -> None:
    async with fake_slack(
        chat__postMessage=[{"ts": "1.1"}, {"ts": "2.2"}], chat__update=[{}], chat__delete=[{}]
    ) as slack:
        named: list[str] = []
        message = moving(slack, named)
        for text in ("one", "two", "three"):
            await message.show(Content(text, []))
        assert [call["text"] for call in slack.calls["chat.postMessage"]] == ["one", "three"]
        assert [call["text"] for call in slack.calls["chat.update"]] == ["two"]
        assert [call["ts"] for call in slack.calls["chat.delete"]] == ["1.1"]
    assert named == ["1.1", "2.2"]


async def test_what_slack_does_not_delete_is_not_left_behind_again() -> None:
    async with fake_slack(
        chat__postMessage=[{"ts": "1.1"}, {"ts": "2.2"}],
        chat__update=[{}],
        chat__delete=[{"error": "cant_delete_message"}],
    ) as slack:
        message = moving(slack, [])
        for text in ("one", "two", "three"):
            await message.show(Content(text, []))
        waiting = asyncio.create_task(message.show(Content("four", [])))
        await slack.client.api_call("chat.update")
        assert not waiting.done()
        assert len(slack.calls["chat.postMessage"]) == 2
        waiting.cancel()


async def test_a_message_in_a_channel_stays_where_it_is() -> None:
    async with fake_slack(chat__postMessage=[{"ts": "1.1"}], chat__update=[{}]) as slack:
        message = LiveMessage(slack.client, "C1", RateLimiter(ONE_UPDATE))
        await message.show(Content("one", []))
        await message.show(Content("two", []))
        waiting = asyncio.create_task(message.show(Content("three", [])))
        await slack.client.api_call("chat.update")
        assert not waiting.done()
        waiting.cancel()


def moving(slack: FakeSlack, named: list[str]) -> LiveMessage:
    async def on_posted(ts: str) -> None:
        named.append(ts)

    limiter = RateLimiter(ONE_UPDATE)
    return LiveMessage(slack.client, "D1", limiter, on_posted=on_posted, may_move=True)
