"""A gateway behind TLS, and each way in which its certificate can be wrong: real certificates."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import trustme

from tests.core.wuts.conftest import MakeClient
from tests.core.wuts.outcomes import error_of
from tests.core.wuts.raw_gateway import http_answer
from tests.core.wuts.values import TOKEN, documented
from wuts import WutsClient
from wuts.errors import (
    CertificateExpiredError,
    CertificateHostError,
    CertificateUntrustedError,
    ErrorCode,
    WutsConfigError,
    WutsConnectionError,
)
from wuts.http.tls import tls_context


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def ca_file(authority: trustme.CA, tmp_path: Path) -> Path:
    path = tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(path)
    return path


@asynccontextmanager
async def gateway(certificate: trustme.LeafCert) -> AsyncIterator[str]:
    """Serve an empty listing behind a certificate, at 127.0.0.1; give its port in an address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    certificate.configure_cert(context)
    server = await asyncio.start_server(answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(http_answer(documented("devices_none")))
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # a client that trusts nothing of this leaves
    finally:
        writer.close()


async def test_a_gateway_of_an_authority_of_ones_own_is_trusted_with_its_file(
    authority: trustme.CA, ca_file: Path, make_client: MakeClient
) -> None:
    async with gateway(authority.issue_cert("127.0.0.1")) as url:
        assert len(await make_client(url, ca_file=ca_file).list_devices()) == 0


@pytest.mark.parametrize(
    ("days", "name", "trusted", "kind"),
    [
        pytest.param(1, "127.0.0.1", False, CertificateUntrustedError, id="not trusted"),
        pytest.param(-1, "127.0.0.1", True, CertificateExpiredError, id="expired"),
        pytest.param(1, "gateway.example", True, CertificateHostError, id="for another host"),
        pytest.param(1, "127.0.0.2", True, CertificateHostError, id="for another address"),
    ],
)
async def test_an_error_says_what_is_wrong_with_a_certificate(  # noqa: PLR0913 - a case each
    authority: trustme.CA,
    ca_file: Path,
    make_client: MakeClient,
    days: int,
    name: str,
    *,
    trusted: bool,
    kind: type[WutsConnectionError],
) -> None:
    now = datetime.now(UTC)
    certificate = authority.issue_cert(
        name, not_before=now - timedelta(days=9), not_after=now + timedelta(days=days)
    )
    async with gateway(certificate) as url:
        client = make_client(url, ca_file=ca_file if trusted else None)
        error = await error_of(client.list_devices())
    assert type(error) is kind
    assert error.message == kind.advice


def test_each_way_to_fail_has_a_code_and_a_sentence_of_its_own() -> None:
    kinds: list[type[WutsConnectionError]] = [
        WutsConnectionError,
        *descendants(WutsConnectionError),
    ]
    leaves = [kind for kind in kinds if not kind.__subclasses__()]
    assert len({kind.code for kind in leaves}) == len(leaves)
    assert len({kind.advice for kind in kinds}) == len(kinds)
    assert ErrorCode.GATEWAY_UNREACHABLE not in {kind.code for kind in leaves}


def descendants(kind: type[WutsConnectionError]) -> list[type[WutsConnectionError]]:
    return [found for one in kind.__subclasses__() for found in (one, *descendants(one))]


@pytest.mark.parametrize("content", [None, "", "no certificate"])
def test_a_ca_file_that_cannot_be_used_is_told_before_anything_is_sent(
    tmp_path: Path, content: str | None
) -> None:
    path = tmp_path / "authority.pem"
    if content is not None:
        path.write_text(content)
    with pytest.raises(WutsConfigError, match=r"authority\.pem") as caught:
        WutsClient(TOKEN, ca_file=path)
    assert caught.value.__cause__ is None


def test_all_clients_of_a_process_share_one_context(ca_file: Path) -> None:
    assert tls_context() is tls_context()
    assert tls_context(ca_file) is tls_context(ca_file)
    assert tls_context(ca_file) is not tls_context()
