"""A TLS server of this machine with a certificate that openssl makes."""

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from shutil import which

OPENSSL = which("openssl")


def make_certificate(folder: Path, *, days: int = 30, host: str = "localhost") -> Path:
    """Make a certificate that vouches for itself, with its key; negative days: it has ended."""
    key, request, certificate = (folder / name for name in ("key.pem", "request.pem", "cert.pem"))
    extensions = folder / "extensions.txt"
    extensions.write_text(f"subjectAltName=DNS:{host}\n")
    subject = f"/O=Acme/CN={host}"
    make_key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key]
    _openssl("req", "-new", *make_key, "-out", request, "-subj", subject)
    how = ["-signkey", key, "-days", days, "-extfile", extensions]
    _openssl("x509", "-req", "-in", request, *how, "-out", certificate)
    return certificate


@asynccontextmanager
async def served(certificate: Path) -> AsyncIterator[str]:
    """Serve one answer to everybody by https, and give the address."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, certificate.with_name("key.pem"))
    server = await asyncio.start_server(_answer, "127.0.0.1", 0, ssl=context)
    async with server:
        yield f"https://localhost:{server.sockets[0].getsockname()[1]}"


def trusting(certificate: Path) -> ssl.SSLContext:
    """Return a context that trusts this certificate alone."""
    return ssl.create_default_context(cafile=certificate)


async def _answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        if await reader.read(1):
            writer.write(b"HTTP/1.1 204 No Content\r\nconnection: close\r\n\r\n")
            await writer.drain()
    except ConnectionError:
        pass  # the client did not like the certificate
    finally:
        writer.close()


def _openssl(*arguments: object) -> None:
    assert OPENSSL
    subprocess.run([OPENSSL, *map(str, arguments)], check=True, capture_output=True)
