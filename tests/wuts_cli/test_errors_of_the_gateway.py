"""Whatever a gateway does, a person reads one line that says what to do."""

import pytest

from tests.wuts_cli.command import TOKEN, Wuts
from wuts_simulator import Fault, FaultKind, Settings, Simulator


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        (Fault(kind=FaultKind.STATUS, status=401), "token_refused"),
        (Fault(kind=FaultKind.STATUS, status=500, error=f"bad {TOKEN}"), "gateway_failed"),
        (Fault(kind=FaultKind.HTML), "gateway_busy"),
        (Fault(kind=FaultKind.HTML, status=200), "unexpected_answer"),
        (Fault(kind=FaultKind.TRUNCATED), "unexpected_answer"),
        (Fault(kind=FaultKind.RESET), "gateway_unreachable"),
    ],
    ids=lambda value: value if isinstance(value, str) else value.kind,
)
async def test_it_is_told_in_one_line_and_ends_with_1(
    fault: Fault, reason: str, sim: Simulator, wuts: Wuts
) -> None:
    sim.world.add_device("home", "Front desk")
    sim.world.faults.add(fault)
    refused = await wuts("devices", "--json")
    assert refused.code == 1
    assert [(event["event"], event["reason"]) for event in refused.events] == [("failed", reason)]
    assert refused.events[0]["message"] == refused.error
    assert TOKEN not in refused.out + refused.err


async def test_a_gateway_that_is_not_there_is_told() -> None:
    async with Simulator(Settings()) as gone:
        url = gone.url
    refused = await Wuts(url)("devices")
    assert (refused.code, refused.out) == (1, "")
    assert refused.error.startswith(
        "The gateway cannot be reached. Nothing is listening at its port"
    )


async def test_a_wrong_token_is_told_and_not_shown(sim: Simulator) -> None:
    refused = await Wuts(sim.url, "wr0ng-token")("devices")
    assert (refused.code, refused.out) == (1, "")
    assert "refused the token" in refused.error
    assert "wr0ng-token" not in refused.err
