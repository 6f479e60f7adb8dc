"""Serves pairing pages to browsers: for aiohttp, and whatever hands on its requests."""

from collections.abc import Hashable
from http import HTTPStatus
from typing import NamedTuple
from urllib.parse import urlsplit

from aiohttp import hdrs, web

from ..clock import Clock, steady_time
from .access_log import hide_secrets
from .audit import Audit, PageAction, PageEvent, log_event
from .drawing import (
    draw_cover,
    draw_page,
    draw_refusal,
    draw_scene,
    draw_taken,
    reload_of,
)
from .guesses import GuessLimiter
from .headers import HEADERS
from .link import PairingLink
from .state import LinkState
from .store import LinkStore
from .streams import Streams
from .words import Words, words_for

LIFETIME = 900.0
"""Seconds that a link is valid unless another time is asked for."""

LONGEST_LIFETIME = 24 * 3600.0
"""Seconds that a link may be valid."""

COOKIE = "wuts-page"
"""What the browser that owns a link is known by."""

_WHY = {"unknown": HTTPStatus.NOT_FOUND, "too_many": HTTPStatus.TOO_MANY_REQUESTS}


class Offered(NamedTuple):
    """A new link.

    Attributes:
        url: Its address, which holds the secret: give it to whoever asked, and keep it nowhere.
        link: What its page shows, and when it is opened.
    """

    url: str
    link: PairingLink


def is_page_address(url: str) -> bool:
    """Return whether browsers can reach pages below an address: http or https, and no query."""
    try:
        parts = urlsplit(url)
        _ = parts.port  # raises if it isn't a number
    except ValueError:
        return False
    known = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return known and not parts.query and not parts.fragment and url.isprintable()


class PairingPages:
    """The pairing pages of a process: hand a link out, then show it the views of a pairing.

    ::

        url, link = pages.offer(("home", device_id), name="Front desk", base_url="https://…/pair")
        if await link.opened():
            settings = PairingSettings(deadline=link.seconds_left)
            async with PairingSession(client, device_id, owner="…", settings=settings) as session:
                async for view in session.views():
                    link.show(view)

    A link's secret is kept as a hash. The first browser in which somebody presses *Show the code*
    owns the link; merely loading its address, as previews of chats do, changes nothing.

    Args:
        lifetime: Seconds that a link is valid unless `offer` names another time; 24 hours at most.
        proxies: How many proxies stand in front and append to ``X-Forwarded-For``; with 0 the
            header is not believed.
        clock: Seconds by a steady clock, that of the views.
        audit: Gets what happens; it is logged unless given.

    Raises:
        ValueError: The lifetime is not positive, or too long.
    """

    def __init__(
        self,
        *,
        lifetime: float = LIFETIME,
        proxies: int = 0,
        clock: Clock = steady_time,
        audit: Audit = log_event,
    ) -> None:
        self._lifetime = _checked(lifetime)
        self._proxies = proxies
        self._clock = clock
        self._audit = audit
        self._store = LinkStore(clock)
        self._guesses = GuessLimiter(clock)
        self._streams = Streams()
        hide_secrets()

    def offer(
        self,
        key: Hashable,
        *,
        name: str,
        base_url: str,
        note: str = "",
        lifetime: float | None = None,
    ) -> Offered:
        """Make a link for a device, which ends the device's older one.

        Args:
            key: The device, for instance its account and id.
            name: The same for people.
            base_url: Where browsers reach these pages, such as ``https://home.example/pair``.
            note: A line for the person with the phone.
            lifetime: Seconds that it is valid; the pages' own unless given.

        Raises:
            ValueError: The lifetime or the address is not usable.
        """
        if not is_page_address(base_url):
            raise ValueError("The base of a page's address must be an http or https address.")
        base_url = base_url.rstrip("/")
        base = urlsplit(base_url)
        seconds = self._lifetime if lifetime is None else _checked(lifetime)
        state = LinkState(
            key,
            name,
            note=note,
            path=base.path,
            is_secure=base.scheme == "https",
            expires_at=self._clock() + seconds,
            clock=self._clock,
            audit=self._audit,
        )
        return Offered(f"{base_url}/{self._store.add(state)}", PairingLink(state, self._clock))

    def close(self) -> None:
        """End all links, and with them the streams of their pages."""
        self._store.end_all()

    def routes(self, prefix: str = "/pair") -> list[web.RouteDef]:
        """Return the routes of an aiohttp application that serves the pages below ``prefix``."""

        async def handler(request: web.Request) -> web.StreamResponse:
            return await self.handle(request, request.match_info["tail"])

        path = f"{prefix}/{{tail:.+}}"
        return [web.get(path, handler), web.post(path, handler)]

    async def handle(self, request: web.Request, tail: str) -> web.StreamResponse:
        """Answer one request (GET, HEAD or POST).

        Args:
            request: It; its path and cookies must not be logged.
            tail: What follows the base of the address and a slash.
        """
        words = words_for(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        secret, _, rest = tail.partition("/")
        is_known = not rest or (rest == "events" and request.method == hdrs.METH_GET)
        link = self._store.find(secret) if is_known else None
        if link is None:
            return self._refuse(request, words, None)
        if request.method == hdrs.METH_POST:
            return self._open(request, words, link, secret)
        if link.is_owned_by(request.cookies.get(COOKIE)):
            if rest:
                return await self._streams.send(request, words, link)
            return await self._show(words, link)
        if link.is_owned or link.is_over or rest:
            return self._refuse(request, words, link)
        return _answer(draw_page(words, draw_cover(words, link.scene)))

    def _open(
        self, request: web.Request, words: Words, link: LinkState, secret: str
    ) -> web.StreamResponse:
        """Let the browser own the link if it is free, and send it to the page."""
        path = link.path_of(secret)
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers=HEADERS)
        response.headers[hdrs.LOCATION] = path
        if link.is_owned_by(request.cookies.get(COOKIE)):
            return response
        cookie = link.claim()
        if cookie is None:
            return self._refuse(request, words, link)
        response.set_cookie(
            COOKIE, cookie, path=path, secure=link.is_secure, httponly=True, samesite="Strict"
        )
        self._audit(PageEvent(PageAction.OPENED, key=link.key, peer=self._peer(request)))
        return response

    async def _show(self, words: Words, link: LinkState) -> web.StreamResponse:
        scene = link.scene
        page = draw_page(words, await draw_scene(words, scene), reload=reload_of(scene))
        if scene.is_final:
            link.mark_seen()
        return _answer(page)

    def _refuse(
        self, request: web.Request, words: Words, link: LinkState | None
    ) -> web.StreamResponse:
        """Refuse a wrong guess, and a link that is over or another browser's."""
        peer = self._peer(request)
        if not self._guesses.allows(peer):
            return _refusal(words, "too_many")
        if link is None:
            self._audit(PageEvent(PageAction.REFUSED, key=None, peer=peer, reason="unknown"))
            return _refusal(words, "unknown")
        taken = not link.is_over
        reason = "taken" if taken else link.scene.over or "over"
        self._audit(PageEvent(PageAction.REFUSED, key=link.key, peer=peer, reason=reason))
        if not taken:
            return _refusal(words, "expired", HTTPStatus.GONE)
        return _answer(draw_page(words, draw_taken(words, link.scene)), HTTPStatus.FORBIDDEN)

    def _peer(self, request: web.Request) -> str:
        """Return who asks: the address that the outermost of our own proxies saw."""
        if self._proxies:
            seen = ",".join(request.headers.getall(hdrs.X_FORWARDED_FOR, ())).split(",")
            if len(seen) >= self._proxies and (peer := seen[-self._proxies].strip()):
                return peer
        return request.remote or ""


def _answer(page: str, status: HTTPStatus = HTTPStatus.OK) -> web.Response:
    return web.Response(text=page, status=status, content_type="text/html", headers=HEADERS)


def _refusal(words: Words, why: str, status: HTTPStatus | None = None) -> web.Response:
    return _answer(draw_page(words, draw_refusal(words, why)), status or _WHY[why])


def _checked(lifetime: float) -> float:
    if not 0 < lifetime <= LONGEST_LIFETIME:
        raise ValueError("A link is valid for more than 0 seconds and for 24 hours at most.")
    return lifetime
