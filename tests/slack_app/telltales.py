"""What must never be in a log line, nor where more people than one can read it."""

import re
from collections.abc import Iterable

from tests.slack_app.slack_server import (
    ALLOWED,
    APP_TOKEN,
    BOT_TOKEN,
    OPS,
    SIGNING_SECRET,
    SlackServer,
    text_of,
)

GATEWAY_TOKEN = "gateway-token-4444"
WEBHOOK_SECRET = "webhook-secret-5555"

_SECRETS = (GATEWAY_TOKEN, WEBHOOK_SECRET, BOT_TOKEN, APP_TOKEN, SIGNING_SECRET)
_SHAPES = {
    "a QR's payload": re.compile(r"2@[\w+/=]{20}"),
    "a pair code": re.compile(r"\b[1-9A-Z]{4}-[1-9A-Z]{4}\b"),
    "a phone number": re.compile(r"(?<!\d)55[ -]?\d{2}[ -]?9\d{4}[ -]?\d{4}(?!\d)"),
    "a picture": re.compile(r"iVBORw0KGgo|data:image"),
}
_DEVICE_ID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def assert_tells_nothing(text: str) -> None:
    """Assert that there is no secret in a text, and nothing that has the shape of one."""
    for secret in _SECRETS:
        assert secret not in text
    without_ids = _DEVICE_ID.sub("", text)
    for what, shape in _SHAPES.items():
        assert shape.search(without_ids) is None, f"{what} is in: {text[:2000]}"


async def assert_channels_tell_nothing(slack: SlackServer) -> None:
    """Assert the same of all that the app said in channels, not for one person's eyes."""
    for said in await _in_channels(slack):
        assert_tells_nothing(said)


async def _in_channels(slack: SlackServer) -> Iterable[str]:
    said = [
        text_of(message)
        for channel in (OPS, ALLOWED)
        for message in await slack.messages(channel)
        if "ephemeral_to" not in message and message["user"] == "U0BOT"
    ]
    for method in ("chat.postMessage", "chat.update"):
        calls = await slack.calls(method)
        said += [text_of(call) for call in calls if call["channel"] in {OPS, ALLOWED}]
    return said
