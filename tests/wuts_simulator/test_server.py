import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.gateway import Api
from wuts_simulator import Settings, Simulator


async def test_it_makes_a_token_of_its_own(http: ClientSession) -> None:
    async with Simulator() as sim:
        device = sim.world.add_device()
        (listed,) = (await Api(sim.url, http, sim.token).get("/devices")).body["devices"]
        assert listed["id"] == device.id
    assert Simulator().token != sim.token


async def test_it_can_be_bound_to_ipv6(http: ClientSession) -> None:
    async with Simulator(Settings(host="::1")) as sim:
        assert sim.url.startswith("http://[::1]:")
        assert (await Api(sim.url, http, sim.token).get("/devices")).status == 200


def test_it_has_no_address_before_it_runs() -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = Simulator().url


async def test_a_busy_port_is_an_os_error_and_leaves_nothing_open() -> None:
    async with Simulator() as sim:
        port = int(sim.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"):
            async with Simulator(Settings(port=port)):
                pass
