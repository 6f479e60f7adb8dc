"""Serves the board: read-only, to whom the service lets read it."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Collection
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from wuts.clock import Clock
from wuts.errors import WutsError
from wuts.supervisor import Supervisor

from .document import document_for, headers
from .payload import Kept, Payload
from .uptime import PERIODS, Uptimes
from .view import Role, View, fields_of, look, role_in

if TYPE_CHECKING:
    from wuts.supervisor.store.history_reader import HistoryReader

_LOGGER = logging.getLogger(__name__)

FRESH_FOR = 1.0
"""Seconds for which one look at the supervisor serves all who ask."""

TIME = "X-Board-Time"
"""The header that tells a page the time here: the browser's clock may be another."""

type MayRead = Callable[[web.Request], bool]
type SignIn = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Board:
    """One page with all devices of a supervisor, and what it is made from.

    Args:
        supervisor: What it shows.
        accounts: The names of all accounts, also of those that other processes look after.
        may_read: Says whether a request may see the board.
        history: Reads how the devices did, from the supervisor's store, if it has one.
        sign_in: Answers a browser that may not see the board yet; it is refused unless given.
        clock: Returns seconds since 1970.
    """

    def __init__(  # noqa: PLR0913 - all but two are named
        self,
        supervisor: Supervisor,
        accounts: Collection[str],
        *,
        may_read: MayRead,
        history: "HistoryReader | None" = None,
        sign_in: SignIn | None = None,
        clock: Clock = time.time,
    ) -> None:
        self._supervisor = supervisor
        self._accounts = tuple(accounts)
        self._may_read = may_read
        self._sign_in = sign_in
        self._clock = clock
        self._state = Kept(self._make_state, FRESH_FOR)
        self._uptimes = Uptimes(history, self._accounts, self._is_shown, clock) if history else None

    async def aclose(self) -> None:
        """Stop looking."""
        await self._state.aclose()
        if self._uptimes is not None:
            await self._uptimes.aclose()

    def routes(self) -> list[web.RouteDef]:
        """Return the routes of an aiohttp application that serves the board."""
        return [
            web.get("/", self._page),
            web.get("/board.json", self._board),
            web.get("/uptime.json", self._uptime),
        ]

    async def _page(self, request: web.Request) -> web.StreamResponse:
        if self._may_read(request):
            language = request.headers.get(hdrs.ACCEPT_LANGUAGE, "")
            return document_for(language).answer(request, headers())
        if self._sign_in is not None:
            return await self._sign_in(request)
        return _refused(HTTPStatus.UNAUTHORIZED)

    async def _board(self, request: web.Request) -> web.StreamResponse:
        if not self._may_read(request):
            return _refused(HTTPStatus.UNAUTHORIZED)
        return self._answer(request, await self._state.get())

    async def _uptime(self, request: web.Request) -> web.StreamResponse:
        if not self._may_read(request):
            return _refused(HTTPStatus.UNAUTHORIZED)
        period = request.query.get("period", "")
        if self._uptimes is None or period not in PERIODS:
            return _refused(HTTPStatus.NOT_FOUND)
        try:
            payload = await self._uptimes.of(period)
        except WutsError as error:
            _LOGGER.debug("The history cannot be read: %s", error.message)
            return _refused(HTTPStatus.SERVICE_UNAVAILABLE)
        return self._answer(request, payload)

    def _answer(self, request: web.Request, payload: Payload) -> web.Response:
        response = payload.answer(request, headers())
        response.headers[TIME] = f"{self._clock():.3f}"
        return response

    def _is_shown(self, account: str) -> bool:
        return role_in(self._supervisor, account) is Role.OWNER

    async def _make_state(self) -> Payload:
        has_history = self._uptimes is not None
        view = look(self._supervisor, self._accounts, has_history=has_history)
        return await asyncio.to_thread(_state_payload, view)


def _state_payload(view: View) -> Payload:
    return Payload.of_json(fields_of(view))


def _refused(status: HTTPStatus) -> web.Response:
    return web.json_response({"problem": status.phrase}, status=status, headers=headers())
