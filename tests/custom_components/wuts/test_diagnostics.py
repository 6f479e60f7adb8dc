import json

import pytest
from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from custom_components.wuts import diagnostics as diagnostics_module
from tests.custom_components.wuts.helpers import AddEntry
from wuts_simulator import Fault, FaultKind, Simulator

PHONE = "5511988887777"


async def test_diagnostics_help_and_hold_no_secret(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    add_entry: AddEntry,
    snapshot: SnapshotAssertion,
) -> None:
    entry = await add_entry(sim.world.add_device(name="Front desk", state="connected", phone=PHONE))
    diagnostics = await get_diagnostics_for_config_entry(hass, hass_client, entry)

    text = json.dumps(diagnostics)
    assert sim.token not in text
    assert PHONE not in text
    assert "Front desk" not in text
    report = diagnostics.pop("doctor")
    codes = {finding["code"] for finding in report["findings"]}
    assert {"token_accepted", "plain_http", "read_matches"} <= codes
    assert diagnostics == snapshot(exclude=props("id", "last_seen", "url"))


async def test_diagnostics_are_there_though_the_gateway_is_not(
    hass: HomeAssistant,
    hass_client: ClientSessionGenerator,
    sim: Simulator,
    add_entry: AddEntry,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    entry = await add_entry(sim.world.add_device(state="connected"))
    sim.world.faults.add(Fault(kind=FaultKind.RESET, endpoint="*"))
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert "gateway_unreachable" in {one["code"] for one in found["doctor"]["findings"]}

    sim.world.faults.clear()
    sim.world.faults.add(Fault(kind=FaultKind.HANG, endpoint="GET /status"))
    monkeypatch.setattr(diagnostics_module, "PATIENCE", 0.2)
    found = await get_diagnostics_for_config_entry(hass, hass_client, entry)
    assert found["doctor"] == {"problem": "TimeoutError"}
