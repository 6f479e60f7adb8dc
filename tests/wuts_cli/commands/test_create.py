import pytest

from tests.wuts_cli.command import Wuts
from tests.wuts_cli.conftest import Start
from wuts_simulator import DialectName, Settings, Simulator


async def test_a_device_is_created_and_the_next_step_told(sim: Simulator, wuts: Wuts) -> None:
    created = await wuts("create", "  Front desk ")
    assert (created.code, created.err) == (0, "")
    (device,) = sim.world.registry.devices.values()
    assert device.name == "Front desk"
    assert created.out.splitlines() == [
        f"Created “Front desk”, id {device.id}.",
        f"Pair it with: wuts pair {device.id}",
    ]


@pytest.mark.parametrize("dialect", list(DialectName))
async def test_scripts_get_its_id_in_every_dialect(dialect: DialectName, start: Start) -> None:
    sim = start(Settings(dialect=dialect))
    created = await Wuts(sim.url)("create", "Front desk", "--json")
    (device,) = sim.world.registry.devices.values()
    assert created.events == [{"event": "created", "device_id": device.id, "name": "Front desk"}]


@pytest.mark.parametrize("name", ["", "x" * 101, "two\nlines"])
async def test_a_name_that_is_none_is_refused_before_anything_is_sent(
    name: str, sim: Simulator, wuts: Wuts
) -> None:
    refused = await wuts("create", name)
    assert (refused.code, refused.out) == (2, "")
    assert refused.error == "A device's name must have 1 to 100 printable characters."
    assert sim.world.requests.total() == 0
