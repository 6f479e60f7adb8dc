"""Home Assistant behind https, as the gateway calls it: a real server with a certificate."""

import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from aiohttp import web
from aiohttp.test_utils import TestServer
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "127.0.0.1"
NAME = "localhost"
"""Home Assistant takes no bare address for one that is reached by https."""


def write_certificate(folder: Path, *, host: str = NAME, days: int = 1) -> Path:
    """Write a certificate for ``host`` that vouches for itself, with its key.

    With ``days`` below zero it has expired.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.IPAddress(ip_address(HOST)) if host == HOST else x509.DNSName(host)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=30))
        .not_valid_after(now + timedelta(days=days))
        .add_extension(x509.SubjectAlternativeName([subject]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "certificate.pem"
    pem.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + certificate.public_bytes(serialization.Encoding.PEM)
    )
    return pem


@asynccontextmanager
async def served(app: web.Application, pem: Path) -> AsyncIterator[str]:
    """Serve an application by https, and give its address."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(pem)
    server = TestServer(app, scheme="https", host=HOST)
    await server.start_server(ssl=context)
    try:
        yield f"https://{NAME}:{server.port}"
    finally:
        await server.close()
