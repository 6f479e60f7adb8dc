"""Home Assistant's telegram_bot against a small Bot API, to be measured beside ours."""

import importlib.util
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from aiohttp import ClientSession
from homeassistant.config_entries import ConfigSubentryData
from pytest_homeassistant_custom_component.common import MockConfigEntry

from .bot_api import CHAT, TOKEN, text_update

TEXT = "Please open the gate"
JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True, slots=True)
class Sender:
    """Who delivers messages to Home Assistant.

    Attributes:
        path: Where to.
        headers: What is shown there.
        body: Makes the body of each delivery.
    """

    path: str
    headers: Mapping[str, str]
    body: Callable[[int], bytes]


def has_telegram() -> bool:
    """Return whether what telegram_bot needs is installed."""
    return importlib.util.find_spec("telegram") is not None


def telegram_entry(api: str, platform: str) -> MockConfigEntry:
    """Return a bot with one chat, which gets its messages by a webhook or gets none."""
    return MockConfigEntry(
        domain="telegram_bot",
        title="Bot",
        version=1,
        minor_version=3,
        data={
            "platform": platform,
            "api_key": TOKEN,
            "api_endpoint": api,
            "url": "https://localhost",
            "trusted_networks": ["127.0.0.0/8"],
        },
        options={"parse_mode": "markdown"},
        subentries_data=[
            ConfigSubentryData(
                data={"chat_id": CHAT},
                subentry_type="allowed_chat_ids",
                title="Ana",
                unique_id=str(CHAT),
            )
        ],
    )


async def telegram_sender(http: ClientSession, api: str) -> Sender:
    """Return Telegram as Home Assistant has asked it to deliver."""
    async with http.get(f"{api}/webhook") as it:
        secret = (await it.json())["secret_token"]
    path = f"/api/telegram_webhooks_{TOKEN.partition(':')[0]}"
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret, **JSON}
    return Sender(path, headers, lambda number: json.dumps(text_update(number, TEXT)).encode())
