"""The limiter between the app and a Slack that refuses what is too much by its own tiers."""

import asyncio
from contextlib import suppress

import pytest
from aiohttp import ClientSession
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from slack_app.slack.errors import NotSentError, is_passing, slack_code
from slack_app.slack.limits import Limit, Limits, limits_with
from slack_app.slack.rate_limiter import Priority, RateLimiter, prioritized
from slack_app.slack.turns import MOST_WAITING
from tests.slack_app.slack.clients import limited_client
from tests.slack_app.strict_slack import ANA, StrictSlack

MINUTE = 0.5
"""Seconds: here a minute is short, for Slack and for the limiter alike."""

HASTY = limits_with(posts_each=MINUTE / 60.0, minute=MINUTE)
ONE: Limits = {"users.info": (Limit(1, 3_600.0),)}


@pytest.fixture
def strict(strict: StrictSlack) -> StrictSlack:
    strict.tiers.minute = MINUTE
    return strict


async def ask(slack: AsyncWebClient, many: int) -> None:
    await asyncio.gather(*(slack.users_info(user=ANA) for _ in range(many)))


@pytest.mark.slow
async def test_slack_refuses_nothing_however_much_is_asked_at_once(strict: StrictSlack) -> None:
    async with limited_client(strict, RateLimiter(HASTY)) as slack:
        await ask(slack, 350)
    assert strict.count("users.info") == 350
    assert strict.tiers.refused == []


async def test_without_the_limiter_slack_does_refuse(strict: StrictSlack) -> None:
    strict.tiers.minute = 3_600.0
    with pytest.raises(SlackApiError, match="ratelimited"):
        await ask(strict.client, 101)


async def test_a_post_to_each_of_many_channels_need_not_wait(strict: StrictSlack) -> None:
    async with limited_client(strict, RateLimiter()) as slack:
        posts = (slack.chat_postMessage(channel=f"D{n}", text="x") for n in range(100))
        await asyncio.gather(*posts)
    assert strict.tiers.refused == []


async def test_a_retry_after_stops_all_calls_of_the_method_and_no_others(
    strict: StrictSlack,
) -> None:
    strict.limited["users.info"] = 1
    strict.retry_after = "3600"
    limiter = RateLimiter()
    async with limited_client(strict, limiter) as slack:
        waiting = [asyncio.create_task(slack.users_info(user=ANA)) for _ in range(3)]
        while not limiter.wait("users.info"):
            await slack.auth_test()
        waiting += [asyncio.create_task(slack.users_info(user=ANA))]
        for _ in range(20):
            await slack.conversations_open(users=ANA)
        # Those that were under way with the refused one are all that Slack saw.
        assert strict.count("users.info") <= 3
        assert limiter.waiting["users.info"] == 2
        for task in waiting:
            task.cancel()
        await asyncio.wait(waiting)


async def test_after_a_refusal_one_call_tries_before_the_others(strict: StrictSlack) -> None:
    strict.limited["users.info"] = 3
    async with limited_client(strict, RateLimiter(longest_wait=0.01)) as slack:
        await ask(slack, 2)
        strict.latency = 0.02
        await ask(slack, 20)
    # Two at once were refused, and the one that tried then: nobody else ran into it.
    assert strict.count("users.info") == 2 + 20 + 3


async def test_a_call_that_slack_always_refuses_is_given_up(strict: StrictSlack) -> None:
    strict.limited["users.info"] = 1_000
    async with limited_client(strict, RateLimiter(longest_wait=0.0)) as slack:
        with pytest.raises(SlackApiError) as refused:
            await slack.users_info(user=ANA)
    assert slack_code(refused.value) == "ratelimited"
    assert strict.count("users.info") == 6


async def test_urgent_calls_go_first_when_it_is_time(strict: StrictSlack) -> None:
    limiter = RateLimiter({"users.info": (Limit(1, 0.05),)})

    async def look(user: str, priority: Priority) -> None:
        with prioritized(priority):
            await slack.users_info(user=user)

    async with limited_client(strict, limiter) as slack:
        strict.admins |= {one.name: False for one in Priority}
        await slack.users_info(user=ANA)
        await asyncio.gather(*(look(one.name, one) for one in reversed(Priority)))
    seen = [sent["user"] for method, sent in strict.calls if method == "users.info"]
    assert seen[1:] == [one.name for one in Priority]


async def test_whoever_gives_up_waiting_leaves_the_turn_to_others(strict: StrictSlack) -> None:
    limiter = RateLimiter({"users.info": (Limit(1, 0.2),)})
    async with limited_client(strict, limiter) as slack:
        await slack.users_info(user=ANA)
        waiting = [asyncio.create_task(slack.users_info(user=ANA)) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
        await asyncio.gather(*waiting[1:])
        assert limiter.waiting["users.info"] == 0
    assert strict.count("users.info") == 3


async def test_a_turn_that_was_given_to_somebody_who_left_is_not_lost(strict: StrictSlack) -> None:
    limiter = RateLimiter({"users.info": (Limit(1, 0.05),)})
    async with limited_client(strict, limiter) as slack:
        for _ in range(5):
            task = asyncio.create_task(slack.users_info(user=ANA))
            # Until it is its turn, and no further.
            while limiter.wait("users.info") == 0:  # noqa: ASYNC110 - the limiter's own time
                await asyncio.sleep(0)
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await slack.users_info(user=ANA)


async def test_a_full_queue_refuses_a_call_with_words_of_ours(strict: StrictSlack) -> None:
    async with limited_client(strict, RateLimiter(ONE)) as slack:
        await slack.users_info(user=ANA)
        with prioritized(Priority.ALERT):
            alerts = [asyncio.create_task(slack.users_info(user=ANA)) for _ in range(MOST_WAITING)]
            await asyncio.sleep(0)
        with prioritized(Priority.COSMETIC), pytest.raises(NotSentError) as refused:
            await slack.users_info(user=ANA)
        for task in alerts:
            task.cancel()
        await asyncio.wait(alerts)
    assert slack_code(refused.value) == "too_many_calls"
    assert is_passing(refused.value)


async def test_what_slacks_library_repeats_waits_for_its_own_turn(strict: StrictSlack) -> None:
    strict.cut["users.info"] = 1
    limiter = RateLimiter({"users.info": (Limit(1, 0.3),)})
    async with limited_client(strict, limiter) as slack:
        await slack.users_info(user=ANA)
        assert strict.count("users.info") == 2
        # Both count: none is left.
        assert limiter.wait("users.info") != 0


async def test_the_content_is_made_when_the_turn_has_come(strict: StrictSlack) -> None:
    limiter = RateLimiter({"users.info": (Limit(1, 0.1),)})
    wanted = "U1"
    strict.admins |= {"U1": False, "U2": False}

    async def look() -> None:
        async with limiter.turn("users.info"):
            await slack.users_info(user=wanted)

    async with limited_client(strict, limiter) as slack:
        await slack.users_info(user=ANA)
        task = asyncio.create_task(look())
        await asyncio.sleep(0)
        wanted = "U2"
        await task
    assert [sent["user"] for _, sent in strict.calls] == [ANA, "U2"]


async def test_a_client_of_others_waits_as_well(strict: StrictSlack) -> None:
    """Bolt makes clients of its own, with the same session."""
    limiter = RateLimiter(HASTY)
    async with ClientSession(middlewares=(limiter,)) as session:
        plain = strict.client
        plain.session = session
        await ask(plain, 150)
    assert strict.tiers.refused == []
