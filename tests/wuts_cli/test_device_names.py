from tests.wuts_cli.command import Wuts
from wuts_simulator import Simulator


async def test_an_id_wins_over_a_name(sim: Simulator, wuts: Wuts) -> None:
    device = sim.world.add_device("home", "Front desk")
    sim.world.add_device("home", device.id)
    (event,) = (await wuts("status", device.id, "--json")).events
    assert event["name"] == "Front desk"


async def test_a_name_in_the_same_case_wins_over_one_in_another(sim: Simulator, wuts: Wuts) -> None:
    sim.world.add_device("home", "DESK")
    device = sim.world.add_device("home", "Desk")
    (event,) = (await wuts("status", "Desk", "--json")).events
    assert event["device_id"] == device.id


async def test_a_name_that_several_have_names_their_ids(sim: Simulator, wuts: Wuts) -> None:
    devices = [sim.world.add_device("home", "Desk") for _ in range(12)]
    refused = await wuts("disconnect", "desk", "--json")
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["ambiguous_device"]
    assert all(device.id in refused.error for device in devices[:10])
    assert refused.error.endswith(" and 2 more")


async def test_a_device_that_is_not_there_is_told_with_what_to_do(wuts: Wuts) -> None:
    refused = await wuts("connect", "Nope\x1b[0m", "--json")
    assert refused.code == 1
    assert [event["reason"] for event in refused.events] == ["unknown_device"]
    assert refused.error == "There is no device “Nope [0m”. List them with: wuts devices"
