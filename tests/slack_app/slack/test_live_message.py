import asyncio

from slack_app.blocks.parts import Content
from slack_app.slack.live_message import LiveMessage
from slack_app.slack.rate_limiter import RateLimiter
from tests.slack_app.fake_slack import fake_slack


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
