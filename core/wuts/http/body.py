"""Reads an answer's body, unpacked, and never holds more of it than its bound."""

import zlib

import httpx

from ..errors import UnexpectedAnswerError

ACCEPTED_CODING = "gzip"
"""The one coding asked for. We unpack it ourselves: the HTTP library sets no bound to what a few
packed bytes may become, and packs within packs multiply."""


async def read_body(response: httpx.Response, max_bytes: int) -> bytes | UnexpectedAnswerError:
    """Return the whole body, or why it cannot be read, as soon as that is known.

    Raises:
        httpx.HTTPError: The connection broke or took too long.
    """
    status = response.status_code
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"identity", ACCEPTED_CODING}:
        return UnexpectedAnswerError(status=status)
    try:
        body = await _read(response, max_bytes, packed=coding == ACCEPTED_CODING)
    except zlib.error:
        return UnexpectedAnswerError(status=status)
    return body if len(body) <= max_bytes else _too_long(status, max_bytes)


async def _read(response: httpx.Response, max_bytes: int, *, packed: bool) -> bytes:
    """Return the body up to one byte more than is allowed."""
    unpacker = zlib.decompressobj(zlib.MAX_WBITS | 16) if packed else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        room = max_bytes + 1 - len(body)
        body += unpacker.decompress(chunk, room) if unpacker else chunk[:room]
        if len(body) > max_bytes:
            break
    return bytes(body)


def _too_long(status: int, max_bytes: int) -> UnexpectedAnswerError:
    return UnexpectedAnswerError(
        f"The gateway's answer is longer than {max_bytes // 1024} KiB, so it was not read. "
        "Check the gateway's address.",
        status=status,
    )
