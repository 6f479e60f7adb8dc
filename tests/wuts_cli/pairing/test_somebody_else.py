"""``wuts pair --store``: who pairs a device is known to every process with the same store."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import gethostname

import pytest

from tests.wuts_cli.command import Wuts, next_event
from wuts.supervisor.store.pairing_claims import StoreClaims
from wuts_simulator import Device, Simulator


@pytest.fixture
def store(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/store.db"


async def test_the_second_command_is_told_who_pairs_and_since_when(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    before = datetime.now(UTC)
    async with wuts.started("pair", desk.id, "--json", "--store", store) as first:
        assert (await next_event(first))["event"] == "qr"
        calls = sim.world.requests.by_endpoint["POST /connect"]
        second = await wuts("pair", desk.id, "--json", WUTS_STORE=store)
        between = before, before + timedelta(minutes=1), datetime.now(UTC)
        allowed = {
            f"wuts pair on {gethostname()} has been pairing this device since {at:%H:%M}. "
            "Wait until that is done."
            for at in between
        }
        assert second.code == 1
        assert second.error in allowed
        [event] = second.events
        assert (event["event"], event["reason"]) == ("failed", "pairing_in_progress")
        # Nobody took the first one's QR away.
        assert sim.world.requests.by_endpoint["POST /connect"] == calls
        first.kill()
        await first.wait()
    async with wuts.started("pair", desk.id, "--json", "--store", store) as third:
        assert (await next_event(third))["event"] == "qr"


async def test_a_name_from_another_frontend_does_not_reach_the_terminal_as_it_is(
    sim: Simulator, wuts: Wuts, desk: Device, store: str
) -> None:
    async with StoreClaims(store).hold(sim.url, desk.id, "Ana\x1b[2J (Slack)"):
        second = await wuts("pair", desk.id, "--store", store)
    assert second.code == 1
    assert "Ana" in second.error
    assert "\x1b" not in second.err


async def test_a_pairing_does_not_need_a_store_that_does_not_work(
    wuts: Wuts, desk: Device, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path}/missing/store.db"
    async with wuts.started("pair", desk.id, "--json", "--store", store) as process:
        assert (await next_event(process))["event"] == "qr"
        assert process.stderr is not None
        said = (await process.stderr.readline()).decode()
    assert said.startswith("wuts: Can't tell whether somebody else is pairing this device. ")
    assert "does not exist" in said


async def test_an_address_that_is_no_stores_is_a_mistake(wuts: Wuts, desk: Device) -> None:
    ended = await wuts("pair", desk.id, "--store", "mysql://db/wuts")
    assert ended.code == 2
    assert "sqlite:///FILE or postgresql://" in ended.error
