"""Errors of the way to the gateway; each says which part of it failed."""

from .base import ErrorCode, WutsError


class WutsConnectionError(WutsError):
    """The gateway could not be reached, or the connection broke."""

    code = ErrorCode.GATEWAY_UNREACHABLE
    advice = "The gateway cannot be reached. Check the network and the gateway's address."


class CertificateError(WutsConnectionError):
    """The gateway's certificate was not accepted; each kind says why."""

    code = ErrorCode.CERTIFICATE_UNTRUSTED
    advice = "The gateway's certificate was not accepted. Check the gateway's address."


class CertificateUntrustedError(CertificateError):
    """The certificate is self-signed, or its authority is unknown here."""

    advice = (
        "This machine does not trust the gateway's certificate. If your own certificate "
        "authority signed it, give that authority's certificate as the CA file."
    )


class CertificateExpiredError(CertificateError):
    """The certificate has expired or is not valid yet."""

    code = ErrorCode.CERTIFICATE_EXPIRED
    advice = (
        "The gateway's certificate has expired or is not valid yet. Check this machine's "
        "clock, then ask the gateway's operator to renew the certificate."
    )


class CertificateHostError(CertificateError):
    """The certificate is for another host."""

    code = ErrorCode.CERTIFICATE_WRONG_HOST
    advice = (
        "The gateway's certificate was issued for another host. Use the host name that it "
        "was issued for, and check the gateway's address."
    )


class NameNotFoundError(WutsConnectionError):
    """The gateway's host name does not resolve."""

    code = ErrorCode.NAME_NOT_FOUND
    advice = (
        "The gateway cannot be reached. Its host name was not found: check the address for "
        "typos, and check this machine's DNS."
    )


class PortClosedError(WutsConnectionError):
    """Nothing listens at the gateway's port."""

    code = ErrorCode.CONNECTION_REFUSED
    advice = (
        "The gateway cannot be reached. Nothing is listening at its port: check the port "
        "in the address, and make sure that the gateway is running."
    )


class TooManyOpenFilesError(WutsConnectionError):
    """The process may open no more files, and so no more connections (``ulimit -n``)."""

    code = ErrorCode.TOO_MANY_OPEN_FILES
    advice = (
        "This process has too many open files, so it can't open another connection. Raise "
        "its limit of open files (ulimit -n), or watch fewer accounts with it."
    )


class WutsTimeoutError(WutsConnectionError):
    """The gateway did not respond in time."""

    code = ErrorCode.NO_ANSWER
    advice = "The gateway did not respond in time. Try again in a moment."
