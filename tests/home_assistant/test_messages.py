"""Somebody writes to the home, and an automation answers.

Each test continues where the one before it ended.
"""

import asyncio
import ssl
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import connector

from scripts.lib.home_page import HomePage
from tests.custom_components.wuts.tls import NAME, write_certificate
from tests.home_assistant.house import NUMBER_OF_ANA, OFFICE_TOKEN, PATIENCE, House, keep
from tests.home_assistant.road import Road
from wuts_simulator import Device

pytestmark = [
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.chromium,
    pytest.mark.timeout(900),
]

ACCOUNT = "Office"
ENTITY = "event.reception_message"
ASKED, UNRELATED, ANSWER = "Please open the gate", "See you tomorrow", "The gate is open, Ana."


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def reception(
    house: House, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Device]:
    """A connected device of an account, in a home that the gateway reaches by https."""
    pem = write_certificate(Path(tmp_path_factory.mktemp("tls")))
    # The gateway takes the home's certificate for a good one.
    connector._SSL_CONTEXT_VERIFIED.load_verify_locations(pem)
    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(pem)
    device = house.sim.world.add_device("office", "Reception", state="connected")
    house.secrets |= {OFFICE_TOKEN, NUMBER_OF_ANA, ASKED, UNRELATED, ANSWER}
    async with Road(house.home.port, tls) as road, house.wire() as wire:
        await wire.ask("config/core/update", external_url=f"https://{NAME}:{road.port}")
        account = {"token": OFFICE_TOKEN, "advanced": {"url": house.sim.url}}
        made = await house.fill_flow("wuts", account)
        entry_id = made["result"]["entry_id"]
        await wire.ask("config_entries/update", entry_id=entry_id, title=ACCOUNT)
        await house.fill_flow([entry_id, "device"], {"device_id": device.id})
        await house.until("sensor.reception_state", "connected")
        yield device


async def test_messages_are_turned_on_in_the_options(
    house: House, window: HomePage, reception: Device
) -> None:
    await window.configure(ACCOUNT)
    await window.switch_on("Push")
    await window.switch_on("Incoming messages")
    await keep(window, "options")
    await window.click("Submit")
    await window.says("Success")
    await house.until(ENTITY, "unknown")
    async with asyncio.timeout(PATIENCE):
        while reception.webhook is None:  # noqa: ASYNC110 - the gateway tells nobody
            await asyncio.sleep(0.1)


async def test_an_automation_answers_the_message_that_it_waits_for(
    house: House, window: HomePage, reception: Device
) -> None:
    trigger = {
        "trigger": "wuts.message_received",
        "target": {"entity_id": ENTITY},
        "options": {"sender": [f"+{NUMBER_OF_ANA}"], "contains": ["gate"]},
    }
    answer = {
        "action": "wuts.reply",
        "data": {
            "message_id": "{{ trigger.message_id }}",
            "message": "The gate is open, {{ trigger.name }}.",
        },
    }
    await house.automate("gate", triggers=[trigger], actions=[answer])
    await window.show("/config/automation/edit/gate")
    await window.says("Message received")
    await keep(window, "automation")
    world, before = house.sim.world, len(house.sim.world.messages)
    world.receive(reception.id, NUMBER_OF_ANA, UNRELATED, name="Ana")
    asked = world.receive(reception.id, NUMBER_OF_ANA, ASKED, name="Ana")
    await house.traces("gate", 1)
    (sent,) = world.messages[before:]
    assert (sent.text, sent.chat_jid.partition("@")[0]) == (ANSWER, NUMBER_OF_ANA)
    assert (sent.device_id, sent.quoted) == (reception.id, asked)


async def test_the_entity_shows_who_wrote_and_not_what(
    house: House, window: HomePage, reception: Device
) -> None:
    state = await house.ask("GET", f"states/{ENTITY}")
    assert state["attributes"]["event_type"] == "received"
    assert ASKED not in str(state)
    await window.show_device(reception.name)
    await window.says("Message")
    await keep(window, "message")


async def test_no_log_has_a_message_or_a_number(house: House) -> None:
    logged = house.logged()
    assert [secret for secret in house.secrets if secret in logged] == []
    assert "custom_components/wuts/" not in logged, "a traceback leads through our code"
