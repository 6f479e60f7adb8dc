"""Who may read what the service shows: who knows its token, or without one this machine alone."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from html import escape
from http import HTTPStatus
from importlib.resources import files
from string import Template
from urllib.parse import parse_qs, urlsplit

from aiohttp import hdrs, web

from wuts.page.policy import headers_for, policy_of
from wuts_cli.addresses import is_loopback
from wuts_cli.board.words import words_for

from .listen import Listen
from .server import body_of

COOKIE = "wuts-service"
"""What a browser that signed in is known by."""

KEPT = 30 * 24 * 3600
"""Seconds that a browser stays signed in."""

_FORWARDED = (hdrs.FORWARDED, hdrs.VIA, hdrs.X_FORWARDED_FOR, hdrs.X_FORWARDED_HOST, "X-Real-IP")
"""Headers of a request that a proxy handed on: its sender is not on this machine."""

_PAGE = Template(files(__package__).joinpath("sign_in.html").read_text("utf-8"))
_HEADERS = headers_for(policy_of(_PAGE.template))

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Access:
    """Lets in who may read.

    With a token everybody needs it: what comes from a proxy on this machine looks as if it came
    from this machine. Without one, only requests that a program of this machine made itself are
    answered, and none that a page from elsewhere made a browser send (DNS rebinding).

    Args:
        listen: The token, and where browsers reach the service.
    """

    def __init__(self, listen: Listen) -> None:
        self._token = listen.token.encode()
        self._has_proxy = bool(listen.public_url or listen.public_proxies)
        self._is_secure = listen.public_url.startswith("https://")
        key = b"wuts service cookie"
        self._cookie = hmac.new(self._token, key, hashlib.sha256).hexdigest()

    @property
    def is_open(self) -> bool:
        """Whether there is a token that lets people of other machines in."""
        return bool(self._token)

    def may_read(self, request: web.Request) -> bool:
        """Return whether a request may be answered with what only some may read."""
        if not self.is_open:
            return not self._has_proxy and _is_from_here(request)
        cookie = request.cookies.get(COOKIE, "").encode()
        return self.has_token(request) or hmac.compare_digest(cookie, self._cookie.encode())

    def has_token(self, request: web.Request) -> bool:
        """Return whether a request names the token itself: no browser does so unasked."""
        kind, _, token = request.headers.get(hdrs.AUTHORIZATION, "").partition(" ")
        return kind.lower() == "bearer" and self._is_token(token)

    def readers_only(self, handler: Handler) -> Handler:
        """Return a handler that answers only who may read."""

        async def handle(request: web.Request) -> web.StreamResponse:
            return await handler(request) if self.may_read(request) else refusal()

        return handle

    async def sign_in(self, request: web.Request) -> web.StreamResponse:
        """Ask a person for the token."""
        return self._ask(request, "" if self.is_open else "none")

    def routes(self) -> list[web.RouteDef]:
        """Return the route that takes the token of a person."""
        return [web.post("/sign-in", self._take)]

    async def _take(self, request: web.Request) -> web.StreamResponse:
        form = parse_qs((await body_of(request)).decode(errors="replace"))
        if not self._is_token(form.get("token", [""])[0].strip()):
            return self._ask(request, "wrong" if self.is_open else "none")
        # Relative, since a proxy may serve us below a path.
        response = web.Response(status=HTTPStatus.SEE_OTHER, headers={hdrs.LOCATION: "./"})
        response.set_cookie(
            COOKIE,
            self._cookie,
            max_age=KEPT,
            secure=self._is_secure,
            httponly=True,
            samesite="Strict",
        )
        return response

    def _is_token(self, text: str) -> bool:
        given = text.encode(errors="backslashreplace")
        return self.is_open and hmac.compare_digest(given, self._token)

    def _ask(self, request: web.Request, problem: str) -> web.Response:
        words = words_for(request.headers.get(hdrs.ACCEPT_LANGUAGE, ""))
        texts = {key: escape(text) for key, text in asdict(words.sign_in).items()}
        page = _PAGE.substitute(texts, language=words.language, problem=texts.get(problem, ""))
        return web.Response(
            text=page,
            content_type="text/html",
            status=HTTPStatus.UNAUTHORIZED,
            headers=_HEADERS,
        )


def refusal() -> web.Response:
    """Return the answer to a program that may not read."""
    return web.Response(
        status=HTTPStatus.UNAUTHORIZED,
        text="The service's token is missing or wrong.\n",
        headers={hdrs.WWW_AUTHENTICATE: "Bearer"},
    )


def _is_from_here(request: web.Request) -> bool:
    """Return whether a program of this machine sent a request to this machine, by no detour."""
    if any(name in request.headers for name in _FORWARDED):
        return False
    try:
        host = urlsplit(f"//{request.host}").hostname or ""
    except ValueError:
        return False
    return is_loopback(request.remote or "") and is_loopback(host)
