"""An open page hears of each change, and costs nothing once it is closed."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.core.wuts.page.serving import (
    PAIRED,
    SCANNED,
    Served,
    browser,
    code,
    next_scene,
    open_page,
    press,
    qr,
    serving,
)
from tests.core.wuts.values import CODE
from tests.core.wuts.waiting import until
from wuts.page import streams
from wuts.page.streams import MOST_STREAMS


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as pages:
        yield pages


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with browser() as session:
        yield session


async def test_a_page_hears_of_each_change_once(served: Served, http: ClientSession) -> None:
    url, link = served.offer()
    await press(http, url)
    events = await http.get(f"{url}/events")
    assert events.content_type == "text/event-stream"
    assert "Getting a code" in await next_scene(events)
    served.show(link, qr())
    assert "data:image/png" in await next_scene(events)
    served.show(link, qr())  # the same again
    served.show(link, code())
    assert CODE in await next_scene(events)
    served.show(link, code(), SCANNED)
    assert "accepted the code" in await next_scene(events)
    served.show(link, code(), SCANNED, PAIRED)
    assert "The phone is linked" in await next_scene(events)
    assert await events.content.read() == b"", "the stream has ended"
    assert await link.seen(within=0)


@pytest.mark.slow
async def test_a_dead_code_is_taken_down_in_an_open_page(
    served: Served, http: ClientSession
) -> None:
    url, link = served.offer(lifetime=120)
    served.show(link, code(lifetime=60))
    await press(http, url)
    events = await http.get(f"{url}/events")
    assert CODE in await next_scene(events)
    served.clock.now += 60
    assert "That code has expired" in await next_scene(events)
    served.clock.now += 60
    assert "This link has expired" in await next_scene(events)
    assert await events.content.read() == b""


@pytest.mark.slow
async def test_a_silent_stream_says_that_it_is_alive(
    served: Served, http: ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PING", 0.0)
    url, _link = served.offer()
    await press(http, url)
    events = await http.get(f"{url}/events")
    await next_scene(events)
    async with asyncio.timeout(200):
        assert await events.content.readuntil(b"\n\n") == b"event: ping\ndata: 1\n\n"
    events.close()


async def test_an_owner_s_tabs_are_few(served: Served, http: ClientSession) -> None:
    url, link = served.offer()
    await press(http, url)
    tabs = [await http.get(f"{url}/events") for _ in range(MOST_STREAMS)]
    assert {tab.status for tab in tabs} == {200}
    async with http.get(f"{url}/events") as one_more:
        assert one_more.status == 503
    assert "Getting a code" in await open_page(http, url), "it can still be reloaded"
    for tab in tabs:
        tab.close()
    served.show(link, qr())  # whoever is gone is noticed by what is sent
    await until(lambda: not served.pages._streams._open)
    another = await http.get(f"{url}/events")
    assert another.status == 200
    another.close()


async def test_closing_the_pages_ends_their_streams(served: Served, http: ClientSession) -> None:
    url, link = served.offer()
    await press(http, url)
    events = await http.get(f"{url}/events")
    await next_scene(events)
    served.pages.close()
    assert "This link was canceled" in await next_scene(events)
    assert await events.content.read() == b""
    assert link.is_over


@pytest.mark.slow
async def test_who_waits_for_the_end_to_be_seen_waits_no_longer_than_that(
    served: Served, http: ClientSession
) -> None:
    url, link = served.offer()
    await press(http, url)
    link.end()
    waiting = asyncio.create_task(link.seen(within=5))
    await asyncio.sleep(0)  # it looks at the clock
    served.clock.now += 6
    assert not await waiting
    waiting = asyncio.create_task(link.seen(within=5))
    await open_page(http, url)
    assert await waiting
