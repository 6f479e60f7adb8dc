"""Asks whether a webhook's address answers at all, from here. Neither token nor secret is sent."""

import ssl
from http import HTTPStatus

import httpx

from ..errors import ErrorCode
from ..http.connection import connection_error
from .findings import Finding
from .vocabulary import FindingCode

TIMEOUT = 10.0
"""Seconds to wait for an answer."""


async def check_receiver(url: str, *, context: ssl.SSLContext) -> Finding:
    """Send one HEAD request, which changes nothing, and judge whatever comes back.

    The address may hold a secret, so only its host is shown.
    """
    try:
        host = httpx.URL(url).host
    except httpx.InvalidURL:
        return _unreachable("", ErrorCode.USAGE)
    try:
        async with httpx.AsyncClient(verify=context, timeout=TIMEOUT) as http:
            status = (await http.head(url, follow_redirects=False)).status_code
    except httpx.TimeoutException:
        return _unreachable(host, ErrorCode.NO_ANSWER)
    except httpx.HTTPError as error:
        return _unreachable(host, connection_error(error).code)
    return judge_receiver(host, status)


def _unreachable(host: str, problem: ErrorCode) -> Finding:
    return Finding(FindingCode.RECEIVER_UNREACHABLE, {"host": host, "problem": problem})


def judge_receiver(host: str, status: int) -> Finding:
    """Judge the status: a receiver may well refuse a HEAD, but it must know the address."""
    is_bad = status == HTTPStatus.NOT_FOUND or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    code = FindingCode.RECEIVER_ERROR if is_bad else FindingCode.RECEIVER_ANSWERS
    return Finding(code, {"host": host, "status": status})
