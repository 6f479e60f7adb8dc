"""All clients of an event loop share their connections, and nothing else."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.tls import Certificate
from tests.core.wuts.values import documented
from tests.core.wuts.waiting import until
from wuts_simulator import Fault, FaultKind, Settings, Simulator

ROOT = Path(__file__).parents[4]


async def test_clients_share_a_pool_and_the_last_one_closes_it(
    sim: Simulator, make_client: MakeClient
) -> None:
    first, second = (make_client(sim.url) for _ in range(2))
    await first.list_devices()
    await second.list_devices()
    http = first._transport._http
    assert http
    assert http is second._transport._http
    await first.aclose()
    assert not http.is_closed
    assert await second.list_devices() == ()
    await second.aclose()
    assert http.is_closed


async def test_closing_a_client_twice_takes_nothing_from_the_others(
    sim: Simulator, make_client: MakeClient
) -> None:
    first, second = (make_client(sim.url) for _ in range(2))
    await first.list_devices()
    await second.list_devices()
    await first.aclose()
    await first.aclose()
    assert await second.list_devices() == ()
    await second.aclose()


async def test_a_pool_that_was_closed_is_opened_again_for_the_next_client(
    sim: Simulator, make_client: MakeClient
) -> None:
    for _ in range(2):
        async with make_client(sim.url) as client:
            assert await client.list_devices() == ()


async def test_a_cookie_of_one_account_is_not_sent_for_another(
    raw: RawGateway, make_client: MakeClient
) -> None:
    raw.answers(documented("devices_none"), set_cookie="session=of-the-first; Path=/")
    url = raw.url.replace("127.0.0.1", "localhost")  # an address has no cookies in aiohttp's jar
    await make_client(url, token="first").list_devices()
    await make_client(url, token="second").list_devices()
    assert [request.headers.get("cookie") for request in raw.requests] == [None, None]
    assert [request.headers["authorization"] for request in raw.requests] == [
        "Bearer first",
        "Bearer second",
    ]


async def reached(sim: Simulator, times: int) -> None:
    """Wait until a process has made that many requests; its start takes seconds."""
    await until(lambda: sim.world.requests.total() == times, within=60)


@pytest.mark.parametrize("kind", ["httpx", "aiohttp"])
async def test_nothing_complains_at_the_end_of_a_process(
    kind: str, tmp_path: Path, start_simulator: StartSimulator
) -> None:
    certificate = Certificate()
    ca_file = certificate.write_authority(tmp_path / "authority.pem")
    sim = await start_simulator(Settings())
    sim.world.faults.add(Fault(kind=FaultKind.HANG))
    program = ("-W", "error", "-m", "tests.core.wuts.http.quiet_end")
    async with certificate.served(documented("devices_none")) as url:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, *program, kind, str(ca_file), url, sim.url),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        assert process.stdin
        for number in (1, 2):
            await reached(sim, number)
            process.stdin.write(b"reached\n")
        output, complained = await process.communicate()
    assert complained.decode() == ""
    assert (process.returncode, output.decode()) == (0, "done\n")


@pytest.mark.parametrize("kind", ["httpx", "aiohttp"])
async def test_1200_accounts_are_supervised_with_1024_open_files(kind: str) -> None:
    """Each is looked at twice, so that connections that lie idle count too."""
    async with Simulator(Settings(tokens=(("home", "token"),))) as sim:
        process = await asyncio.create_subprocess_exec(
            *(
                sys.executable,
                "-m",
                "tests.core.wuts.http.many_accounts",
                kind,
                sim.url,
                "1024",
                "1200",
            ),
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        await until(lambda: sim.world.requests.total() >= 2 * 1200, within=100)
        output, logged = await process.communicate()
    assert (process.returncode, logged.decode()) == (0, "")
    assert int(output) < 1024
