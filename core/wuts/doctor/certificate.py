"""Looks at a server's certificate, trusted or not. The token is not sent."""

import asyncio
import ssl
from collections.abc import Iterable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import httpx

from ..errors import ErrorCode
from ..http.connection import connection_error
from .findings import Finding
from .vocabulary import FindingCode

SOON = 14
"""Days before its end when a certificate should long have been renewed."""

TIMEOUT = 10.0
"""Seconds for one TLS handshake."""

_DAY = 86_400.0
_NO_CHECK_TIME = 0x200000
"""OpenSSL's X509_V_FLAG_NO_CHECK_TIME, which Python has no name for."""

# What `ssl.SSLSocket.getpeercert` returns.
type Certificate = Mapping[str, Any]


async def check_certificate(url: str, *, context: ssl.SSLContext, now: datetime) -> Finding:
    """Return whether the certificate behind an address is trusted, and for how long.

    Args:
        url: The gateway's address.
        context: Which authorities are trusted.
        now: The wall clock's time.
    """
    address = httpx.URL(url)
    if address.scheme != "https":
        return Finding(FindingCode.PLAIN_HTTP)
    host, port = address.host, address.port or 443
    try:
        certificate = await _handshake(host, port, context)
    except ssl.SSLCertVerificationError as error:
        shown = await _untrusted(host, port)
        return _refused(connection_error(error).code, shown)
    except TimeoutError:
        return Finding(FindingCode.CERTIFICATE_UNKNOWN, {"problem": ErrorCode.NO_ANSWER})
    except OSError as error:
        return Finding(FindingCode.CERTIFICATE_UNKNOWN, {"problem": connection_error(error).code})
    return judge_certificate(certificate, now=now)


def judge_certificate(certificate: Certificate, *, now: datetime) -> Finding:
    """Judge how long a trusted certificate will last."""
    expires = _end(certificate)
    days = int((expires - now).total_seconds() // _DAY) if expires else None
    is_soon = days is not None and days < SOON
    code = FindingCode.CERTIFICATE_EXPIRES_SOON if is_soon else FindingCode.CERTIFICATE_TRUSTED
    return Finding(code, {**_names(certificate), "expires": expires, "days": days})


def _refused(problem: ErrorCode, certificate: Certificate) -> Finding:
    parameters = {**_names(certificate), "expires": _end(certificate), "problem": problem}
    return Finding(FindingCode.CERTIFICATE_REFUSED, parameters)


async def _handshake(host: str, port: int, context: ssl.SSLContext) -> Certificate:
    certificate: Certificate = await _peer(host, port, context, binary=False)
    return certificate


async def _untrusted(host: str, port: int) -> Certificate:
    """Read a certificate that is not trusted; empty if that is not possible.

    Python only unpacks certificates that were verified. So fetch it unverified, then verify it
    against itself, whatever its name and dates.
    """
    blind = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    blind.check_hostname = False
    blind.verify_mode = ssl.CERT_NONE
    against_itself = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    against_itself.check_hostname = False
    against_itself.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN | ssl.VerifyFlags(_NO_CHECK_TIME)
    try:
        against_itself.load_verify_locations(
            cadata=await _peer(host, port, blind, binary=True) or b""
        )
        return await _handshake(host, port, against_itself)
    except (OSError, ValueError):
        return {}


async def _peer(host: str, port: int, context: ssl.SSLContext, *, binary: bool) -> Any:  # noqa: ANN401 - bytes or a dict, as getpeercert returns
    async with asyncio.timeout(TIMEOUT):
        _, writer = await asyncio.open_connection(host, port, ssl=context, server_hostname=host)
        try:
            return writer.get_extra_info("ssl_object").getpeercert(binary_form=binary)
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()


def _names(certificate: Certificate) -> dict[str, str | None]:
    subject = _name(certificate.get("subject", ()))
    alternatives = [name for _, name in certificate.get("subjectAltName", ())]
    return {
        "subject": subject or next(iter(alternatives), None),
        "issuer": _name(certificate.get("issuer", ())),
    }


def _name(parts: Iterable[Iterable[tuple[str, str]]]) -> str | None:
    named = {key: value for part in parts for key, value in part}
    return named.get("commonName") or named.get("organizationName")


def _end(certificate: Certificate) -> datetime | None:
    end = certificate.get("notAfter")
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(end), UTC) if end else None
