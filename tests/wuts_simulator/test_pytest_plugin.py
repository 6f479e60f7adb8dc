"""The fixtures that other projects get."""

import asyncio
import subprocess
import sys
import threading
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from aiohttp import ClientSession

from tests.wuts_simulator.gateway import Api
from wuts_simulator import Fault, FaultKind, ManualClock, Settings, Simulator, UnknownError
from wuts_simulator.pytest_plugin import StartGateway

DOCS = Path(__file__).parents[2] / "docs/simulator.md"


def example() -> str:
    """Return the example of the documentation."""
    _, _, rest = DOCS.read_text("utf-8").partition("## As a pytest plugin")
    return rest.partition("```python\n")[2].partition("```")[0]


def status_of(gateway: Simulator, path: str) -> int:
    headers = {"Authorization": f"Bearer {gateway.token}"}
    request = Request(gateway.url + path, headers=headers)  # noqa: S310 - our own address
    try:
        with build_opener(ProxyHandler({})).open(request, timeout=10) as answer:
            return int(answer.status)
    except HTTPError as error:
        with error:
            return error.code


@pytest.mark.parametrize("plugins", [(), ("-p", "no:asyncio")], ids=["as they are", "no asyncio"])
@pytest.mark.slow
def test_the_documented_example_works_in_a_project_of_its_own(
    tmp_path: Path, plugins: tuple[str, ...]
) -> None:
    (tmp_path / "test_example.py").write_text(example())
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *plugins]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    assert "1 passed" in done.stdout


def test_a_plain_test_steers_it(wuts_gateway: Simulator) -> None:
    device = wuts_gateway.world.add_device("home", "Front desk", state="connected")
    assert status_of(wuts_gateway, f"/status?device_id={device.id}") == 200
    assert wuts_gateway.world.requests.by_endpoint == {"GET /status": 1}
    wuts_gateway.world.faults.add(Fault(kind=FaultKind.STATUS, status=503))
    assert status_of(wuts_gateway, "/devices") == 503
    assert len(wuts_gateway.world.faults) == 1
    assert [fault.kind for fault in wuts_gateway.world.faults] == [FaultKind.STATUS]
    with pytest.raises(UnknownError):
        wuts_gateway.world.unlink("nothing")


async def test_an_asynchronous_test_steers_it_too(
    wuts_gateway: Simulator, http: ClientSession
) -> None:
    api = Api(wuts_gateway.url, http, wuts_gateway.token)
    device = wuts_gateway.world.add_device("home")
    payload = (await api.get("/qr")).data["qr_code"]
    wuts_gateway.world.scan(payload, "5511999999999")
    async with asyncio.timeout(200):
        while not device.is_connected:  # noqa: ASYNC110 - the gateway connects it by its own clock
            await asyncio.sleep(0.01)
    await wuts_gateway.webhooks_delivered()


def test_it_starts_with_any_settings_and_clock(start_wuts_gateway: StartGateway) -> None:
    clock = ManualClock()
    settings = Settings(tokens=(("office", "one"),), connecting_for=60, qr_image=False)
    gateway = start_wuts_gateway(settings, clock)
    other = start_wuts_gateway()
    device = gateway.world.add_device("office")
    assert status_of(gateway, "/qr") == 200
    gateway.world.scan_device(device.id, "5511999999999")
    assert device.session == "connecting"
    gateway.world.advance(60)
    assert device.session == "connected"
    assert (gateway.token, gateway.url != other.url) == ("one", True)


def test_it_leaves_no_thread_behind_even_if_it_cannot_start() -> None:
    before = threading.active_count()
    with Simulator() as gateway:
        status_of(gateway, "/phone")
        port = int(gateway.url.rpartition(":")[2])
        with pytest.raises(OSError, match="in use"), Simulator(Settings(port=port)):
            pass
    assert threading.active_count() == before


def test_the_plugin_costs_other_projects_nothing() -> None:
    program = "import sys, wuts_simulator.pytest_plugin; print('aiohttp' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "False\n"


def test_a_name_that_is_not_offered_is_an_attribute_error() -> None:
    import wuts_simulator  # noqa: PLC0415

    with pytest.raises(AttributeError, match="nothing"):
        _ = wuts_simulator.nothing
