"""Whose HTTP client it is: ours is closed, a handed one is not; neither changes what is sent."""

import asyncio
from pathlib import Path

import httpx
import pytest

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, TOKEN, documented
from tests.core.wuts.waiting import until
from wuts import WutsClient
from wuts.errors import UnexpectedAnswerError, WutsConnectionError
from wuts_simulator import Fault, FaultKind, Simulator


async def test_a_client_of_its_own_is_closed(sim: Simulator, make_client: MakeClient) -> None:
    async with make_client(sim.url) as client:
        await client.list_devices()
        http = client._transport._http
        assert http
        assert not http.is_closed
    assert http.is_closed


async def test_a_closed_client_says_so(client: WutsClient) -> None:
    await client.list_devices()
    await client.aclose()
    await client.aclose()
    error = await error_of(client.list_devices())
    assert isinstance(error, WutsConnectionError)
    assert "was closed before the call" in error.message


async def test_a_client_that_was_never_used_can_be_closed(make_client: MakeClient) -> None:
    await make_client().aclose()


async def test_a_client_that_was_handed_over_is_never_closed(
    sim: Simulator, http: httpx.AsyncClient
) -> None:
    async with WutsClient(TOKEN, base_url=sim.url, http=http) as client:
        assert await client.list_devices() == ()
    assert not http.is_closed
    await client.aclose()
    assert not http.is_closed


async def test_a_handed_client_that_its_owner_closed_is_no_connection(
    sim: Simulator, http: httpx.AsyncClient
) -> None:
    await http.aclose()
    error = await error_of(WutsClient(TOKEN, base_url=sim.url, http=http).list_devices())
    assert isinstance(error, WutsConnectionError)


async def test_one_http_client_serves_many_tokens(sim: Simulator, http: httpx.AsyncClient) -> None:
    sim.world.add_tenant("office", "token-of-the-office")
    sim.world.add_device("office")
    home = WutsClient(TOKEN, base_url=sim.url, http=http)
    office = WutsClient("token-of-the-office", base_url=sim.url, http=http)
    assert await home.list_devices() == ()
    assert len(await office.list_devices()) == 1


async def test_a_handed_client_that_follows_redirects_does_not_do_so_here(
    raw: RawGateway, http: httpx.AsyncClient
) -> None:
    http.follow_redirects = True
    async with RawGateway() as elsewhere:
        raw.answers("", 307, location=elsewhere.url)
        error = await error_of(WutsClient(TOKEN, base_url=raw.url, http=http).get_status(DEVICE))
        assert isinstance(error, UnexpectedAnswerError)
        assert elsewhere.requests == []


@pytest.mark.parametrize("kind", ["basic", "netrc", "header"])
async def test_what_a_handed_client_knows_of_logins_does_not_replace_the_token(
    raw: RawGateway, kind: str, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", "utf-8")
    http = {
        "basic": lambda: httpx.AsyncClient(auth=("somebody", "else")),
        "netrc": lambda: httpx.AsyncClient(auth=httpx.NetRCAuth(str(netrc))),
        "header": lambda: httpx.AsyncClient(
            headers={"authorization": "Basic else", "accept-encoding": "br"}
        ),
    }[kind]()
    raw.answers(documented("devices_none"))
    async with http:
        await WutsClient(TOKEN, base_url=raw.url, http=http).list_devices()
    assert raw.request.headers["authorization"] == f"Bearer {TOKEN}"
    assert raw.request.headers["accept-encoding"] == "gzip"


async def test_the_time_a_call_may_take_is_the_calls_not_the_handed_clients(
    sim: Simulator, http: httpx.AsyncClient
) -> None:
    sim.world.faults.add(Fault(kind=FaultKind.LATENCY, seconds=0.2))
    http.timeout = httpx.Timeout(0.01)
    assert await WutsClient(TOKEN, base_url=sim.url, http=http).list_devices() == ()


async def test_a_handed_client_stays_usable_after_a_cancelled_call(sim: Simulator) -> None:
    async with httpx.AsyncClient(limits=httpx.Limits(max_connections=1)) as http:
        client = WutsClient(TOKEN, base_url=sim.url, http=http)
        sim.world.faults.add(Fault(kind=FaultKind.HANG, times=1))
        call = asyncio.create_task(client.list_devices())
        await until(sim.world.requests.total)
        call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        assert await client.list_devices() == ()
