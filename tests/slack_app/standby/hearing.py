"""Whether an app hears Slack: in Socket Mode, and in HTTP mode."""

from time import time
from urllib.parse import urlencode

from aiohttp import ClientSession
from pydantic import SecretStr
from slack_sdk.signature import SignatureVerifier

from slack_app.app import EVENTS_PATH
from slack_app.settings import Mode, Settings
from tests.slack_app.strict_slack import ANA, BOB, OPS, StrictSlack
from wuts.clock import steady_time

SIGNING_SECRET = "signing-secret-8888"


def by_http(settings: Settings, port: int) -> Settings:
    """Return the settings of an app that Slack sends requests to."""
    secret = SecretStr(SIGNING_SECRET)
    return settings.model_copy(update={"mode": Mode.HTTP, "port": port, "signing_secret": secret})


async def acknowledged(strict: StrictSlack) -> None:
    """Type a command, and wait until it is heard."""
    envelope = await strict.command(BOB, "help")
    await strict.until(lambda: envelope in strict.acks)


async def posted(port: int) -> int:
    """Send a command as Slack does in HTTP mode; return the status."""
    command = {"command": "/wuts", "text": "help", "user_id": ANA, "channel_id": OPS}
    body = urlencode({**command, "trigger_id": str(steady_time()), "team_id": "T1"})
    at = str(int(time()))
    signature = SignatureVerifier(SIGNING_SECRET).generate_signature(timestamp=at, body=body)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": at,
        "X-Slack-Signature": signature or "",
    }
    url = f"http://127.0.0.1:{port}{EVENTS_PATH}"
    async with ClientSession() as http, http.post(url, data=body, headers=headers) as answer:
        return answer.status
