"""What the command says of a pairing that stalls, line by line."""

import pytest

from tests.wuts_cli.command import PHONE, Wuts, until
from tests.wuts_cli.pairing.forked import ForkedTerminal
from wuts.pairing import StallReason
from wuts_cli.pairing import words
from wuts_simulator import Device, Simulator, Then

TIMES = {
    "poll_interval": 0.05,
    "qr_status_interval": 0.1,
    "stall_patience": 0.3,
    "deadline": 20.0,
    "settle": 0.1,
}
WIDE = 500
CAUSES = {
    StallReason.PASSKEY_SUSPECTED: Then.PASSKEY,
    StallReason.PHONE_OFFLINE: Then.OFFLINE,
}


async def scan(sim: Simulator, device: Device, then: Then) -> None:
    """Scan the QR once the command has seen it alive."""
    await until(lambda: sim.world.requests.by_endpoint["GET /qr/status"] > 1)
    sim.world.scan_device(device.id, PHONE, then)


async def test_json_names_the_reason(
    address: str, sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    arguments = ["pair", desk.id, "--json"]
    environment = wuts.environment({})
    async with ForkedTerminal(
        address, arguments, environment, times=TIMES, columns=WIDE
    ) as terminal:
        await scan(sim, desk, Then.PASSKEY)
        await terminal.until_it_says('{"event":"stalled","reason":"passkey_suspected"}')
        sim.world.create_passkey(desk.id)
        assert await terminal.ended() == 0
        events = [line.partition(",")[0] for line in terminal.text.splitlines() if line]
    named = ["qr", "scanned", "stalled", "scanned", "paired"]
    assert events == [f'{{"event":"{name}"' for name in named]


async def test_json_ends_with_the_reason(
    address: str, sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    arguments = ["pair", desk.id, "--json"]
    times = TIMES | {"deadline": 10.0}
    environment = wuts.environment({})
    async with ForkedTerminal(
        address, arguments, environment, times=times, columns=WIDE
    ) as terminal:
        await scan(sim, desk, Then.PASSKEY)
        assert await terminal.ended() == 1
        assert '{"event":"failed","reason":"passkey_suspected"' in terminal.text
        assert words.WHAT_TO_WRITE not in terminal.text, "JSON has no words for people"


@pytest.mark.parametrize("reason", CAUSES)
async def test_plain_lines_say_what_to_do(
    address: str, sim: Simulator, wuts: Wuts, desk: Device, reason: StallReason
) -> None:
    environment = wuts.environment({"TERM": "dumb"})
    async with ForkedTerminal(
        address, ["pair", desk.id], environment, times=TIMES, columns=WIDE
    ) as terminal:
        await scan(sim, desk, CAUSES[reason])
        await terminal.until_it_says(*words.stalled(reason))


async def test_what_to_write_is_still_there_when_the_window_is_gone(
    address: str, sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    times = TIMES | {"deadline": 10.0}
    environment = wuts.environment({})
    async with ForkedTerminal(
        address, ["pair", desk.id], environment, times=times, columns=WIDE
    ) as terminal:
        await scan(sim, desk, Then.PASSKEY)
        await terminal.until_it_says(*words.stalled(StallReason.PASSKEY_SUSPECTED))
        assert await terminal.ended() == 1
        assert words.WHAT_TO_WRITE in terminal.text
        assert "a new code won't help" in terminal.text
