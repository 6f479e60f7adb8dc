"""What the tests of push share: the options' dialog, deliveries, and a webhook of a stranger."""

from typing import Any

from aiohttp import ClientSession, ClientTimeout
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.core import WutsClient
from custom_components.wuts.core.webhooks import WebhookConfig
from custom_components.wuts.push.webhooks import SECRET_HEADER
from tests.custom_components.wuts.helpers import Result
from wuts_simulator import Device, Simulator

STRANGER = "https://hooks.example.com/secret-path"


class Options:
    """Drives an account's options as the frontend does."""

    def __init__(self, hass: HomeAssistant, entry: MockConfigEntry) -> None:
        self._flow = hass.config_entries.options
        self._entry = entry
        self.result: Result = None

    async def set_push(self, *, on: bool) -> Result:
        self.result = await self._flow.async_init(self._entry.entry_id)
        assert self.result["step_id"] == "init"
        return await self._answer({"push": on})

    async def again(self, *, on: bool) -> Result:
        return await self._answer({"push": on})

    async def choose(self, step: str) -> Result:
        return await self._answer({"next_step_id": step})

    async def answer(self, **answers: str) -> Result:
        return await self._answer(answers)

    async def _answer(self, answer: dict[str, Any]) -> Result:
        self.result = await self._flow.async_configure(self.result["flow_id"], answer)
        return self.result


async def turn_on(hass: HomeAssistant, entry: MockConfigEntry) -> None:
    """Turn push on where nothing is in the way, several devices or not."""
    options = Options(hass, entry)
    result = await options.set_push(on=True)
    if result.get("step_id") == "confused":
        result = await options.choose("confirm")
    assert result["type"] is FlowResultType.CREATE_ENTRY, result
    await hass.async_block_till_done()


def delivers(device: Device, home: str) -> bool:
    """Tell whether the gateway delivers what happens to a device to Home Assistant."""
    webhook = device.webhook
    return webhook is not None and webhook.enabled and webhook.url.startswith(home)


def set_stranger(sim: Simulator, device: Device) -> Any:  # noqa: ANN401 - a coroutine
    client = WutsClient(sim.token, base_url=sim.url)
    return client.set_webhook(WebhookConfig(url=STRANGER, events=("device.connected",)), device.id)


async def answer_to(
    home: str,
    entry: MockConfigEntry,
    *,
    data: bytes | str = b"{}",
    **headers: str,
) -> int:
    """Deliver something, and return the status of the answer."""
    shown = {SECRET_HEADER: entry.options["push_secret"], **headers}
    async with (
        ClientSession(timeout=ClientTimeout(total=20)) as http,
        http.post(
            f"{home}/api/webhook/{entry.options['webhook_id']}", data=data, headers=shown
        ) as it,
    ):
        return it.status
