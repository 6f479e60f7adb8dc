"""What a message in costs, and telegram_bot's set-up: ours beside others, in one Home Assistant.

``.venv-ha/bin/python -m benchmarks.message_in``, after ``scripts/setup home-assistant``. Where
python-telegram-bot is installed too, Home Assistant's telegram_bot is measured beside ours, against
a small Bot API of this machine. It takes about a minute.
"""

import argparse
import asyncio
import gc
import hashlib
import hmac
import json
import os
import ssl
import time
from collections.abc import Mapping
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from typing import Any

from aiohttp import ClientSession, TCPConnector
from homeassistant.const import __version__
from homeassistant.core import Event, HomeAssistant, callback
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.push.options import (
    CONF_MESSAGES,
    CONF_SECRET,
    CONF_WEBHOOK_ID,
    new_options,
    signing_secret_of,
)
from custom_components.wuts.push.webhooks import SECRET_HEADER
from tests.custom_components.wuts.tls import write_certificate

from .bot_api import TOKEN, running_bot_api
from .gateway import running_gateway
from .home_assistant import PATIENCE, bare_costs, entry_of, home, home_by_https, set_up
from .report import machine, publish, table
from .telegram import JSON, TEXT, Sender, has_telegram, telegram_entry, telegram_sender

MESSAGES = 100
"""Messages of each kind a round: the kinds take turns, so that a busy machine disturbs all."""

ROUNDS = 5
SET_UPS = 5
ANSWERED = "answered"
"""The event that each automation fires."""

BARE, OURS, TELEGRAM = "Home Assistant's own webhook trigger", "ours", "telegram_bot"


async def automate(hass: HomeAssistant, **triggers: dict[str, Any]) -> None:
    """Let an automation answer to each trigger with an event that has the trigger's name."""
    automations = [
        {
            "id": name,
            "alias": name,
            "triggers": [trigger],
            "actions": [{"event": ANSWERED, "event_data": {"by": name}}],
            "mode": "queued",
        }
        for name, trigger in triggers.items()
    ]
    if not await async_setup_component(hass, "automation", {"automation": automations}):
        raise RuntimeError("The automations were not set up")
    await hass.async_block_till_done()


async def times_of(
    hass: HomeAssistant, http: ClientSession, url: str, sender: Sender, first: int
) -> list[float]:
    """Return the seconds from each delivery until an automation has answered to it."""
    times: list[float] = []
    answers: asyncio.Queue[float] = asyncio.Queue()

    @callback
    def answered(_event: Event) -> None:
        answers.put_nowait(time.perf_counter())

    forget = hass.bus.async_listen(ANSWERED, answered)
    # Its pauses grow with all that a Home Assistant holds, and would be anybody's.
    gc.collect()
    gc.freeze()
    for number in range(first, first + MESSAGES):
        begun = time.perf_counter()
        async with http.post(
            url + sender.path, data=sender.body(number), headers=sender.headers
        ) as it:
            it.raise_for_status()
        async with asyncio.timeout(PATIENCE):
            times.append(await answers.get() - begun)
    gc.unfreeze()
    forget()
    return times


def our_sender(entry: MockConfigEntry, device_id: str) -> Sender:
    """Return a gateway as Home Assistant has asked it to deliver: it signs what it sends."""
    path = f"/api/webhook/{entry.options[CONF_WEBHOOK_ID]}"
    headers = {SECRET_HEADER: entry.options[CONF_SECRET], **JSON}
    key = signing_secret_of(entry.options).encode()

    def body(number: int) -> bytes:
        data = {
            "message_id": f"3EB0{number:016}",
            "from": "5511999999998@s.whatsapp.net",
            "to": "5511999999996@s.whatsapp.net",
            "content": TEXT,
            "message_type": "text",
            "timestamp": "2026-11-26T12:00:00Z",
            "is_from_me": False,
            "push_name": "Ana",
        }
        told = {
            "id": f"delivery-{number}",
            "event": "message.received",
            "timestamp": 1_790_000_000,
            "device_id": device_id,
            "user_id": "user",
            "data": data,
        }
        plain = json.dumps(told, separators=(",", ":")).encode()
        seal = hmac.new(key, plain, hashlib.sha256).hexdigest()
        return plain[:-1] + f',"signature":"sha256={seal}"}}'.encode()

    return Sender(path, headers, body)


async def set_up_times(hass: HomeAssistant, entry: MockConfigEntry) -> list[float]:
    """Return the seconds of each of some set-ups; the first one is not counted."""
    await set_up(hass, entry)
    times = []
    for _ in range(SET_UPS):
        await hass.config_entries.async_unload(entry.entry_id)
        begun = time.perf_counter()
        await set_up(hass, entry)
        times.append(time.perf_counter() - begun)
    return times


async def measure_set_ups() -> dict[str, float]:
    """Return what set-ups take, in bare requests to the same server."""
    found: dict[str, float] = {}
    with running_gateway() as gateway:
        entry = entry_of(gateway, gateway.add_devices(1))
        async with home() as hass:
            bare, _ = await bare_costs(hass, f"{gateway.url}/devices", gateway.token)
            found[OURS] = median(await set_up_times(hass, entry)) / bare
            await hass.config_entries.async_unload(entry.entry_id)
    if has_telegram():
        with running_bot_api() as api:
            async with home() as hass:
                bare, _ = await bare_costs(hass, f"{api}/bot{TOKEN}/getMe", TOKEN)
                entry = telegram_entry(api, "broadcast")
                found[TELEGRAM] = median(await set_up_times(hass, entry)) / bare
                await hass.config_entries.async_unload(entry.entry_id)
    return found


async def measure_messages(folder: Path) -> dict[str, list[float]]:
    """Return the seconds from each delivery to its automation, of each kind."""
    pem = write_certificate(folder)
    # The gateway's process takes Home Assistant's certificate for a good one.
    os.environ["SSL_CERT_FILE"] = str(pem)
    trust = ssl.create_default_context(cafile=str(pem))
    with running_gateway() as gateway, running_bot_api() as api:
        (device_id,) = gateway.add_devices(1)
        ours = entry_of(gateway, [device_id])
        async with home() as hass, ClientSession(connector=TCPConnector(ssl=trust)) as http:
            bot = telegram_entry(api, "webhooks")
            if has_telegram():
                await set_up(hass, bot)
            async with home_by_https(hass, pem) as url:
                ours.add_to_hass(hass)
                options = new_options({CONF_MESSAGES: True})
                hass.config_entries.async_update_entry(ours, options=options)
                await set_up(hass, ours)
                triggers: dict[str, dict[str, Any]] = {
                    BARE: {"trigger": "webhook", "webhook_id": "bare", "local_only": False},
                    OURS: {
                        "trigger": "wuts.message_received",
                        "target": {"entity_id": "event.device_0_message"},
                        "options": {"contains": ["gate"]},
                    },
                }
                senders = {
                    BARE: Sender("/api/webhook/bare", JSON, our_sender(ours, device_id).body),
                    OURS: our_sender(ours, device_id),
                }
                if has_telegram():
                    triggers[TELEGRAM] = {"trigger": "event", "event_type": "telegram_text"}
                    senders[TELEGRAM] = await telegram_sender(http, api)
                await automate(hass, **triggers)
                found: dict[str, list[float]] = {name: [] for name in senders}
                for round_number in range(ROUNDS):
                    for name, sender in senders.items():
                        found[name] += await times_of(
                            hass, http, url, sender, round_number * MESSAGES
                        )
                await hass.config_entries.async_unload(ours.entry_id)
                if has_telegram():
                    await hass.config_entries.async_unload(bot.entry_id)
    return found


def messages_table(times: Mapping[str, list[float]]) -> str:
    """Return how soon the automations ran."""
    bare = median(times[BARE])
    rows = [
        [
            name,
            f"{median(found) / bare:.2f}",
            f"{1000 * quantiles(found, n=20)[18]:.0f} ms",
            f"{1000 * max(found):.0f} ms",
        ]
        for name, found in times.items()
    ]
    return table(["delivered to", "median", "95th percentile", "longest"], rows)


def set_ups_table(found: Mapping[str, float]) -> str:
    """Return what set-ups took."""
    rows = [[name, f"{times:.1f}"] for name, times in found.items()]
    return table(["integration", "set-up, in bare requests to its server"], rows)


async def measure() -> str:
    """Measure all of it."""
    set_ups = await measure_set_ups()
    with TemporaryDirectory() as folder:
        messages = await measure_messages(Path(folder))
    told = (
        f"From a delivery until an automation has run, {MESSAGES * ROUNDS} of each kind, in turns,"
        " one after the other, over https; the median in multiples of that of Home Assistant's own"
        f" webhook trigger with the same body. {machine()}, Home Assistant {__version__}."
    )
    return "\n\n".join((told, messages_table(messages), set_ups_table(set_ups)))


def main() -> None:
    """Measure, print, and write the page."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    publish("home_assistant messages", asyncio.run(measure()))


if __name__ == "__main__":
    main()
