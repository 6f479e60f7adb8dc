from tests.wuts_cli.command import Wuts
from wuts_simulator import Device, Simulator

THERE = "5511999999991"
NOT_THERE = "5511999999993"


async def test_each_number_is_answered_in_the_order_of_the_question(
    sim: Simulator, wuts: Wuts
) -> None:
    sim.world.known_numbers.add(THERE)
    checked = await wuts("check", "+55 (11) 99999-9993", THERE, f"+{THERE}")
    assert (checked.code, checked.err) == (0, "")
    assert [line.rstrip() for line in checked.out.splitlines()] == [
        f"+{NOT_THERE}  not on WhatsApp",
        f"+{THERE}  on WhatsApp",
    ]


async def test_scripts_get_one_line_a_number(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    sim.world.known_numbers.add(THERE)
    checked = await wuts("check", THERE, NOT_THERE, "--json", "--device", desk.name)
    assert checked.code == 0
    assert checked.events == [
        {"event": "number", "number": THERE, "on_whatsapp": True},
        {"event": "number", "number": NOT_THERE, "on_whatsapp": False},
    ]


async def test_a_number_that_is_none_is_refused_before_anything_is_sent(
    sim: Simulator, wuts: Wuts
) -> None:
    refused = await wuts("check", THERE, "0800", "--json")
    assert refused.code == 2
    assert [event["reason"] for event in refused.events] == ["invalid_phone_number"]
    assert refused.error.startswith("Number 2: ")
    assert sim.world.requests.total() == 0
