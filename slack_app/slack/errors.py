"""What can go wrong when the app calls Slack."""

from aiohttp import ClientError
from slack_sdk.errors import SlackApiError, SlackClientError

SLACK_ERRORS = (SlackClientError, ClientError, TimeoutError)
"""What a call to Slack raises: its refusal, or what became of the connection."""

type SlackError = SlackClientError | ClientError | TimeoutError


def slack_code(error: SlackError) -> str:
    """Return Slack's code for an error, such as ``not_in_channel``, or what failed on the way."""
    if isinstance(error, SlackApiError):
        return str(error.response.get("error", "unknown"))
    return "timeout" if isinstance(error, TimeoutError) else "connection_failed"
