"""Answers to messages: in their chat, by their device, with the message quoted."""

from pathlib import Path
from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.const import DOMAIN
from custom_components.wuts.core.incoming import IncomingMessage
from custom_components.wuts.push.log import MOST_MESSAGES, async_log_of
from tests.custom_components.wuts.helpers import (
    AddEntry,
    Until,
    forget_memory,
    registered,
    state_of,
)
from tests.custom_components.wuts.push.messages import ANA, ENTITY, Automation, ready
from wuts_simulator import Device, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]

GROUP = "120363041234567890@g.us"
HIDDEN = "123456789012345@lid"


@pytest.fixture
def shop(sim: Simulator) -> Device:
    return sim.world.add_device(name="Shop", state="connected", phone="5511988886666")


@pytest.fixture
async def entry(
    hass: HomeAssistant, home: str, device: Device, shop: Device, add_entry: AddEntry, until: Until
) -> MockConfigEntry:
    entry = await add_entry(device, shop)
    await ready(hass, entry, until, device, shop)
    return entry


async def reply(hass: HomeAssistant, **fields: Any) -> dict[str, Any]:  # noqa: ANN401 - an action's
    response = await hass.services.async_call(
        DOMAIN, "reply", {"message": "Yes", **fields}, blocking=True, return_response=True
    )
    assert response is not None
    return dict(response)


async def received(
    hass: HomeAssistant,
    sim: Simulator,
    until: Until,
    to: Device,
    sender: str = ANA,
    group: str | None = None,
) -> str:
    """Let a message arrive, and return its id."""
    message_id = sim.world.receive(to.id, sender, "Is it ready?", group=group)
    log = async_log_of(hass, "account")
    await until(lambda: log.message(message_id))
    return message_id


async def test_an_automation_answers_a_message(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    until: Until,
) -> None:
    answer = {
        "action": "wuts.reply",
        "data": {"message_id": "{{ trigger.message_id }}", "message": "{{ trigger.text }}? Yes."},
    }
    await Automation(hass).load(device, answer, contains="ready")
    message_id = sim.world.receive(device.id, ANA, "Is it ready")
    await until(lambda: sim.world.messages)
    (sent,) = sim.world.messages
    assert (sent.device_id, sent.chat_jid) == (device.id, f"{ANA}@s.whatsapp.net")
    assert (sent.text, sent.quoted) == ("Is it ready? Yes.", message_id)


@pytest.mark.parametrize(
    ("sender", "group", "chat"),
    [
        (ANA, None, f"{ANA}@s.whatsapp.net"),
        (ANA, GROUP, GROUP),
        (HIDDEN, None, HIDDEN),
        (HIDDEN, GROUP, GROUP),
    ],
)
async def test_the_answer_goes_where_the_message_was_written(
    hass: HomeAssistant,
    sim: Simulator,
    shop: Device,
    entry: MockConfigEntry,
    until: Until,
    sender: str,
    group: str | None,
    chat: str,
) -> None:
    message_id = await received(hass, sim, until, shop, sender, group=group)
    response = await reply(hass, message_id=message_id)
    (sent,) = sim.world.messages
    assert response == {"message_id": sent.id, "status": "sent"}
    assert (sent.device_id, sent.chat_jid, sent.quoted) == (shop.id, chat, message_id)


async def test_the_answer_quotes_what_was_said(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    message_id = await received(hass, sim, until, device)
    client = entry.runtime_data.client
    bodies: list[Any] = []
    ask = client.transport.send

    async def watch(request: Any) -> Any:  # noqa: ANN401 - the transport's
        bodies.append(request.body)
        return await ask(request)

    client.transport.send = watch
    await reply(hass, message_id=message_id)
    assert bodies[0]["quoted"] == {
        "key": {"id": message_id, "fromMe": False},
        "message": {"conversation": "Is it ready?"},
    }


async def test_a_message_of_before_a_restart_is_answered_where_it_is_told(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    message_id = await received(hass, sim, until, device)
    await forget_memory(hass, entry)
    with pytest.raises(ServiceValidationError) as raised:
        await reply(hass, message_id=message_id)
    assert raised.value.translation_key == "unknown_message"
    desk, chat = registered(hass, device).id, f"{ANA}@s.whatsapp.net"
    await reply(hass, message_id=message_id, device_id=desk, to=chat)
    (sent,) = sim.world.messages
    assert (sent.chat_jid, sent.quoted) == (chat, message_id)


async def test_nothing_is_answered_without_a_message(
    hass: HomeAssistant, sim: Simulator, entry: MockConfigEntry
) -> None:
    for fields in ({}, {"message_id": ""}, {"message_id": "3EB0"}, {"to": ANA}):
        with pytest.raises(ServiceValidationError):
            await reply(hass, **fields)
    assert not sim.world.messages


async def test_an_answer_by_a_device_that_is_down_fails_aloud(
    hass: HomeAssistant, sim: Simulator, device: Device, entry: MockConfigEntry, until: Until
) -> None:
    message_id = await received(hass, sim, until, device)
    sim.world.unlink(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "needs_pairing")
    with pytest.raises(HomeAssistantError) as raised:
        await reply(hass, message_id=message_id)
    assert raised.value.translation_key == "device_not_ready"


async def test_a_picture_is_an_answer_too(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    entry: MockConfigEntry,
    until: Until,
    tmp_path: Path,
) -> None:
    picture = tmp_path / "door.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n")
    hass.config.allowlist_external_dirs = {str(tmp_path)}
    message_id = await received(hass, sim, until, device)
    await reply(hass, message_id=message_id, message="Here", media=str(picture))
    (sent,) = sim.world.messages
    assert (sent.kind, sent.text, sent.quoted) == ("image", "Here", message_id)
    assert sent.file is not None
    assert sent.file.content == picture.read_bytes()


async def test_only_so_many_messages_are_remembered(
    hass: HomeAssistant, entry: MockConfigEntry
) -> None:
    log = async_log_of(hass, entry.entry_id)
    for number in range(MOST_MESSAGES + 10):
        log.remember(IncomingMessage(device_id="desk", message_id=f"{number}"))
    assert log.message("9") is None
    assert log.message("10") is not None
    assert log.message("10", "another") is None
    log.remember(IncomingMessage(device_id="desk"))
    assert log.message("") is None
    assert state_of(hass, ENTITY) == "unknown"
