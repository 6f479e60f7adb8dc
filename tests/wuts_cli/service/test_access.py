"""Who may read what the service shows."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import ClientSession, CookieJar, web

from wuts_cli.service import server
from wuts_cli.service.access import COOKIE, Access
from wuts_cli.service.listen import Listen
from wuts_cli.service.server import listening

TOKEN = "service-token-0123456789"
OPEN = Listen(host="127.0.0.1", port=0)
WITH_TOKEN = Listen(host="127.0.0.1", port=0, token=TOKEN)
BEHIND_PROXY = Listen(host="127.0.0.1", port=0, public_url="https://watch.example")


@asynccontextmanager
async def guarded(listen: Listen) -> AsyncIterator[ClientSession]:
    """Serve one page for readers only, and the form for everybody else."""
    access = Access(listen)

    async def page(_request: web.Request) -> web.Response:
        return web.Response(text="read")

    async def board(request: web.Request) -> web.StreamResponse:
        return await page(request) if access.may_read(request) else await access.sign_in(request)

    routes = [web.get("/metrics", access.readers_only(page)), web.get("/", board)]
    async with (
        listening("127.0.0.1", 0, [*routes, *access.routes()]) as port,
        ClientSession(f"http://127.0.0.1:{port}", cookie_jar=CookieJar(unsafe=True)) as http,
    ):
        yield http


async def status(http: ClientSession, **headers: str) -> int:
    async with http.get("/metrics", headers=headers) as answer:
        return answer.status


async def test_without_a_token_this_machine_may_read() -> None:
    async with guarded(OPEN) as http:
        assert await status(http) == 200
        assert await status(http, Host="localhost:1") == 200
        assert await status(http, Host="[::1]") == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
        {"Host": "["},
        {"X-Forwarded-For": "127.0.0.1"},
        {"Forwarded": "for=127.0.0.1"},
        {"X-Real-IP": "127.0.0.1"},
        {"Via": "1.1 proxy"},
        {"X-Forwarded-Host": "localhost"},
    ],
)
async def test_a_proxy_or_a_page_from_elsewhere_is_not_this_machine(
    headers: dict[str, str],
) -> None:
    async with guarded(OPEN) as http:
        assert await status(http, **headers) in {400, 401}


async def test_behind_a_proxy_nobody_reads_without_a_token() -> None:
    async with guarded(BEHIND_PROXY) as http:
        assert await status(http) == 401


async def test_with_a_token_everybody_needs_it() -> None:
    async with guarded(WITH_TOKEN) as http:
        assert await status(http) == 401
        for wrong in ("", "Bearer", f"Bearer {TOKEN}x", f"Basic {TOKEN}", "Bearer ção"):
            assert await status(http, Authorization=wrong) == 401
        assert await status(http, Authorization=f"Bearer {TOKEN}") == 200
        assert await status(http, Authorization=f"bearer {TOKEN}") == 200
        assert await status(http, Cookie=f"{COOKIE}=") == 401
        assert await status(http, Cookie=f"{COOKIE}={TOKEN}") == 401


async def test_a_person_signs_in_once() -> None:
    async with guarded(WITH_TOKEN) as http:
        async with http.get("/") as form:
            page = await form.text()
            assert form.status == 401
            assert "default-src 'none'" in form.headers["Content-Security-Policy"]
        assert 'action="sign-in"' in page
        async with http.post("/sign-in", data={"token": "wrong"}) as refused:
            assert refused.status == 401
            assert "This token is not correct." in await refused.text()
        async with http.post("/sign-in", data={"token": TOKEN}, allow_redirects=False) as answer:
            cookie = answer.headers["Set-Cookie"]
        assert TOKEN not in cookie
        assert "HttpOnly" in cookie
        assert "SameSite=Strict" in cookie
        async with http.get("/") as board:
            assert await board.text() == "read"


@pytest.mark.parametrize("body", [b"", b"token", b"\xff", b"token=%ff", b"token=&token=x"])
async def test_a_form_that_is_none_is_refused(body: bytes) -> None:
    async with guarded(WITH_TOKEN) as http, http.post("/sign-in", data=body) as refused:
        assert refused.status == 401


async def test_a_form_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server, "LONGEST_WAIT", 0.2)
    async with guarded(WITH_TOKEN) as http:
        port = http._base_url.port if http._base_url else None
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"POST /sign-in HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nt")
        assert b" 408 " in await reader.readline()
        writer.close()


async def test_the_form_speaks_portuguese() -> None:
    async with (
        guarded(WITH_TOKEN) as http,
        http.get("/", headers={"Accept-Language": "pt"}) as form,
    ):
        assert "Entrar no WUTS" in await form.text()


async def test_a_service_without_a_token_says_how_to_set_one() -> None:
    async with guarded(BEHIND_PROXY) as http:
        async with http.get("/") as form:
            assert "no token yet" in await form.text()
        async with http.post("/sign-in", data={"token": ""}) as refused:
            assert refused.status == 401
