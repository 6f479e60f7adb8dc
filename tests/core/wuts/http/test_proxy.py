"""What the environment says of proxies holds for every transport."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.tls import Certificate
from tests.core.wuts.values import documented
from wuts.errors import CertificateUntrustedError, WutsConnectionError

NAMES = [name for one in ("HTTPS_PROXY", "ALL_PROXY", "NO_PROXY") for name in (one, one.lower())]


class Proxy:
    """Opens tunnels, or refuses to, and remembers where to."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self.refusal = b""
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        method, target, _ = head.split(" ", 2)
        self.asked.append(f"{method} {target}")
        assert "Bearer" not in head
        if self.refusal:
            writer.write(self.refusal)
            await writer.drain()
            writer.close()
            return
        host, _, port = target.rpartition(":")
        there_reader, there_writer = await asyncio.open_connection(host, int(port))
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(relay(reader, there_writer), relay(there_reader, writer))


async def relay(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    except ConnectionError:
        pass  # one of the two hung up
    finally:
        writer.close()


@pytest.fixture
async def proxy() -> AsyncIterator[Proxy]:
    proxy = Proxy()
    async with await asyncio.start_server(proxy.serve, "127.0.0.1", 0) as server:
        proxy.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield proxy


@pytest.fixture(autouse=True)
def no_proxy_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
async def gateway(tmp_path: Path) -> AsyncIterator[tuple[str, Path]]:
    """A gateway behind TLS, and the file of its authority."""
    certificate = Certificate()
    ca_file = certificate.write_authority(tmp_path / "authority.pem")
    async with certificate.served(documented("devices_none")) as url:
        yield url, ca_file


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "https_proxy", "ALL_PROXY"])
async def test_a_proxy_of_the_environment_carries_what_leaves_this_machine(
    name: str,
    proxy: Proxy,
    gateway: tuple[str, Path],
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, ca_file = gateway
    monkeypatch.setenv(name, proxy.url)
    assert await make_client(url, ca_file=ca_file).list_devices() == ()
    assert proxy.asked == [url.replace("https://", "CONNECT ")]


async def test_what_the_environment_excludes_goes_past_the_proxy(
    proxy: Proxy,
    gateway: tuple[str, Path],
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, ca_file = gateway
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    monkeypatch.setenv("NO_PROXY", "localhost")
    assert await make_client(url, ca_file=ca_file).list_devices() == ()
    assert proxy.asked == []


async def test_a_proxy_that_refuses_is_no_connection(
    proxy: Proxy, make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy.refusal = b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n"
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = await error_of(make_client("https://gateway.example").list_devices())
    assert isinstance(error, WutsConnectionError)
    assert proxy.asked == ["CONNECT gateway.example:443"]


async def test_a_certificate_is_checked_behind_a_proxy_too(
    proxy: Proxy,
    gateway: tuple[str, Path],
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    url, _ = gateway
    monkeypatch.setenv("HTTPS_PROXY", proxy.url)
    error = await error_of(make_client(url).list_devices())
    assert type(error) is CertificateUntrustedError
