"""``wuts doctor``: a page for a bug report, and JSON."""

from pathlib import Path

import pytest

from tests.wuts_cli.command import PHONE, TOKEN, Wuts
from wuts_simulator import Settings, Simulator
from wuts_simulator.pytest_plugin import StartGateway


@pytest.fixture
def healthy(sim: Simulator) -> Simulator:
    sim.world.add_device("home", "Front desk", state="connected")
    sim.world.add_device("home", "Kitchen", state="connected")
    return sim


async def test_a_page_says_what_was_checked(healthy: Simulator, wuts: Wuts) -> None:
    checked = await wuts("doctor")
    assert (checked.code, checked.err) == (0, "")
    heading, *lines, summary = checked.out.splitlines()
    assert heading.startswith("wuts ")
    assert heading.endswith(healthy.url)
    assert "ok       The gateway accepts the token. Devices: 2." in lines
    assert "ok       GET /status answers as documented." in lines
    assert "checks: " in summary
    assert not any(secret in checked.out for secret in (TOKEN, PHONE, "Front desk"))


async def test_nothing_is_sent_but_reads(healthy: Simulator, wuts: Wuts) -> None:
    await wuts("doctor")
    counts = healthy.world.requests.by_endpoint
    assert all(name.startswith("GET ") for name, count in counts.items() if count)
    assert not counts["GET /qr"]


async def test_scripts_get_a_line_a_finding_and_the_worst_of_them(
    healthy: Simulator, wuts: Wuts, tmp_path: Path
) -> None:
    store = f"sqlite:///{tmp_path}/none.db"
    checked = await wuts("doctor", "--json", "--webhook", f"{healthy.url}/none", WUTS_STORE=store)
    assert checked.code == 1
    *findings, report = checked.events
    assert {event["event"] for event in findings} == {"finding"}
    levels = {event["code"]: event["level"] for event in findings}
    assert levels["token_accepted"] == "ok"
    assert levels["plain_http"] == "warn"
    assert levels["receiver_error"] == "warn"
    assert levels["store_failed"] == "fail"
    assert report["event"] == "report"
    assert report["worst"] == "fail"
    assert report["at"].endswith("Z")
    assert not (tmp_path / "none.db").exists()


async def test_a_refused_token_is_a_failure(sim: Simulator) -> None:
    checked = await Wuts(sim.url, token="wrong")("doctor")
    assert checked.code == 1
    assert "fail     The gateway refuses the token (401)." in checked.out
    assert checked.out.splitlines()[-1].endswith("2 failed, 1 to look at.")


async def test_a_gateway_whose_clock_is_off_is_told(start_wuts_gateway: StartGateway) -> None:
    sim = start_wuts_gateway(Settings(tokens=(("home", TOKEN),), clock_skew=600))
    checked = await Wuts(sim.url)("doctor")
    assert checked.code == 0
    assert "warn     The gateway's clock is 600 s off" in checked.out
