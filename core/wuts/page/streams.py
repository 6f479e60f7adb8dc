"""Server-sent events: a page that is open follows its pairing."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from http import HTTPStatus

from aiohttp import web

from .drawing import draw_scene
from .headers import HEADERS
from .state import LONGEST_WAIT, LinkState
from .words import Words

PING = 5.0
"""Seconds until a silent stream says that it is alive."""

MOST_STREAMS = 8
"""Streams of one link at a time: its owner may have a few tabs."""

_NOTHING = object()


class Streams:
    """The streams that are open."""

    def __init__(self) -> None:
        self._open: Counter[LinkState] = Counter()

    async def send(self, request: web.Request, words: Words, link: LinkState) -> web.StreamResponse:
        """Send each scene of a link, up to the last or until the browser is gone."""
        if self._open[link] >= MOST_STREAMS:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=HEADERS)
        response = web.StreamResponse(headers=HEADERS)
        response.content_type = "text/event-stream"
        response.headers["X-Accel-Buffering"] = "no"  # else nginx holds events back
        self._open[link] += 1
        try:
            with suppress(ConnectionError):
                await response.prepare(request)
                await _send_scenes(response, words, link)
                await response.write_eof()
        finally:
            self._open -= Counter([link])  # forgets those with none
        return response


async def _send_scenes(response: web.StreamResponse, words: Words, link: LinkState) -> None:
    loop = asyncio.get_running_loop()
    shown: object = _NOTHING
    said_at = loop.time()
    while True:
        version, scene = link.version, link.scene
        if scene.signature != shown:
            shown, said_at = scene.signature, loop.time()
            data = json.dumps(await draw_scene(words, scene))
            await response.write(f"data: {data}\n\n".encode())
        elif loop.time() - said_at >= PING:
            said_at = loop.time()
            await response.write(b"event: ping\ndata: 1\n\n")
        if scene.is_final:
            link.mark_seen()
            return
        await link.changed(version, within=LONGEST_WAIT)
