"""What the tests of incoming messages share: an account that takes them, and an automation."""

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from aiohttp import ClientSession, TCPConnector
from homeassistant.core import Event, HomeAssistant
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.push.log import Outcome, async_log_of
from custom_components.wuts.push.options import CONF_MESSAGES, CONF_RECORD_TEXT
from custom_components.wuts.push.webhooks import SECRET_HEADER
from tests.custom_components.wuts.helpers import (
    Until,
    registered,
    state_of,
)
from tests.custom_components.wuts.pushing import answer_to
from wuts_simulator import Device

ANA = "5521988888888"
ENTITY = "event.front_desk_message"
KEYS = ("message_id", "sender", "name", "text", "type", "chat", "group", "sent_at")


async def take_messages(
    hass: HomeAssistant, entry: MockConfigEntry, *, record: bool = False
) -> None:
    """Turn incoming messages on, as a user does."""
    flow = hass.config_entries.options
    result = await flow.async_init(entry.entry_id)
    answer = {"push": True, CONF_MESSAGES: True, CONF_RECORD_TEXT: record}
    result = await flow.async_configure(result["flow_id"], answer)
    if result.get("step_id") == "confused":
        result = await flow.async_configure(result["flow_id"], {"next_step_id": "confirm"})
    assert result["type"] == "create_entry", result
    await hass.async_block_till_done()


def delivers_messages(device: Device) -> bool:
    """Tell whether the gateway delivers a device's messages."""
    webhook = device.webhook
    return webhook is not None and webhook.enabled and "message.received" in webhook.events


async def ready(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    until: Until,
    *devices: Device,
    record: bool = False,
) -> None:
    """Turn incoming messages on, and wait until the gateway delivers them."""
    await take_messages(hass, entry, record=record)
    await until(lambda: all(delivers_messages(device) for device in devices))


class Automation:
    """An automation that fires an event with all that a message told it."""

    fires = True

    def __init__(self, hass: HomeAssistant) -> None:
        self._hass = hass
        self.runs: list[Event] = []
        hass.bus.async_listen("it_ran", self.runs.append)

    async def load(self, device: Device, *actions: dict[str, Any], **options: object) -> None:
        """Let it run for a device's messages that are as the options say."""
        told = {key: f"{{{{ trigger.{key} }}}}" for key in (*KEYS, "device_id", "entity_id")}
        noting = {
            "event": "it_ran",
            "event_data": {**told, "shown": f"{{{{ states('{ENTITY}') }}}}"},
        }
        config = {
            "alias": "Test",
            "mode": "parallel",
            "max": 2000,
            "triggers": {
                "trigger": "wuts.message_received",
                "target": {"device_id": registered(self._hass, device).id},
                "options": options,
            },
            "actions": [noting, *actions] if self.fires else [*actions],
        }
        assert await async_setup_component(self._hass, "automation", {"automation": [config]})
        await self._hass.async_block_till_done()
        assert state_of(self._hass, "automation.test") == "on"

    @property
    def texts(self) -> list[str]:
        """What the messages said that ran it."""
        return [run.data["text"] for run in self.runs]


def delivery_of(device: Device, number: int = 0, **told: object) -> dict[str, Any]:
    data = {
        "message_id": f"3EB{number:05}",
        "from": f"{ANA}@s.whatsapp.net",
        "to": device.jid,
        "content": f"Message {number}",
        "message_type": "text",
        "is_from_me": False,
        **told,
    }
    return {
        "id": f"delivery-{number}",
        "event": "message.received",
        "device_id": device.id,
        "data": data,
    }


async def deliver(
    home: str, entry: MockConfigEntry, body: dict[str, Any] | bytes, *, ok: bool = True
) -> int:
    data = body if isinstance(body, bytes) else json.dumps(body)
    status = await answer_to(home, entry, data=data)
    assert not ok or status == HTTPStatus.OK
    return status


async def deliver_all(
    home: str, entry: MockConfigEntry, bodies: Sequence[dict[str, Any] | bytes]
) -> None:
    """Deliver much at once, over few connections; all of it is taken."""
    url = f"{home}/api/webhook/{entry.options['webhook_id']}"
    headers = {SECRET_HEADER: entry.options["push_secret"]}
    async with ClientSession(connector=TCPConnector(limit=20), headers=headers) as http:

        async def one(body: dict[str, Any] | bytes) -> int:
            data = body if isinstance(body, bytes) else json.dumps(body)
            async with http.post(url, data=data) as answer:
                return answer.status

        statuses = await asyncio.gather(*map(one, bodies))
    assert set(statuses) == {HTTPStatus.OK}


def counts(hass: HomeAssistant, entry: MockConfigEntry) -> dict[Outcome, int]:
    return dict(async_log_of(hass, entry.entry_id).outcomes)
