"""What one answer proves: a page, a true refusal, and a refusal that heals on its own."""

from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_REAUTH, ConfigEntryState
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.helpers import issue_registry as ir

from custom_components.wuts.account import refusal
from custom_components.wuts.const import DOMAIN, SECTION_ADVANCED
from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from tests.custom_components.wuts.test_init import refused_tokens
from wuts_simulator import Device, Fault, FaultKind, Simulator


@pytest.fixture
def quick_looks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Look again within a moment at a token that was refused at the start."""
    monkeypatch.setattr(refusal, "FIRST_LOOK", 0.05)


def reauth_flows(hass: HomeAssistant) -> list[Any]:
    flows = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    return [flow for flow in flows if flow["context"]["source"] == SOURCE_REAUTH]


@pytest.mark.parametrize("status", [401, 403])
async def test_a_page_that_refuses_at_the_start_is_tried_again_and_asks_for_no_token(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, status: int
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.HTML, endpoint="*", status=status))
    entry = await add_entry(device)
    assert entry.state == ConfigEntryState.SETUP_RETRY
    assert reauth_flows(hass) == []

    sim.world.faults.clear()
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state == ConfigEntryState.LOADED


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize("endpoint", ["GET /devices", "POST /connect"])
async def test_a_page_that_refuses_later_asks_for_no_token(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    status: int,
    endpoint: str,
) -> None:
    other = sim.world.add_device(name="Shop", state="connected")
    entry = await add_entry(device, other)
    sim.world.faults.add(Fault(kind=FaultKind.HTML, endpoint=endpoint, status=status, times=2))
    sim.world.drop(device.id)
    asked = sim.world.requests.by_endpoint
    before = asked[endpoint]
    await until(lambda: asked[endpoint] >= before + 3)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")
    assert reauth_flows(hass) == []
    assert entry.state is ConfigEntryState.LOADED


async def test_a_refusal_at_the_start_that_heals_by_itself_loads_the_account(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    quick_looks: None,
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="*", status=401))
    entry = await add_entry(device)
    assert entry.state is ConfigEntryState.SETUP_ERROR
    assert len(reauth_flows(hass)) == 1
    asked = sim.world.requests.by_endpoint
    await until(lambda: asked["GET /devices"] >= 3)
    assert set(asked) == {"GET /devices"}

    sim.world.faults.clear()
    await until(lambda: entry.state is ConfigEntryState.LOADED)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")
    assert reauth_flows(hass) == []
    assert refused_tokens(hass) == []


async def test_a_refused_account_that_is_unloaded_or_removed_is_looked_at_no_more(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, quick_looks: None
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="*", status=401))
    entry = await add_entry(device)
    assert refusal.looks_again(hass, entry.entry_id)
    await hass.config_entries.async_remove(entry.entry_id)
    await hass.async_block_till_done()
    assert not refusal.looks_again(hass, entry.entry_id)


async def test_a_refusal_that_heals_by_itself_later_ends_the_question_for_a_token(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(device)
    sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="*", status=401))
    await until(lambda: reauth_flows(hass))
    assert state_of(hass, "sensor.front_desk_state") == "unavailable"

    sim.world.faults.clear()
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")
    await until(lambda: reauth_flows(hass) == [])
    assert refused_tokens(hass) == []


@pytest.mark.parametrize("refused", [True, False], ids=["refused", "loaded"])
@pytest.mark.parametrize("how", ["reauth", "reconfigure"])
async def test_the_same_token_entered_again_reloads_the_account(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    how: str,
    refused: bool,
) -> None:
    entry = await add_entry(device)
    before = entry.runtime_data
    if refused:
        sim.world.faults.add(Fault(kind=FaultKind.STATUS, endpoint="*", status=401))
        await until(lambda: reauth_flows(hass))
        sim.world.faults.clear()
    answers: dict[str, Any] = {CONF_TOKEN: sim.token}
    if how == "reauth":
        flow = (reauth_flows(hass) or [await entry.start_reauth_flow(hass)])[0]
    else:
        flow = await entry.start_reconfigure_flow(hass)
        answers[SECTION_ADVANCED] = {CONF_URL: sim.url}
    result = await hass.config_entries.flow.async_configure(flow["flow_id"], answers)
    assert result["reason"] == f"{how}_successful"
    await until(lambda: entry.state is ConfigEntryState.LOADED and entry.runtime_data is not before)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")
    assert refused_tokens(hass) == []


def open_issues(hass: HomeAssistant) -> set[str | None]:
    found = ir.async_get(hass).issues
    return {issue.translation_key for (domain, _), issue in found.items() if domain == DOMAIN}


async def test_a_refusal_about_one_device_is_that_devices_alone(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    other = sim.world.add_device(name="Shop", state="connected")
    await add_entry(device, other)
    sim.world.faults.add(
        Fault(kind=FaultKind.STATUS, endpoint="POST /connect", status=403, device_id=device.id)
    )
    sim.world.drop(device.id)
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "refused")
    await until(lambda: open_issues(hass) == {"device_refused"})
    assert state_of(hass, "sensor.shop_state") == "connected"
    assert reauth_flows(hass) == []
    session = hass.states.get("event.front_desk_session")
    assert session is not None
    assert session.attributes["event_type"] == "refused"

    sim.world.faults.clear()
    await hass.services.async_call(
        "button", "press", {"entity_id": "button.front_desk_reconnect"}, blocking=True
    )
    await until(lambda: state_of(hass, "sensor.front_desk_state") == "connected")
    await until(lambda: open_issues(hass) == set())


async def test_a_listing_that_lacks_most_devices_is_one_issue_of_the_account(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(*sim.world.add_devices("home", 6, state="connected"))
    sim.world.faults.add(
        Fault(
            kind=FaultKind.BODY,
            endpoint="GET /devices",
            status=200,
            body={"success": True, "devices": []},
        )
    )
    seen: set[str | None] = set()

    def see() -> set[str | None]:
        seen.update(open_issues(hass))
        return seen

    await until(lambda: "devices_missing" in see())
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: see() and asked["GET /devices"] >= before + 4)
    assert seen == {"devices_missing"}

    sim.world.faults.clear()
    await until(lambda: open_issues(hass) == set())


async def test_answers_about_another_device_are_an_issue_of_the_account(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(device)
    body = {"success": True, "data": {"status": "ok", "needs_qr": True, "device_id": "another"}}
    sim.world.faults.add(
        Fault(kind=FaultKind.BODY, endpoint="POST /connect", status=200, body=body)
    )
    sim.world.drop(device.id)
    await until(lambda: "wrong_device" in open_issues(hass))
    assert "needs_pairing" not in open_issues(hass)

    sim.world.faults.clear()
    await until(lambda: open_issues(hass) == set())
    assert state_of(hass, "sensor.front_desk_state") == "connected"


@pytest.mark.parametrize("row", [None, {"connected": None}, {"id": 7}, []], ids=str)
async def test_an_odd_line_of_a_listing_hides_no_device(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    row: Any,  # noqa: ANN401 - anything a gateway may send
) -> None:
    entry = await add_entry(device)
    good = {"id": device.id, "name": device.name, "connected": True, "whatsapp_jid": device.jid}
    body = {"success": True, "devices": [row, good]}
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="GET /devices", status=200, body=body))
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: asked["GET /devices"] >= before + 3)
    assert state_of(hass, "sensor.front_desk_state") == "connected"
    await hass.config_entries.async_reload(entry.entry_id)
    assert entry.state == ConfigEntryState.LOADED
    assert open_issues(hass) == set()


async def test_a_device_whose_line_cannot_be_read_is_not_gone(
    hass: HomeAssistant, sim: Simulator, device: Device, add_entry: AddEntry, until: Until
) -> None:
    await add_entry(device)
    body = {"success": True, "devices": [{"id": device.id, "name": "?", "connected": None}]}
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="GET /devices", status=200, body=body))
    asked = sim.world.requests.by_endpoint
    before = asked["GET /devices"]
    await until(lambda: asked["GET /devices"] >= before + 6)
    assert open_issues(hass) == set()
    assert state_of(hass, "sensor.front_desk_state") == "connected"
