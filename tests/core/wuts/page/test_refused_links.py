"""Links that are guessed, replayed or over: none is served, and nobody else is held up by them."""

import asyncio
import secrets
import string
from collections import Counter
from collections.abc import Iterator

import pytest
from aiohttp import ClientSession
from hypothesis import given
from hypothesis import strategies as st
from yarl import URL

from tests.core.wuts.page.serving import (
    PAIRED,
    Clock,
    browser,
    code,
    open_page,
    press,
    qr,
    serving,
)
from tests.core.wuts.values import CODE
from wuts.page.guesses import GUESSES, GUESSES_IN_ALL, MOST_PEERS, REFILL, GuessLimiter

IN_ALL = 10_000
AT_ONCE = 50
REFUSALS = {403, 404, 410, 429}
ALPHABET = string.ascii_letters + string.digits + "-_"


def guesses(good: str) -> Iterator[str]:
    """Yield guesses at a secret: made up, and as near as one can come."""
    for place in range(len(good)):
        other = ALPHABET[(ALPHABET.index(good[place]) + 1) % 64]
        yield f"{good[:place]}{other}{good[place + 1 :]}"
        yield good[:place]
    yield from (good.swapcase(), f"{good}A", f"{good}%00", f"x/{good}", f"{good}/x", "%ff%fe", "..")
    while True:
        yield secrets.token_urlsafe(secrets.choice([1, 31, 32, 33, 100]))


async def refused(http: ClientSession, urls: Iterator[str], count: int) -> Counter[int]:
    """Ask for each, loading it, pressing the button and following it; return the statuses."""
    statuses: Counter[int] = Counter()

    async def ask() -> None:
        for url in urls:
            place = statuses.total()
            if place >= count:
                return
            statuses[0] += 1  # reserved
            address = f"203.0.{place // 250 % 250}.{place % 250}"
            verb = ("GET", "POST", "GET")[place % 3]
            path = f"{url}/events" if place % 3 == 2 else url
            async with http.request(
                verb, URL(path, encoded=True), headers={"X-Forwarded-For": address}
            ) as answer:
                statuses[0] -= 1
                statuses[answer.status] += 1
                body = await answer.text()
                assert CODE not in body
                assert "Set-Cookie" not in answer.headers

    await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    del statuses[0]
    return statuses


@pytest.mark.slow
async def test_10000_guessed_replayed_and_expired_links_are_refused() -> None:
    async with serving(proxies=1) as served, browser() as owner, browser() as thief:
        links = [
            served.pages.offer(number, name="Desk", base_url=served.base_url, lifetime=lifetime)
            for number, lifetime in enumerate([900, 900, 900, 60, 60])
        ]
        for _url, link in links:
            served.show(link, code())
        (good, used), (_replayed, ended), (_free, linked), *_expired = links
        assert CODE in await press(owner, good)
        ended.end()
        served.show(linked, qr(), PAIRED)
        served.clock.now += 61
        others = [url for url, _link in links]

        def urls() -> Iterator[str]:
            for number, guess in enumerate(guesses(good.rpartition("/")[2])):
                yield others[number % len(others)] if number % 2 else f"{served.base_url}/{guess}"

        statuses = await refused(thief, urls(), IN_ALL)
        assert set(statuses) <= REFUSALS
        assert statuses.total() == IN_ALL
        assert CODE in await open_page(owner, good), "its owner is not held up"
        assert not used.is_over


async def test_a_replayed_cookie_opens_no_other_link() -> None:
    async with serving() as served, browser() as owner:
        url, _link = served.offer()
        await press(owner, url)
        (cookie,) = owner.cookie_jar
        other_url, other = served.pages.offer("other", name="Desk", base_url=served.base_url)
        served.show(other, code())
        async with browser() as somebody:
            assert CODE in await press(somebody, other_url)
        async with browser(Cookie=f"{cookie.key}={cookie.value}") as thief:
            answer = await thief.get(other_url)
            assert answer.status == 403


async def test_a_guesser_is_slowed_down_and_a_link_s_owner_is_not() -> None:
    async with serving() as served, browser() as http:
        statuses = [(await http.get(f"{served.base_url}/{n}")).status for n in range(GUESSES + 2)]
        assert statuses == [404] * GUESSES + [429] * 2
        assert len(served.audit) == GUESSES, "what is not answered fills no log"
        url, link = served.offer()
        served.show(link, code())
        assert CODE in await press(http, url), "the same network may hold the phone"
        served.clock.now += REFILL
        assert (await http.get(f"{served.base_url}/more")).status == 404


async def test_a_header_is_believed_only_behind_a_proxy() -> None:
    for proxies, peer in (
        (0, "127.0.0.1"),
        (1, "198.51.100.7"),
        (2, "192.0.2.1"),
        (3, "127.0.0.1"),
    ):
        async with serving(proxies=proxies) as served:
            async with browser(**{"X-Forwarded-For": "192.0.2.1, 198.51.100.7"}) as http:
                await http.get(f"{served.base_url}/guess")
            assert served.audit[0].peer == peer


def test_guesses_in_all_are_bounded() -> None:
    limiter = GuessLimiter(Clock())
    allowed = [limiter.allows(f"198.51.100.{number}") for number in range(250)]
    assert allowed.count(True) == GUESSES_IN_ALL


def test_one_machine_s_ipv6_network_is_one_peer() -> None:
    limiter = GuessLimiter(Clock())
    allowed = [limiter.allows(f"2001:db8:0:1:{number:x}::1") for number in range(1, 30)]
    assert allowed.count(True) == GUESSES
    assert limiter.allows("2001:db8:0:2::1")
    assert limiter.allows("::ffff:192.0.2.1")
    assert limiter.allows("fe80::1%eth0")


@given(st.lists(st.text(max_size=80), max_size=30))
def test_any_peer_is_counted(peers: list[str]) -> None:
    limiter = GuessLimiter(Clock())
    assert all(limiter.allows(peer) for peer in set(peers))


def test_the_memory_of_guesses_is_bounded() -> None:
    limiter = GuessLimiter(Clock())
    for number in range(MOST_PEERS + 5000):
        limiter.allows(f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}")
    assert len(limiter._peers) == MOST_PEERS


async def test_only_hashes_of_a_secret_are_kept() -> None:
    async with serving() as pages:
        url, link = pages.offer()
        secret = url.rpartition("/")[2]
        kept = repr(vars(pages.pages._store)) + repr(vars(link._state)) + repr(link)
        assert len(secret) == 43
        assert secret not in kept
