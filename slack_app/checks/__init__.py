"""``wuts-slack check``: asks Slack, the gateways and the store, and says what to fix.

`check_all` yields a `Finding` for each thing that was looked at.
"""

from collections.abc import AsyncIterator

from slack_sdk.web.async_client import AsyncWebClient

from ..settings import Settings
from .finding import Finding
from .services import check_gateways, check_store, check_webhooks
from .slack import (
    check_alert_channels,
    check_app_token,
    check_bot_token,
    check_lists,
    check_mentions,
)

__all__ = ["Finding", "check_all"]


async def check_all(settings: Settings) -> AsyncIterator[Finding]:
    """Look at everything that the settings name, one after the other."""
    slack = AsyncWebClient(token=settings.bot_token.get_secret_value(), base_url=settings.slack_url)
    for findings in (
        check_bot_token(settings, slack),
        check_app_token(settings, slack),
        check_alert_channels(settings, slack),
        check_mentions(settings, slack),
        check_lists(settings, slack),
        check_gateways(settings),
        check_store(settings),
    ):
        async for finding in findings:
            yield finding
    for finding in check_webhooks(settings):
        yield finding
