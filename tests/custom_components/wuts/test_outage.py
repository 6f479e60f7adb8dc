"""An outage of the gateway: entities are back with the first listing that is answered.

That it is asked for within an interval is proved where the wait is worked out: the library's tests
of the breaker (`wait_to_list`) and of its first promise.
"""

import pytest
from homeassistant.core import Event, EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers.event import async_track_state_change_event

from tests.custom_components.wuts.helpers import AddEntry, Until, state_of
from wuts_simulator import Device, Fault, FaultKind, Simulator

LISTING = "GET /devices"
SHOWN = ("binary_sensor.front_desk_connectivity", "sensor.front_desk_state")
OUTAGES: dict[str, tuple[FaultKind, int | None]] = {
    "busy": (FaultKind.STATUS, 503),
    "failing": (FaultKind.STATUS, 500),
    "a page": (FaultKind.HTML, None),
    "reset": (FaultKind.RESET, None),
}


@pytest.mark.parametrize("kind", OUTAGES)
@pytest.mark.parametrize("drops", [False, True], ids=["linked", "dropped"])
async def test_entities_are_back_with_the_first_answer(
    hass: HomeAssistant,
    sim: Simulator,
    device: Device,
    add_entry: AddEntry,
    until: Until,
    kind: str,
    drops: bool,
) -> None:
    await add_entry(device)
    await hass.async_block_till_done()
    assert state_of(hass, SHOWN[0]) == "on"
    fault, status = OUTAGES[kind]
    sim.world.faults.add(Fault(kind=fault, status=status))
    await until(lambda: all(state_of(hass, one) == "unavailable" for one in SHOWN))
    if drops:
        sim.world.drop(device.id)

    listings: dict[str, int] = {}

    @callback
    def note(event: Event[EventStateChangedData]) -> None:
        counted = sim.world.requests.by_endpoint[LISTING]
        listings.setdefault(event.data["entity_id"], counted - before)

    stop = async_track_state_change_event(hass, SHOWN, note)
    sim.world.faults.clear()
    before = sim.world.requests.by_endpoint[LISTING]
    await until(lambda: len(listings) == len(SHOWN))
    stop()
    assert listings == dict.fromkeys(SHOWN, 1)
    await until(lambda: state_of(hass, SHOWN[0]) == "on")
