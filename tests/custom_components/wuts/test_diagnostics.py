import json

from homeassistant.core import HomeAssistant
from pytest_homeassistant_custom_component.components.diagnostics import (
    get_diagnostics_for_config_entry,
)
from pytest_homeassistant_custom_component.typing import ClientSessionGenerator
from syrupy.assertion import SnapshotAssertion
from syrupy.filters import props

from tests.custom_components.wuts.helpers import AddEntry
from wuts_simulator import Simulator

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
    assert {"token_accepted"} <= {finding["code"] for finding in report["findings"]}
    assert diagnostics == snapshot(exclude=props("id", "last_seen", "url"))
