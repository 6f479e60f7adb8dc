"""A TLS server of this machine, with a certificate that may be wrong in any way."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

from tests.core.wuts.raw_gateway import http_answer
from tests.core.wuts.values import Json

HOST = "localhost"
NOTHING = b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n"


class Certificate:
    """A server's certificate, and the authority that vouches for it.

    Args:
        days: For how long it is valid yet; negative for one that has ended.
        host: For which host it is.
    """

    def __init__(self, *, days: float = 30, host: str = HOST) -> None:
        self._authority = trustme.CA()
        end = datetime.now(UTC) + timedelta(days=days)
        start = end - timedelta(days=90)
        self._leaf = self._authority.issue_cert(
            host, common_name=host, not_before=start, not_after=end
        )

    def trusted(self) -> ssl.SSLContext:
        """Return a context that trusts the authority alone."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self._authority.configure_trust(context)
        return context

    def write_authority(self, path: Path) -> Path:
        """Write the authority's certificate, as a CA file."""
        self._authority.cert_pem.write_to_path(path)
        return path

    @asynccontextmanager
    async def served(self, body: Json = None) -> AsyncIterator[str]:
        """Answer everybody with JSON, or with nothing; give the address."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._leaf.configure_cert(context)
        answer = NOTHING if body is None else http_answer(body)

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(answer)
                await writer.drain()
            except (asyncio.IncompleteReadError, ConnectionError):
                pass  # the client did not like the certificate
            finally:
                writer.close()

        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        async with server:
            yield f"https://{HOST}:{server.sockets[0].getsockname()[1]}"
