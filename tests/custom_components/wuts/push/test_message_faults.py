"""Messages in where deliveries are repeated, hostile, many, or come at a bad time."""

from http import HTTPStatus
from random import Random
from typing import Any

import pytest
from homeassistant.config_entries import ConfigEntryState
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.core.webhooks import LONGEST_DELIVERY, LONGEST_MESSAGE_DELIVERY
from custom_components.wuts.push.log import Outcome
from tests.custom_components.wuts.helpers import Until, forget_memory
from tests.custom_components.wuts.push.messages import (
    ANA,
    Automation,
    counts,
    deliver,
    deliver_all,
    delivery_of,
)
from tests.custom_components.wuts.pushing import answer_to
from wuts_simulator import Device, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]


FIELDS = ("message_id", "from", "to", "content", "message_type", "timestamp", "is_from_me")


def odd_value(random: Random, depth: int = 0) -> Any:  # noqa: ANN401 - JSON
    """Return JSON that a field may hold instead of what is documented."""
    simple = [
        None,
        True,
        -1,
        10**400,
        0.5,
        "",
        "\x00\u202e",
        "9" * 300,
        "@g.us",
        "x@lid",
        "\n" * 50,
    ]
    if depth > 2 or random.random() < 0.7:
        return random.choice(simple)
    inner = [odd_value(random, depth + 1) for _ in range(random.randrange(4))]
    return inner if random.random() < 0.5 else {str(one)[:9]: one for one in inner}


async def test_a_delivery_that_is_repeated_runs_an_automation_once(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
) -> None:
    await automation.load(device)
    for _ in range(3):
        await deliver(home, entry, delivery_of(device))
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    await deliver(home, entry, delivery_of(device))
    await hass.async_block_till_done()
    assert len(automation.runs) == 1
    assert counts(hass, entry)[Outcome.REPEAT] == 3


async def test_a_repeat_is_known_after_a_restart(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
) -> None:
    await automation.load(device)
    await deliver(home, entry, delivery_of(device))
    await forget_memory(hass, entry)
    await deliver(home, entry, delivery_of(device))
    await deliver(home, entry, delivery_of(device, 1))
    await hass.async_block_till_done()
    assert automation.texts == ["Message 0", "Message 1"]
    assert counts(hass, entry) == {Outcome.REPEAT: 1, Outcome.MESSAGE: 1}


async def test_a_thousand_messages_in_a_burst_all_arrive_once(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    until: Until,
) -> None:
    await automation.load(device)
    await deliver_all(home, entry, [delivery_of(device, number) for number in range(1000)])
    await until(lambda: len(automation.runs) == 1000)
    assert set(automation.texts) == {f"Message {number}" for number in range(1000)}
    assert counts(hass, entry) == {Outcome.MESSAGE: 1000}


async def test_messages_that_come_while_the_account_is_reloaded_are_repeated_and_arrive(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    until: Until,
) -> None:
    await automation.load(device)
    for number in range(20):
        sim.world.receive(device.id, ANA, f"Message {number}")
        if number == 10:
            assert await hass.config_entries.async_unload(entry.entry_id)
    refused = await answer_to_unloaded(hass, entry)
    assert refused == HTTPStatus.SERVICE_UNAVAILABLE
    assert await hass.config_entries.async_setup(entry.entry_id)
    await until(lambda: len(automation.runs) == 20)
    assert set(automation.texts) == {f"Message {number}" for number in range(20)}


async def answer_to_unloaded(hass: HomeAssistant, entry: MockConfigEntry) -> int:
    url = hass.config.external_url
    assert url is not None
    assert entry.state is ConfigEntryState.NOT_LOADED
    return await answer_to(url, entry)


async def test_a_long_message_is_taken_where_messages_are(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
) -> None:
    await automation.load(device)
    await deliver(home, entry, delivery_of(device, content="x" * LONGEST_DELIVERY))
    too_long = b" " * (LONGEST_MESSAGE_DELIVERY + 1)
    assert await deliver(home, entry, too_long, ok=False) == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await hass.async_block_till_done()
    assert len(automation.texts[0]) == 4096
    assert counts(hass, entry) == {Outcome.MESSAGE: 1, Outcome.TOO_LONG: 1}


async def test_hostile_deliveries_break_nothing_and_none_is_lost_after_them(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await automation.load(device)
    hostile: list[dict[str, Any] | bytes] = []
    random = Random(15)  # the library's own tests are by Hypothesis, which is not installed here
    for number in range(0, 600, 3):
        told = {name: odd_value(random) for name in random.sample(FIELDS, 3)}
        hostile.append(delivery_of(device, number, **told))
        other, signature = odd_value(random), odd_value(random)
        hostile.append({**delivery_of(device, number + 1), "data": other, "signature": signature})
        hostile.append(random.randbytes(random.randrange(60)))
    await deliver_all(home, entry, hostile)
    await deliver(home, entry, delivery_of(device, 99_999))
    await hass.async_block_till_done()
    assert automation.texts[-1] == "Message 99999"
    assert all(len(str(run.data["sender"])) <= 100 for run in automation.runs)
    assert "Error" not in caplog.text
