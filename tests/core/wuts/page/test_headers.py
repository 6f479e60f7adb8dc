"""What every answer says to browsers, caches and chats."""

import re
from collections.abc import AsyncIterator
from http.cookies import SimpleCookie

import pytest
from aiohttp import ClientResponse

from tests.core.wuts.page.serving import Served, browser, code, open_page, press, serving
from wuts.page.pages import COOKIE

FORBIDDEN = {"unsafe-inline", "unsafe-eval", "http:", "https:", "*"}
LARGEST = 50 * 1024


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as pages:
        yield pages


async def answers(served: Served) -> list[ClientResponse]:
    """Return an answer of each kind."""
    url, link = served.offer()
    served.show(link, code())
    async with browser() as owner, browser() as other:
        kinds = [
            await owner.get(url),
            await owner.post(url, allow_redirects=False),
            await owner.get(url),
            await owner.get(f"{url}/events"),
            await other.get(url),
            await other.get(f"{served.base_url}/guess"),
        ]
        link.end()
        return [*kinds, await owner.get(url), await other.get(url)]


async def test_no_answer_is_kept_framed_or_passed_on(served: Served) -> None:
    kinds = await answers(served)
    assert [one.status for one in kinds] == [200, 303, 200, 200, 403, 404, 200, 410]
    for answer in kinds:
        headers = answer.headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["X-Robots-Tag"] == "noindex, nofollow"
        policy = headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none';")
        assert "frame-ancestors 'none'" in policy
        assert not FORBIDDEN & set(re.split(r"[ ;']+", policy))


async def test_the_page_needs_nothing_from_elsewhere(served: Served) -> None:
    url, link = served.offer()
    served.show(link, code())
    async with browser() as owner:
        page = await press(owner, url)
    assert len(page.encode()) <= LARGEST
    assert "//" not in re.sub(r"(?m)^//.*$|(?<=[;{ ])// .*$", "", page).replace("/\\/$/", "")
    assert page.count("<script>") == page.count("<style>") == 1
    assert not re.search(r"""\s(style|on[a-z]+)=["']""", page), "the policy would block it"


@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_the_cookie_is_for_this_page_alone(served: Served, scheme: str) -> None:
    base = f"{scheme}://home.example/behind/a/proxy"
    url, _link = served.pages.offer("desk", name="Front desk", base_url=base)
    secret = url.rpartition("/")[2]
    async with browser() as owner:
        answer = await owner.post(f"{served.base_url}/{secret}", allow_redirects=False)
    assert answer.headers["Location"] == f"/behind/a/proxy/{secret}"
    morsel = SimpleCookie(answer.headers["Set-Cookie"])[COOKIE]
    assert morsel["path"] == f"/behind/a/proxy/{secret}"
    assert morsel["samesite"] == "Strict"
    assert morsel["httponly"]
    assert bool(morsel["secure"]) == (scheme == "https")
    assert not morsel["expires"]
    assert not morsel["max-age"]
    assert len(morsel.value) == 43


async def test_without_javascript_the_page_loads_again_until_the_end(served: Served) -> None:
    url, link = served.offer()
    async with browser() as owner:
        assert 'http-equiv="refresh" content="4"' in await press(owner, url)
        served.show(link, code())
        assert 'http-equiv="refresh" content="15"' in await open_page(owner, url)
        link.end()
        assert "http-equiv" not in await open_page(owner, url)
