"""Says why a connection failed: the name, the port, the certificate, or this machine itself."""

import errno
import socket
import ssl
from collections.abc import Iterator

from ..errors import (
    CertificateExpiredError,
    CertificateHostError,
    CertificateUntrustedError,
    NameNotFoundError,
    PortClosedError,
    TooManyOpenFilesError,
    WutsConnectionError,
)

_EXPIRED = frozenset({9, 10})
"""OpenSSL's codes of a certificate that is not valid yet, or no longer (x509_vfy.h)."""

_WRONG_HOST = frozenset({62, 63, 64})
"""OpenSSL's codes of a certificate for another host name, e-mail or address (x509_vfy.h)."""

_NO_MORE_FILES = frozenset({errno.EMFILE, errno.ENFILE})

_MOST_CAUSES = 50
"""Exceptions looked at: a chain of them may be long, and may even be a circle."""


def connection_error(error: BaseException) -> WutsConnectionError:
    """Return the error that says which part of a connection failed.

    HTTP libraries wrap what the system said, each in its own way, so the whole chain is looked at.
    """
    for cause in _causes(error):
        found = _kind(cause)
        if found is not None:
            return found()
    return WutsConnectionError()


def _kind(cause: BaseException) -> type[WutsConnectionError] | None:
    match cause:
        case ssl.SSLCertVerificationError(verify_code=code):
            if code in _EXPIRED:
                return CertificateExpiredError
            return CertificateHostError if code in _WRONG_HOST else CertificateUntrustedError
        case socket.gaierror():
            return NameNotFoundError
        case ConnectionRefusedError():
            return PortClosedError
        case OSError() if cause.errno in _NO_MORE_FILES:
            return TooManyOpenFilesError
    return None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and all that led to it, the outermost first."""
    waiting: list[BaseException] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_CAUSES:
        one = waiting.pop(0)
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting += one.exceptions
        waiting += [led for led in (one.__cause__, one.__context__) if led is not None]
