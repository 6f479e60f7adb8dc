"""Where alerts go to, and where webhooks come in."""

from collections.abc import AsyncIterator, Iterator

from slack_sdk.web.async_client import AsyncWebClient

from slack_app.devices.webhooks import PATH
from slack_app.settings import Mode, Settings
from slack_app.slack.errors import SLACK_TROUBLES, slack_code

from .finding import Finding
from .tokens import refused

_CHANNEL = "The alert channel"
_WEBHOOKS = "The gateway's webhooks"
_UNKNOWN = "Correct alert_channel; into a private channel invite the app first: /invite @WUTS."


async def check_alert_channel(settings: Settings, slack: AsyncWebClient) -> AsyncIterator[Finding]:
    """See whether the app is in the channel that it is to write to."""
    if not settings.alert_channel:
        yield Finding(_CHANNEL, "none is set, so that alerts are told to nobody")
        return
    try:
        answer = await slack.conversations_info(channel=settings.alert_channel)
    except SLACK_TROUBLES as error:
        code = slack_code(error)
        if code == "channel_not_found":
            yield Finding(_CHANNEL, code, _UNKNOWN)
        else:
            yield refused(_CHANNEL, code)
        return
    channel = answer["channel"]
    name = f"#{channel.get('name', settings.alert_channel)}"
    if channel.get("is_archived"):
        yield Finding(_CHANNEL, f"{name} is archived", "Unarchive it, or choose another.")
    elif channel.get("is_member") is False:
        yield Finding(_CHANNEL, f"the app is not in {name}", "Write there: /invite @WUTS.")
    else:
        yield Finding(_CHANNEL, name)


def check_webhooks(settings: Settings) -> Iterator[Finding]:
    """See whether webhooks would be taken."""
    if not settings.webhook_secret:
        return
    if settings.mode is Mode.HTTP:
        yield Finding(_WEBHOOKS, f"taken at {PATH}")
        return
    fix = "Set mode to http, or take webhook_secret out."
    yield Finding(_WEBHOOKS, "not taken in Socket Mode, which has no server", fix)
