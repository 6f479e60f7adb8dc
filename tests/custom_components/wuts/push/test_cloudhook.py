"""Push by Home Assistant Cloud, for those whose Home Assistant the internet does not reach."""

import ast
import importlib.util
import inspect
from pathlib import Path

import pytest
from homeassistant.components.webhook import async_handle_webhook
from homeassistant.core import HomeAssistant
from homeassistant.util.aiohttp import MockRequest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.wuts.push.options import CONF_CLOUDHOOK
from custom_components.wuts.push.webhooks import SECRET_HEADER
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from tests.custom_components.wuts.push.cloud import NAME, STOOD_IN_FOR, Cloud
from tests.custom_components.wuts.push.messages import ENTITY, ready
from tests.custom_components.wuts.pushing import Options, delivers, set_stranger, turn_on
from wuts_simulator import Device, Simulator

# The gateway tries localhost's other address too, where nobody listens and the tests may not go.
pytestmark = [
    pytest.mark.usefixtures("patient"),
    pytest.mark.filterwarnings("ignore:A test tried to use socket"),
]

HOOKS = "https://hooks.example.com"


@pytest.fixture
def cloud(hass: HomeAssistant, home: str, monkeypatch: pytest.MonkeyPatch) -> Cloud:
    cloud = Cloud(HOOKS)
    cloud.install(hass, monkeypatch)
    return cloud


@pytest.fixture
async def entry(
    hass: HomeAssistant, cloud: Cloud, device: Device, add_entry: AddEntry, until: Until
) -> MockConfigEntry:
    """An account whose deliveries come by the cloud."""
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, HOOKS))
    return entry


def test_the_stand_in_has_the_functions_that_home_assistant_has() -> None:
    spec = importlib.util.find_spec(NAME)
    assert spec is not None
    assert spec.origin is not None
    tree = ast.parse(Path(spec.origin).read_text())
    functions = {
        one.name: one
        for one in tree.body
        if isinstance(one, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    for name in STOOD_IN_FOR:
        ours = inspect.signature(getattr(Cloud, name))
        names = [one.removeprefix("_") for one in ours.parameters]
        assert names[1:] == [one.arg for one in functions[name].args.args]
        is_async = inspect.iscoroutinefunction(getattr(Cloud, name))
        assert isinstance(functions[name], ast.AsyncFunctionDef) is is_async
    assert {"CloudNotAvailable", "CloudNotConnected"} <= {
        one.name for one in tree.body if isinstance(one, ast.ClassDef)
    }


async def test_the_gateway_delivers_to_the_cloud_where_there_is_a_subscription(
    device: Device, cloud: Cloud, entry: MockConfigEntry
) -> None:
    assert device.webhook is not None
    assert [*cloud.hooks.values()] == [device.webhook.url]
    assert device.webhook.headers[SECRET_HEADER] == entry.options["push_secret"]


async def test_no_address_of_ones_own_is_needed(
    hass: HomeAssistant, cloud: Cloud, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await hass.config.async_update(external_url=None)
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, HOOKS))


async def test_what_the_cloud_relays_is_taken(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    cloud: Cloud,
    add_entry: AddEntry,
    until: Until,
) -> None:
    entry = await add_entry(device)
    await ready(hass, entry, until, device)
    # This is how the component hands on what came.
    request = MockRequest(
        content=b'{"id": "1", "event": "message.received", "device_id": "%s",'
        b' "data": {"content": "Hi", "from": "5521988888888@s.whatsapp.net"}}' % device.id.encode(),
        headers={SECRET_HEADER: entry.options["push_secret"]},
        method="POST",
        mock_source="cloud",
        remote=None,
    )
    answer = await async_handle_webhook(hass, entry.options["webhook_id"], request)
    assert answer.status == 200
    assert state_of(hass, ENTITY) != "unknown"


@pytest.mark.parametrize("why", ["no subscription", "broken"])
async def test_the_own_address_is_used_where_the_cloud_gives_none(
    hass: HomeAssistant,
    home: str,
    device: Device,
    cloud: Cloud,
    add_entry: AddEntry,
    until: Until,
    why: str,
) -> None:
    cloud.is_subscribed, cloud.is_broken = why != "no subscription", why == "broken"
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))


async def test_the_webhook_moves_to_the_cloud_once_that_is_connected(
    hass: HomeAssistant,
    home: str,
    device: Device,
    cloud: Cloud,
    add_entry: AddEntry,
    until: Until,
) -> None:
    cloud.is_connected = False
    entry = await add_entry(device)
    await turn_on(hass, entry)
    await until(lambda: delivers(device, home))
    cloud.connect(connected=True)
    await until(lambda: delivers(device, HOOKS))
    assert entry.options[CONF_CLOUDHOOK] in cloud.hooks.values()


async def test_the_webhook_stays_at_the_cloud_while_that_is_away(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    cloud: Cloud,
    entry: MockConfigEntry,
    until: Until,
) -> None:
    cloud.connect(connected=False)
    sim.world.requests.reset()
    await hass.config_entries.async_reload(entry.entry_id)
    await until(lambda: sim.world.requests.by_endpoint["GET /webhook"])
    await hass.async_block_till_done()
    assert delivers(device, HOOKS)
    assert not sim.world.requests.by_endpoint["POST /webhook"]


async def test_a_hook_that_is_gone_moves_the_webhook_to_a_new_address(
    hass: HomeAssistant,
    home: str,
    device: Device,
    cloud: Cloud,
    entry: MockConfigEntry,
    until: Until,
) -> None:
    cloud.is_subscribed = False
    cloud.forget(entry.options["webhook_id"])
    await until(lambda: delivers(device, home))


async def test_an_external_address_that_moves_is_told_without_a_reload(
    hass: HomeAssistant, home: str, device: Device, add_pushed: AddEntry, until: Until
) -> None:
    entry = await add_pushed(device)
    loaded = entry.runtime_data
    await hass.config.async_update(external_url="https://home.example.com")
    await until(lambda: delivers(device, "https://home.example.com/"))
    assert entry.runtime_data is loaded


async def test_the_hook_is_kept_without_a_reload(
    hass: HomeAssistant, device: Device, cloud: Cloud, entry: MockConfigEntry, until: Until
) -> None:
    loaded = entry.runtime_data
    cloud.hooks[entry.options["webhook_id"]] = f"{HOOKS}/another"
    cloud.connect(connected=True)
    await until(lambda: delivers(device, f"{HOOKS}/another"))
    assert entry.options[CONF_CLOUDHOOK] == f"{HOOKS}/another"
    await hass.async_block_till_done()
    assert entry.runtime_data is loaded


async def test_the_hook_is_deleted_with_the_account(
    hass: HomeAssistant, device: Device, cloud: Cloud, entry: MockConfigEntry
) -> None:
    webhook_id = entry.options["webhook_id"]
    await hass.config_entries.async_remove(entry.entry_id)
    assert cloud.deleted == [webhook_id]
    assert device.webhook is None
    assert cloud.listeners == 0


async def test_the_hook_is_deleted_with_push(
    hass: HomeAssistant, device: Device, cloud: Cloud, entry: MockConfigEntry
) -> None:
    await Options(hass, entry).set_push(on=False)
    await hass.async_block_till_done()
    assert not cloud.hooks
    assert CONF_CLOUDHOOK not in entry.options
    assert device.webhook is None


async def test_the_account_is_removed_though_the_hook_is_gone(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry
) -> None:
    cloud.hooks.clear()
    await hass.config_entries.async_remove(entry.entry_id)
    assert not hass.config_entries.async_entries("wuts")


async def test_a_hook_is_not_left_behind_where_the_user_changes_nothing(
    hass: HomeAssistant, sim: Simulator, device: Device, cloud: Cloud, add_entry: AddEntry
) -> None:
    entry = await add_entry(device)
    await set_stranger(sim, device)
    options = Options(hass, entry)
    assert (await options.set_push(on=True))["step_id"] == "strangers"
    assert cloud.hooks
    await options.choose("leave")
    assert not cloud.hooks


async def test_the_hook_is_in_no_log(
    hass: HomeAssistant, cloud: Cloud, entry: MockConfigEntry, caplog: pytest.LogCaptureFixture
) -> None:
    await hass.config_entries.async_reload(entry.entry_id)
    await hass.async_block_till_done()
    ours = [line for line in caplog.records if line.name.startswith("custom_components.wuts")]
    assert not any(entry.options[CONF_CLOUDHOOK] in line.getMessage() for line in ours)
