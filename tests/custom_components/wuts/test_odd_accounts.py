"""An account can be added whatever is odd in its listing, and a page is no word about its token."""

from typing import Any

import pytest
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import FlowResultType

from tests.custom_components.wuts.test_config_flow import account, start
from wuts_simulator import Fault, FaultKind, Simulator

GOOD = {"id": "d1", "name": "Front desk", "connected": True}


@pytest.mark.parametrize(
    "devices",
    [
        pytest.param(None, id="null"),
        pytest.param([None, GOOD], id="a line that is null"),
        pytest.param([{"id": 7, "connected": True}, GOOD], id="a number as id"),
        pytest.param([GOOD | {"connected": None}], id="connected is null"),
        pytest.param([GOOD | {"last_seen": "2006-01-02 15:04:05.9 -0300 -03"}], id="Go's time"),
        pytest.param([GOOD, GOOD], id="a line twice"),
    ],
)
async def test_an_account_with_odd_lines_can_be_added(
    hass: HomeAssistant,
    sim: Simulator,
    devices: Any,  # noqa: ANN401 - anything
) -> None:
    body = {"success": True, "devices": devices}
    sim.world.faults.add(Fault(kind=FaultKind.BODY, endpoint="GET /devices", status=200, body=body))
    result = await hass.config_entries.flow.async_configure(
        await start(hass), account(sim.token, sim.url)
    )
    assert result["type"] is FlowResultType.CREATE_ENTRY


@pytest.mark.parametrize("status", [401, 403])
@pytest.mark.parametrize(
    "body", ["<html>Blocked</html>", {"message": "Forbidden"}, {"error": "no"}], ids=str
)
async def test_a_page_that_refuses_does_not_call_the_token_wrong(
    hass: HomeAssistant, sim: Simulator, status: int, body: object
) -> None:
    sim.world.faults.add(
        Fault(kind=FaultKind.BODY, endpoint="GET /devices", status=status, body=body)
    )
    result = await hass.config_entries.flow.async_configure(
        await start(hass), account(sim.token, sim.url)
    )
    assert result["errors"] == {"base": "unexpected_answer"}
