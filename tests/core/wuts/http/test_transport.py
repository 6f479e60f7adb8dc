"""Where the client goes, with what in hand, and what it lets come back."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from hypothesis import example, given
from hypothesis import strategies as st

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.outcomes import error_of, outcome
from tests.core.wuts.raw_gateway import RawGateway
from tests.core.wuts.values import DEVICE, TOKEN, documented
from wuts import DEFAULT_BASE_URL, WutsClient
from wuts.errors import (
    NameNotFoundError,
    UnexpectedAnswerError,
    WutsConfigError,
    WutsConnectionError,
)
from wuts.http.pool import KEEP_ALIVE, LIMITS
from wuts.inputs import check_base_url
from wuts_simulator import Simulator


@pytest.mark.parametrize(
    ("base_url", "plain"),
    [
        ("https://api.wuts.com.br", "https://api.wuts.com.br"),
        (" https://api.wuts.com.br/ ", "https://api.wuts.com.br"),
        ("HTTPS://Example.com:8443/wuts/", "https://example.com:8443/wuts"),
        ("https://192.0.2.7", "https://192.0.2.7"),
        ("http://localhost:8471", "http://localhost:8471"),
        ("http://wuts.localhost", "http://wuts.localhost"),
        ("http://127.0.0.1:8471/", "http://127.0.0.1:8471"),
        ("http://127.1.2.3", "http://127.1.2.3"),
        ("http://[::1]:8471", "http://[::1]:8471"),
    ],
)
def test_an_address_is_taken_without_its_trailing_slash(base_url: str, plain: str) -> None:
    assert WutsClient(TOKEN, base_url=base_url).base_url == plain


def test_the_usual_address_is_the_hosted_gateways() -> None:
    assert WutsClient(TOKEN).base_url == DEFAULT_BASE_URL == "https://api.wuts.com.br"


@pytest.mark.parametrize(
    "base_url",
    [
        "http://api.wuts.com.br",
        "http://192.168.1.7:8471",
        "http://0.0.0.0:8471",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
        "http://[fe80::1]",
    ],
)
def test_plain_http_to_another_machine_is_refused_unless_opted_in(base_url: str) -> None:
    with pytest.raises(WutsConfigError, match="others could read the token"):
        WutsClient(TOKEN, base_url=base_url)
    assert WutsClient(TOKEN, base_url=base_url, allow_insecure_http=True).base_url == base_url


@pytest.mark.parametrize(
    "base_url",
    [
        "",
        "api.wuts.com.br",
        "ftp://api.wuts.com.br",
        "https://",
        "https:///devices",
        "https://[::1",
        "https://api.wuts.com.br:65536",
        "https://api.wuts.com.br:port",
        "https://api.wuts\x00.com.br",
    ],
)
def test_what_is_no_web_address_is_refused_in_words(base_url: str) -> None:
    with pytest.raises(WutsConfigError, match="must look like https://"):
        WutsClient(TOKEN, base_url=base_url, allow_insecure_http=True)


@pytest.mark.parametrize(
    "base_url",
    [
        "https://user@api.wuts.com.br",
        "https://user:word@api.wuts.com.br",
        "https://api.wuts.com.br?",
        "https://api.wuts.com.br/?token=word",
        "https://api.wuts.com.br/#word",
        "https://api.wuts.com.br#",
    ],
)
def test_an_address_with_more_than_an_address_in_it_is_refused(base_url: str) -> None:
    with pytest.raises(WutsConfigError, match="must not contain a user name") as caught:
        WutsClient(TOKEN, base_url=base_url)
    assert "word" not in str(caught.value).replace("password", "")


@given(st.text() | st.text().map(lambda rest: "https://" + rest))
@example("https://xn--")
def test_any_text_as_an_address_is_taken_or_refused(text: str) -> None:
    result = outcome(lambda: check_base_url(text))
    if isinstance(result, str):
        assert result.startswith(("https://", "http://"))
        assert httpx.URL(f"{result}/devices").raw_path.endswith(b"/devices")
    else:
        assert isinstance(result, WutsConfigError)
        assert result.__cause__ is None


@pytest.mark.parametrize(
    "token", ["6f1d7c54-5b0e-4c3a-9f41-2a8a5d6c7e90", "wuts_tok_abc", "!", "x" * 500]
)
def test_a_token_is_never_judged_by_its_shape(token: str) -> None:
    WutsClient(f" {token}\n")


@pytest.mark.parametrize(
    "pasted", ["Bearer {}", "bearer  {}\n", "\ufeff{}\r\n", " \ufeffBearer {} ", "\u00a0{}"]
)
async def test_what_is_pasted_around_a_token_is_not_sent(
    raw: RawGateway, make_client: MakeClient, pasted: str
) -> None:
    raw.answers(documented("devices_none"))
    await make_client(raw.url, token=pasted.format(TOKEN)).list_devices()
    assert raw.request.headers["authorization"] == f"Bearer {TOKEN}"


@pytest.mark.parametrize("token", ["", "  ", "two words", "line\nbreak", "café", "\x00"])
def test_what_a_header_cannot_carry_is_no_token(token: str) -> None:
    with pytest.raises(WutsConfigError, match="Copy it from WUTS again") as caught:
        WutsClient(token)
    assert not token.strip() or token not in str(caught.value)


def test_idle_connections_are_let_go_before_the_gateway_does_so() -> None:
    assert LIMITS.keepalive_expiry == KEEP_ALIVE < 65


async def test_the_clients_own_connections_keep_to_that(client: WutsClient) -> None:
    await client.list_devices()
    http = client._transport._http
    assert http
    carrier: Any = http._transport
    kept = (
        carrier._pool._keepalive_expiry
        if hasattr(carrier, "_pool")
        else carrier.client.connector._keepalive_timeout
    )
    assert kept == KEEP_ALIVE


async def test_a_connection_is_used_again(make_client: MakeClient) -> None:
    peers = set()

    async def devices(request: web.Request) -> web.Response:
        assert request.transport
        peers.add(request.transport.get_extra_info("peername"))
        return web.json_response(documented("devices_none"))

    app = web.Application()
    app.router.add_get("/devices", devices)
    async with TestServer(app) as server:
        client = make_client(str(server.make_url("")))
        for _ in range(3):
            await client.list_devices()
    assert len(peers) == 1


async def test_many_calls_at_once_are_all_answered(client: WutsClient, sim: Simulator) -> None:
    made = sim.world.add_devices("home", 150, state="connected")
    answers = await asyncio.gather(*(client.get_status(device.id) for device in made))
    assert [status.device_id for status in answers] == [device.id for device in made]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed_and_the_token_stays(
    raw: RawGateway, raw_client: WutsClient, status: int
) -> None:
    async with RawGateway() as elsewhere:
        elsewhere.answers(documented("status_connected"))
        raw.answers("", status, location=f"{elsewhere.url}/status")
        error = await error_of(raw_client.get_status(DEVICE))
        assert elsewhere.requests == []
    assert isinstance(error, UnexpectedAnswerError)
    assert error.status == status
    assert "never followed" in error.message


async def test_a_proxy_of_the_environment_does_not_see_what_stays_on_this_machine(
    raw: RawGateway, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw.answers(documented("devices_none"))
    async with RawGateway() as proxy:
        for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        assert await make_client(raw.url).list_devices() == ()
        assert proxy.requests == []


async def test_a_proxy_of_the_environment_is_used_for_the_rest(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.example.com:3128")
    http = make_client()._transport._open_http()
    assert any(pattern.scheme == "https" for pattern in http._mounts)


async def test_a_netrc_file_does_not_replace_the_token(
    raw: RawGateway, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / ".netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n", "utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("NETRC", str(netrc))
    raw.answers(documented("devices_none"))
    await make_client(raw.url).list_devices()
    assert raw.request.headers["authorization"] == f"Bearer {TOKEN}"


async def test_an_address_that_does_not_exist_is_no_connection(make_client: MakeClient) -> None:
    client = make_client("https://gateway.invalid")
    assert type(await error_of(client.list_devices())) is NameNotFoundError


async def test_a_gateway_without_tls_is_no_connection(
    sim: Simulator, make_client: MakeClient
) -> None:
    client = make_client(sim.url.replace("http:", "https:"))
    assert type(await error_of(client.list_devices())) is WutsConnectionError
    assert sim.world.requests.total() == 0


async def test_a_gateway_behind_a_path_is_found(raw: RawGateway, make_client: MakeClient) -> None:
    raw.answers(documented("status_connected"))
    await make_client(f"{raw.url}/wuts/v1/").get_status(DEVICE)
    assert raw.request.target == f"/wuts/v1/status?device_id={DEVICE}"


async def test_no_http_client_is_opened_before_it_is_needed(make_client: MakeClient) -> None:
    client = make_client()
    assert client._transport._http is None
    assert isinstance(client._transport._open_http(), httpx.AsyncClient)
