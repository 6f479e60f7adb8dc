import asyncio
import json
from http import HTTPStatus

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.common import MockConfigEntry
from pytest_homeassistant_custom_component.typing import WebSocketGenerator

from custom_components.wuts.const import DOMAIN
from custom_components.wuts.core.webhooks import LONGEST_DELIVERY
from custom_components.wuts.push.webhooks import SECRET_HEADER
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from tests.custom_components.wuts.pushing import answer_to
from wuts_simulator import Device, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]


@pytest.fixture
async def pushed(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_pushed: AddEntry,
    until: Until,
) -> MockConfigEntry:
    """An account with push, quiet now."""
    entry = await add_pushed(device)
    asked = sim.world.requests.by_endpoint
    # Twice before the options were changed, and twice since: by then nothing is under way.
    await until(lambda: asked["GET /devices"] == 4 and asked["POST /webhook"] == 1)
    # In the dialog, before our webhook is put up, and to see that it is there.
    await until(lambda: asked["GET /webhook"] == 3)
    return entry


@pytest.mark.parametrize("secret", ["", "guess", "gu\u00e9ss"])
async def test_a_delivery_without_our_secret_is_refused_and_wakes_nothing(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    pushed: MockConfigEntry,
    secret: str,
) -> None:
    sim.world.requests.reset()
    body = json.dumps({"device_id": device.id})
    status = await answer_to(home, pushed, data=body, **{SECRET_HEADER: secret})
    assert status == HTTPStatus.UNAUTHORIZED
    await hass.async_block_till_done()
    assert not sim.world.requests.by_endpoint


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no JSON",
        b"[]",
        b'"text"',
        b'{"device_id": 7}',
        b'{"device_id": "of another account"}',
        b"\xff\xfe",
        b"[" * 60_000,
    ],
    ids=["empty", "text", "list", "string", "number", "stranger", "bytes", "depth"],
)
async def test_a_delivery_that_names_no_device_makes_all_be_looked_at(
    sim: Simulator, home: str, pushed: MockConfigEntry, until: Until, body: bytes
) -> None:
    sim.world.requests.reset()
    assert await answer_to(home, pushed, data=body) == HTTPStatus.OK
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"])


async def test_a_delivery_whose_body_cannot_be_read_is_a_hint_all_the_same(
    sim: Simulator,
    home: str,
    pushed: MockConfigEntry,
    until: Until,
    caplog: pytest.LogCaptureFixture,
) -> None:
    sim.world.requests.reset()
    status = await answer_to(home, pushed, data=b"no gzip", **{"Content-Encoding": "gzip"})
    assert status < HTTPStatus.INTERNAL_SERVER_ERROR
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"])
    assert "Error processing webhook" not in caplog.text


async def test_a_delivery_that_is_too_long_is_refused(
    hass: HomeAssistant, sim: Simulator, home: str, pushed: MockConfigEntry
) -> None:
    sim.world.requests.reset()
    status = await answer_to(home, pushed, data=b" " * (LONGEST_DELIVERY + 1))
    assert status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    await hass.async_block_till_done()
    assert not sim.world.requests.by_endpoint


async def test_what_a_delivery_says_of_a_state_is_not_believed(
    hass: HomeAssistant,
    sim: Simulator,
    home: str,
    device: Device,
    pushed: MockConfigEntry,
    until: Until,
) -> None:
    sim.world.requests.reset()
    body = json.dumps({"device_id": device.id, "event": "device.logged_out", "connected": False})
    assert await answer_to(home, pushed, data=body) == HTTPStatus.OK
    await until(lambda: sim.world.requests.total)
    await hass.async_block_till_done()
    assert state_of(hass, "sensor.front_desk_state") == "connected"


async def test_a_delivery_through_home_assistants_own_relay_is_taken_too(
    hass: HomeAssistant,
    hass_ws_client: WebSocketGenerator,
    sim: Simulator,
    pushed: MockConfigEntry,
    until: Until,
) -> None:
    socket = await hass_ws_client(hass)
    sim.world.requests.reset()
    await socket.send_json_auto_id(
        {
            "type": "webhook/handle",
            "webhook_id": pushed.options["webhook_id"],
            "method": "POST",
            "headers": {SECRET_HEADER: pushed.options["push_secret"]},
        }
    )
    answer = await socket.receive_json()
    assert answer["result"]["status"] == HTTPStatus.OK
    await until(lambda: sim.world.requests.by_endpoint["GET /devices"])


async def test_neither_secret_nor_address_is_shown_in_the_log(
    hass: HomeAssistant, pushed: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    await hass.config_entries.async_remove(pushed.entry_id)
    ours = "\n".join(line.getMessage() for line in caplog.records if DOMAIN in line.name)
    assert pushed.options["push_secret"] not in ours
    assert pushed.options["webhook_id"] not in ours


async def test_home_assistant_stops_with_push_and_leaves_no_task(
    hass: HomeAssistant, pushed: MockConfigEntry
) -> None:
    await hass.async_stop()
    assert not [one for one in asyncio.all_tasks() if one.get_name().startswith("wuts")]


async def test_a_delivery_that_comes_while_home_assistant_stops_asks_the_gateway_nothing(
    hass: HomeAssistant, sim: Simulator, home: str, pushed: MockConfigEntry
) -> None:
    await pushed.runtime_data.async_stop()
    sim.world.requests.reset()
    assert await answer_to(home, pushed) == HTTPStatus.OK
    await hass.async_block_till_done()
    assert not sim.world.requests.by_endpoint
