"""What is served: made once, kept for a moment, sent in full or not at all."""

import asyncio
import gzip
import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Self

from aiohttp import hdrs, web

from wuts.clock import Clock, steady_time
from wuts.errors import WutsError

_LEVEL = 3
"""How hard to compress: most of the gain for a fraction of the time."""


@dataclass(frozen=True, slots=True)
class Payload:
    """The body of an answer.

    Attributes:
        body: It.
        compressed: The same by gzip.
        etag: Stands for it.
        content_type: What it is.
    """

    body: bytes
    compressed: bytes
    etag: str
    content_type: str

    @classmethod
    def of(cls, body: bytes, content_type: str) -> Self:
        """Return the payload of a body."""
        digest = hashlib.sha256(body).hexdigest()[:32]
        return cls(body, gzip.compress(body, _LEVEL, mtime=0), f'W/"{digest}"', content_type)

    @classmethod
    def of_json(cls, content: object) -> Self:
        """Return the payload of what JSON can say."""
        text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
        return cls.of(text.encode(errors="replace"), "application/json")

    def answer(self, request: web.Request, headers: Mapping[str, str]) -> web.Response:
        """Return the answer to a request: an empty one where the client has the same already."""
        response = web.Response(headers=headers)
        response.headers[hdrs.ETAG] = self.etag
        response.headers[hdrs.VARY] = "Accept-Encoding, Accept-Language, Authorization, Cookie"
        if request.headers.get(hdrs.IF_NONE_MATCH) == self.etag:
            response.set_status(HTTPStatus.NOT_MODIFIED)
            return response
        response.content_type, response.charset = self.content_type, "utf-8"
        if "gzip" in request.headers.get(hdrs.ACCEPT_ENCODING, ""):
            response.headers[hdrs.CONTENT_ENCODING] = "gzip"
            response.body = self.compressed
        else:
            response.body = self.body
        return response


class Kept:
    """A payload that is made when somebody asks, once for all who ask meanwhile.

    Args:
        make: Makes it.
        keep_for: Seconds for which it is kept; what could not be made is tried again after that.
        clock: Seconds by a steady clock.
    """

    def __init__(
        self, make: Callable[[], Awaitable[Payload]], keep_for: float, clock: Clock = steady_time
    ) -> None:
        self._make = make
        self._keep_for = keep_for
        self._clock = clock
        self._kept: Payload | WutsError | None = None
        self._until = float("-inf")
        self._making: asyncio.Task[Payload | WutsError] | None = None

    async def get(self) -> Payload:
        """Return it.

        Raises:
            WutsError: It cannot be made.
        """
        kept = self._kept
        if kept is None or self._clock() >= self._until:
            if self._making is None or self._making.done():
                self._making = asyncio.create_task(self._renew(), name="wuts board")
            # Others wait for it too, so it does not end with this request.
            kept = await asyncio.shield(self._making)
        if isinstance(kept, WutsError):
            raise kept
        return kept

    async def aclose(self) -> None:
        """Stop making them."""
        if self._making is not None:
            self._making.cancel()
            await asyncio.wait([self._making])

    async def _renew(self) -> Payload | WutsError:
        try:
            kept: Payload | WutsError = await self._make()
        except WutsError as error:
            kept = error.with_traceback(None)
        self._kept, self._until = kept, self._clock() + self._keep_for
        return kept
