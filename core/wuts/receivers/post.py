"""One HTTP request to a receiver. It blocks, for a thread of the receiver's own."""

import ssl
from collections.abc import Mapping
from http import HTTPStatus
from urllib.parse import SplitResult, urlsplit

import httpx

from ..errors import InvalidInputError
from ..http.tls import tls_context
from .receiver import NotTakenError

TIMEOUT = httpx.Timeout(10.0)
"""Seconds to connect, and for each step of the answer."""

LONGEST_ADDRESS = 4_000
"""Characters."""


def checked_url(url: str, problem: str) -> SplitResult:
    """Return the parts of an address that can be posted to.

    Args:
        url: It begins with http:// or https://.
        problem: What to say where it cannot.

    Raises:
        InvalidInputError: It names no host, or cannot be an address.
    """
    try:
        parts = urlsplit(url)
        httpx.URL(url)
        is_good = bool(parts.hostname) and parts.port != 0 and not parts.fragment
    except (ValueError, httpx.InvalidURL):
        raise InvalidInputError(problem) from None
    if not is_good or not url.isprintable() or " " in url or len(url) > LONGEST_ADDRESS:
        raise InvalidInputError(problem)
    return parts


def post(url: str, content: bytes, headers: Mapping[str, str]) -> None:
    """Post JSON. Only an answer of 2xx means that it was taken; redirects are not followed.

    Raises:
        NotTakenError: It was not. The message repeats nothing of the address or the answer.
    """
    try:
        with (
            httpx.Client(verify=tls_context(), timeout=TIMEOUT, follow_redirects=False) as client,
            client.stream(
                "POST",
                url,
                content=content,
                headers={"Content-Type": "application/json", **headers},
            ) as answer,
        ):
            status = answer.status_code
    except (httpx.HTTPError, OSError) as error:
        raise NotTakenError(_reason(error)) from None
    if not HTTPStatus(200) <= status < HTTPStatus.MULTIPLE_CHOICES:
        raise NotTakenError(f"It answered with status {status}.", status=status)


def _reason(error: Exception) -> str:
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return "Its certificate is not trusted here."
        cause = cause.__cause__ or cause.__context__
    if isinstance(error, httpx.TimeoutException):
        return "It is not responding in time."
    if isinstance(error, httpx.ConnectError):
        return "It cannot be reached."
    return "The connection to it broke."
