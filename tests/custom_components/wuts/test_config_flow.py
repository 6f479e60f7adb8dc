from typing import Any

import pytest
from homeassistant.config_entries import SOURCE_USER
from homeassistant.const import CONF_TOKEN, CONF_URL
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from custom_components.wuts import config_flow
from custom_components.wuts.const import DOMAIN, SECTION_ADVANCED
from custom_components.wuts.core import DEFAULT_BASE_URL
from tests.custom_components.wuts.helpers import AddEntry, Until
from wuts_simulator import Fault, FaultKind, Simulator

CLOSED_PORT = "http://127.0.0.1:9"


def account(token: str, url: str) -> dict[str, Any]:
    return {CONF_TOKEN: token, SECTION_ADVANCED: {CONF_URL: url}}


async def start(hass: HomeAssistant) -> str:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    assert result["type"] is FlowResultType.FORM
    return result["flow_id"]


async def test_a_token_makes_an_account_and_goes_on_with_its_first_device(
    hass: HomeAssistant, sim: Simulator
) -> None:
    flow_id = await start(hass)
    result = await hass.config_entries.flow.async_configure(
        flow_id, account(f" {sim.token} ", f"{sim.url}/")
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY
    assert result["title"] == "WUTS (127.0.0.1)"
    assert result["data"] == {CONF_TOKEN: sim.token, CONF_URL: sim.url}

    kind, device_flow = result["next_flow"]
    assert kind == "config_subentries_flow"
    device = await hass.config_entries.subentries.async_configure(device_flow)
    assert device["step_id"] == "name"


async def test_a_second_account_of_a_gateway_is_numbered(
    hass: HomeAssistant, sim: Simulator
) -> None:
    titles = []
    for number in range(3):
        sim.world.add_tenant(f"shop {number}", f"token-{number}")
        flow_id = await start(hass)
        result = await hass.config_entries.flow.async_configure(
            flow_id, account(f"token-{number}", sim.url)
        )
        titles.append(result["title"])
    assert titles == ["WUTS (127.0.0.1)", "WUTS (127.0.0.1) 2", "WUTS (127.0.0.1) 3"]


async def test_the_gateway_is_the_hosted_one_unless_told_otherwise(hass: HomeAssistant) -> None:
    result = await hass.config_entries.flow.async_init(DOMAIN, context={"source": SOURCE_USER})
    schema = result["data_schema"]
    assert schema is not None
    filled = schema({CONF_TOKEN: "t", SECTION_ADVANCED: {}})
    assert filled[SECTION_ADVANCED][CONF_URL] == DEFAULT_BASE_URL


async def test_an_account_of_the_hosted_gateway_needs_no_address_in_its_name(
    hass: HomeAssistant, sim: Simulator, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(config_flow, "DEFAULT_BASE_URL", sim.url)
    result = await hass.config_entries.flow.async_configure(
        await start(hass), account(sim.token, sim.url)
    )
    assert result["title"] == "WUTS"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"kind": FaultKind.STATUS, "status": 401}, "invalid_auth"),
        ({"kind": FaultKind.STATUS, "status": 403}, "invalid_auth"),
        ({"kind": FaultKind.RESET}, "cannot_connect"),
        ({"kind": FaultKind.STATUS, "status": 503}, "gateway_down"),
        ({"kind": FaultKind.STATUS, "status": 500}, "gateway_down"),
        ({"kind": FaultKind.STATUS, "status": 429}, "gateway_down"),
        ({"kind": FaultKind.STATUS, "status": 418}, "unexpected_answer"),
        ({"kind": FaultKind.HTML, "status": 200}, "unexpected_answer"),
        ({"kind": FaultKind.TRUNCATED}, "unexpected_answer"),
        ({"kind": FaultKind.WRONG_TYPES}, "unexpected_answer"),
    ],
)
async def test_every_failure_is_told_and_can_be_mended(
    hass: HomeAssistant, sim: Simulator, fault: dict[str, Any], error: str
) -> None:
    sim.world.faults.add(Fault(endpoint="GET /devices", **fault))
    flow_id = await start(hass)
    answers = account(sim.token, sim.url)
    result = await hass.config_entries.flow.async_configure(flow_id, answers)
    assert result["errors"] == {"base": error}

    sim.world.faults.clear()
    result = await hass.config_entries.flow.async_configure(flow_id, answers)
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize(
    ("token", "url", "error"),
    [
        ("a token", None, "invalid_token"),
        ("wrong", None, "invalid_auth"),
        ("any", CLOSED_PORT, "connection_refused"),
        ("any", "http://gateway.example.com", "invalid_url"),
        ("any", "nonsense", "invalid_url"),
    ],
)
async def test_a_wrong_token_or_address_is_told_and_can_be_mended(
    hass: HomeAssistant, sim: Simulator, token: str, url: str | None, error: str
) -> None:
    flow_id = await start(hass)
    result = await hass.config_entries.flow.async_configure(flow_id, account(token, url or sim.url))
    assert result["errors"] == {"base": error}

    result = await hass.config_entries.flow.async_configure(flow_id, account(sim.token, sim.url))
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_the_same_token_is_refused(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    await add_entry()
    result = await hass.config_entries.flow.async_configure(
        await start(hass), account(sim.token, sim.url)
    )
    assert result["reason"] == "already_configured"


@pytest.mark.parametrize("loaded", [True, False])
async def test_another_token_of_the_same_account_is_refused(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, loaded: bool
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    if not loaded:
        await hass.config_entries.async_unload(entry.entry_id)
    sim.world.add_tenant("home", "second")
    result = await hass.config_entries.flow.async_configure(
        await start(hass), account("second", sim.url)
    )
    assert result["reason"] == "already_configured"


async def test_another_account_may_stand_beside_the_first(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    await add_entry(sim.world.add_device(state="connected"))
    sim.world.add_tenant("office", "office-token")
    result = await hass.config_entries.flow.async_configure(
        await start(hass), account("office-token", sim.url)
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


async def test_a_refused_token_is_replaced_after_a_wrong_try(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    sim.world.add_tenant("home", "second")
    result = await entry.start_reauth_flow(hass)
    assert result["step_id"] == "reauth_confirm"

    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_TOKEN: "wrong"}
    )
    assert result["errors"] == {"base": "invalid_auth"}

    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], {CONF_TOKEN: "second"}
    )
    assert result["reason"] == "reauth_successful"
    assert entry.data[CONF_TOKEN] == "second"


async def test_an_entry_that_could_not_be_set_up_works_with_its_new_token(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, until: Until
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"), token="wrong")
    (flow,) = hass.config_entries.flow.async_progress_by_handler(DOMAIN)
    result = await hass.config_entries.flow.async_configure(
        flow["flow_id"], {CONF_TOKEN: sim.token}
    )
    assert result["reason"] == "reauth_successful"
    await until(lambda: entry.state.value == "loaded")


@pytest.mark.parametrize("how", ["reauth", "reconfigure"])
async def test_a_token_of_another_account_is_refused(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry, how: str
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    sim.world.add_tenant("office", "office-token")
    if how == "reauth":
        result = await entry.start_reauth_flow(hass)
        answers: dict[str, Any] = {CONF_TOKEN: "office-token"}
    else:
        result = await entry.start_reconfigure_flow(hass)
        answers = account("office-token", sim.url)
    result = await hass.config_entries.flow.async_configure(result["flow_id"], answers)
    assert result["reason"] == "another_account"
    assert entry.data[CONF_TOKEN] == sim.token


async def test_token_and_address_are_changed_after_a_wrong_try(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    sim.world.add_tenant("home", "second")
    result = await entry.start_reconfigure_flow(hass)
    assert result["step_id"] == "reconfigure"

    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], account("second", CLOSED_PORT)
    )
    assert result["errors"] == {"base": "connection_refused"}

    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], account("second", f"{sim.url}/")
    )
    assert result["reason"] == "reconfigure_successful"
    assert entry.data == {CONF_TOKEN: "second", CONF_URL: sim.url}


async def test_an_account_without_devices_moves_to_another_gateway(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    async with Simulator() as elsewhere:
        result = await entry.start_reconfigure_flow(hass)
        result = await hass.config_entries.flow.async_configure(
            result["flow_id"], account(elsewhere.token, elsewhere.url)
        )
        assert result["reason"] == "reconfigure_successful"
        assert entry.data == {CONF_TOKEN: elsewhere.token, CONF_URL: elsewhere.url}
        await hass.async_block_till_done()
        assert await hass.config_entries.async_unload(entry.entry_id)


async def test_an_account_cannot_become_one_that_is_there_already(
    hass: HomeAssistant, sim: Simulator, add_entry: AddEntry
) -> None:
    entry = await add_entry()
    sim.world.add_tenant("office", "office-token")
    result = await hass.config_entries.flow.async_configure(
        await start(hass), account("office-token", sim.url)
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY

    result = await entry.start_reconfigure_flow(hass)
    result = await hass.config_entries.flow.async_configure(
        result["flow_id"], account("office-token", sim.url)
    )
    assert result["reason"] == "already_configured"
