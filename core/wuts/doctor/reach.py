"""Why something cannot be reached, read from what the operating system and TLS say."""

import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum


class Unreachable(StrEnum):
    """Why there was no answer."""

    NAME_NOT_FOUND = "name_not_found"
    REFUSED = "connection_refused"
    NO_ANSWER = "no_answer"
    CERTIFICATE_EXPIRED = "certificate_expired"
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"
    CERTIFICATE_OF_ANOTHER_HOST = "certificate_of_another_host"
    CERTIFICATE_NOT_TRUSTED = "certificate_not_trusted"
    BROKEN = "connection_broke"


# OpenSSL's own numbers (x509_vfy.h).
_BY_VERIFY_CODE = {
    9: Unreachable.CERTIFICATE_NOT_YET_VALID,
    10: Unreachable.CERTIFICATE_EXPIRED,
    62: Unreachable.CERTIFICATE_OF_ANOTHER_HOST,
    64: Unreachable.CERTIFICATE_OF_ANOTHER_HOST,
}


def why_unreachable(error: BaseException) -> Unreachable:
    """Return what is wrong, looking through what an HTTP library wrapped around it."""
    for cause in _causes(error):
        match cause:
            case ssl.SSLCertVerificationError():
                code = cause.verify_code
                return _BY_VERIFY_CODE.get(code, Unreachable.CERTIFICATE_NOT_TRUSTED)
            case socket.gaierror():
                return Unreachable.NAME_NOT_FOUND
            case ConnectionRefusedError():
                return Unreachable.REFUSED
            case TimeoutError():
                return Unreachable.NO_ANSWER
    return Unreachable.BROKEN


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    cause: BaseException | None = error
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        yield cause
        if isinstance(cause, BaseExceptionGroup):
            for one in cause.exceptions:
                yield from _causes(one)
        cause = cause.__cause__ or cause.__context__
