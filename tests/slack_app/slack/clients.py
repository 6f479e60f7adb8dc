"""A client as the app has it: it waits for its turn before each call."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from slack_app.slack.client import SlackClient
from slack_app.slack.rate_limiter import RateLimiter
from slack_app.slack.retries import RateLimitRetry
from tests.slack_app.strict_slack import BOT_TOKEN, StrictSlack


@asynccontextmanager
async def limited_client(
    strict: StrictSlack, limiter: RateLimiter
) -> AsyncIterator[AsyncWebClient]:
    """Return one for as long as the context lasts."""
    async with ClientSession(middlewares=(limiter,)) as session:
        client = SlackClient(limiter, token=BOT_TOKEN, base_url=strict.api, session=session)
        client.retry_handlers.append(RateLimitRetry(limiter.again))
        yield client
