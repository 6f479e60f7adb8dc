"""Messages in: from the gateway's delivery to an automation."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.push.log import Outcome
from tests.custom_components.wuts.helpers import AddEntry, Until, registered, state_of
from tests.custom_components.wuts.push.messages import (
    ANA,
    ENTITY,
    Automation,
    counts,
    deliver,
    delivers_messages,
    delivery_of,
)
from tests.custom_components.wuts.pushing import turn_on
from wuts_simulator import Device, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]
GROUP = "120363041234567890@g.us"
HIDDEN = "123456789012345@lid"


async def test_a_message_runs_an_automation_that_knows_who_wrote_what(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    until: Until,
) -> None:
    await automation.load(device)
    message_id = sim.world.receive(device.id, ANA, "Open the gate,\nplease", name="Ana")
    await until(lambda: automation.runs)
    (run,) = automation.runs
    assert {key: one for key, one in run.data.items() if key not in ("sent_at", "shown")} == {
        "message_id": message_id,
        "sender": int(ANA),  # Home Assistant's templates make a number of +55…
        "name": "Ana",
        "text": "Open the gate,\nplease",
        "type": "text",
        "chat": f"{ANA}@s.whatsapp.net",
        "group": None,
        "device_id": registered(hass, device).id,
        "entity_id": ENTITY,
    }
    assert run.data["sent_at"]
    assert run.data["shown"] == state_of(hass, ENTITY)  # the entity knew it before


async def test_the_entity_shows_who_wrote_and_not_what(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    assert state_of(hass, ENTITY) == "unknown"
    sim.world.receive(device.id, ANA, "A secret", name="Ana", group=GROUP)
    await until(lambda: state_of(hass, ENTITY) != "unknown")
    state = hass.states.get(ENTITY)
    assert state is not None
    assert state.attributes["event_type"] == "received"
    assert state.attributes["sender"] == f"+{ANA}"
    assert (state.attributes["chat"], state.attributes["group"]) == (GROUP, GROUP)
    assert "text" not in state.attributes
    assert "secret" not in str(state.as_dict())


async def test_the_entity_has_its_unique_id_within_the_account(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry
) -> None:
    found = er.async_get(hass).async_get(ENTITY)
    assert found is not None
    assert found.unique_id == f"{entry.entry_id}_{device.id}_message"
    assert found.entity_category is None


async def test_messages_are_off_unless_they_are_turned_on(
    hass: HomeAssistant, home: str, device: Device, add_pushed: AddEntry, until: Until
) -> None:
    entry = await add_pushed(device)
    assert hass.states.get(ENTITY) is None
    assert not delivers_messages(device)
    await deliver(home, entry, delivery_of(device))
    assert counts(hass, entry)[Outcome.NOT_WANTED] == 1


async def test_messages_that_are_turned_off_are_not_delivered_any_more(
    hass: HomeAssistant, home: str, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    await turn_on(hass, entry)  # with the form's own default: no messages
    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    await options.async_configure(result["flow_id"], {"push": True, "incoming_messages": False})
    await hass.async_block_till_done()
    await until(lambda: device.webhook is not None and not delivers_messages(device))
    assert device.webhook is not None
    assert device.webhook.enabled
    assert er.async_get(hass).async_get(ENTITY) is None


async def test_messages_need_push_and_the_dialog_says_so(
    hass: HomeAssistant, device: Device, home: str, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    options = hass.config_entries.options
    result = await options.async_init(entry.entry_id)
    result = await options.async_configure(
        result["flow_id"], {"push": False, "incoming_messages": True}
    )
    assert result["errors"] == {"incoming_messages": "needs_push"}
    result = await options.async_configure(
        result["flow_id"], {"push": True, "incoming_messages": True}
    )
    assert result["type"] == "create_entry"
    await hass.async_block_till_done()


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["a", "b", "c", "d"]),
        ({"sender": "+55 (21) 98888-8888"}, ["a", "c"]),
        ({"sender": "21 8888-8888"}, ["a", "c"]),  # at home, and without the ninth digit
        ({"sender": ["5521988888888@s.whatsapp.net"]}, ["a", "c"]),
        ({"sender": HIDDEN}, ["b"]),
        ({"sender": [HIDDEN, ANA]}, ["a", "b", "c"]),
        ({"group": GROUP}, ["c"]),
        ({"group": "120363041234567891@g.us"}, []),
        ({"type": "image"}, ["d"]),
        ({"type": ["Image", "text"]}, ["a", "b", "c", "d"]),
        ({"contains": "GATE"}, ["a"]),
        ({"contains": ["gate", "lights"]}, ["a", "b"]),
        ({"matches": r"^open\b.*gate$"}, ["a"]),
        ({"matches": "lights|door", "sender": ANA}, []),
    ],
)
async def test_an_automation_runs_for_the_messages_that_it_asks_for(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    options: dict[str, Any],
    expected: list[str],
) -> None:
    await hass.config.async_update(country="BR")
    await automation.load(device, **options)
    hidden, there = {"from": HIDDEN}, {"to": GROUP}
    await deliver(home, entry, delivery_of(device, 1, content="Open the gate", message_id="a"))
    await deliver(home, entry, delivery_of(device, 2, content="Lights", message_id="b", **hidden))
    await deliver(home, entry, delivery_of(device, 3, content="Hi", message_id="c", **there))
    image = {"message_type": "image", "from": "5531977777777@s.whatsapp.net"}
    await deliver(home, entry, delivery_of(device, 4, content="", message_id="d", **image))
    await hass.async_block_till_done()
    assert sorted(run.data["message_id"] for run in automation.runs) == expected


@pytest.mark.parametrize(
    "options",
    [
        {"sender": "nobody"},
        {"group": "Family"},
        {"matches": "("},
        {"matches": "(?P<a"},
        {"matches": "x" * 201},
        {"other": "x"},
    ],
)
async def test_an_automation_with_a_filter_that_is_none_is_refused(
    hass: HomeAssistant, device: Device, entry: MockConfigEntry, options: dict[str, str]
) -> None:
    trigger = {
        "trigger": "wuts.message_received",
        "target": {"device_id": registered(hass, device).id},
        "options": options,
    }
    config = {"alias": "Test", "triggers": trigger, "actions": []}
    assert await async_setup_component(hass, "automation", {"automation": [config]})
    await hass.async_block_till_done()
    assert state_of(hass, "automation.test") == "unavailable"


async def test_a_message_to_another_device_runs_nothing(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
) -> None:
    await automation.load(device)
    elsewhere = sim.world.add_device(name="Shop", state="connected")
    await deliver(home, entry, delivery_of(elsewhere))
    await hass.async_block_till_done()
    assert not automation.runs
    assert counts(hass, entry) == {Outcome.NOT_OURS: 1}


@pytest.mark.parametrize("told", [{"is_from_me": True}, {"from": "status@broadcast"}])
async def test_what_the_device_sent_itself_is_no_message_in(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    told: dict[str, Any],
) -> None:
    await automation.load(device)
    await deliver(home, entry, delivery_of(device, **told))
    await deliver(home, entry, delivery_of(device, 1, **{"from": device.jid}))
    await hass.async_block_till_done()
    assert not automation.runs
    assert counts(hass, entry)[Outcome.NOT_A_MESSAGE] == 2


async def test_neither_numbers_nor_texts_are_in_the_log(
    hass: HomeAssistant,
    home: str,
    device: Device,
    entry: MockConfigEntry,
    automation: Automation,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level("DEBUG", logger="custom_components.wuts")
    caplog.set_level("INFO", logger="homeassistant.components.automation")
    await automation.load(device)
    caplog.clear()
    await deliver(home, entry, delivery_of(device, content="A secret", push_name="Ana Lima"))
    await deliver(home, entry, {**delivery_of(device, 1), "device_id": "another"})
    await hass.async_block_till_done()
    ours = "\n".join(
        line.getMessage() for line in caplog.records if line.name.startswith("custom_components")
    )
    running = "\n".join(line.getMessage() for line in caplog.records if "automation" in line.name)
    assert automation.runs
    for text in (ours, running):
        assert not any(secret in text for secret in ("A secret", "Ana Lima", ANA))
