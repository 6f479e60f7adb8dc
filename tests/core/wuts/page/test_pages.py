"""One link, from the browser that opens it to the end of its pairing."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession

from tests.core.wuts.page.serving import (
    PAIRED,
    SCANNED,
    Served,
    browser,
    code,
    open_page,
    press,
    qr,
    serving,
    text_of,
)
from tests.core.wuts.values import CODE, PHONE
from wuts.page import PairingPages


@pytest.fixture
async def served() -> AsyncIterator[Served]:
    async with serving() as pages:
        yield pages


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with browser() as session:
        yield session


async def test_loading_a_link_shows_no_code_and_claims_nothing(
    served: Served, http: ClientSession
) -> None:
    url, link = served.offer()
    served.show(link, code())
    for method in ("HEAD", "GET", "GET"):
        answer = await http.request(method, url)
        assert answer.status == 200
        assert "Set-Cookie" not in answer.headers
        assert CODE not in await text_of(answer)
    page = await open_page(http, url)
    assert "Show the code" in page
    assert "Front desk" in page
    assert not link.is_owned
    assert served.audit == []


async def test_who_presses_the_button_first_owns_the_link(
    served: Served, http: ClientSession
) -> None:
    url, link = served.offer()
    served.show(link, code())
    assert CODE in await press(http, url)
    assert CODE in await open_page(http, url)
    assert await link.opened()
    async with browser() as other:
        for answer in (await other.get(url), await other.post(url)):
            assert answer.status == 403
            page = await text_of(answer)
            assert CODE not in page
            assert "opened in another browser" in page
            assert "Ask whoever sent you this link for a new one" in page
        events = await other.get(f"{url}/events")
        assert events.status == 403
    assert CODE in await press(http, url)  # as a browser does that followed the link from elsewhere
    taken = ("refused", "taken")
    assert served.actions() == [("opened", None), taken, taken, taken]


async def test_the_page_follows_the_pairing_to_its_end(served: Served, http: ClientSession) -> None:
    url, link = served.offer()
    assert "Getting a code" in await press(http, url)
    served.show(link, qr())
    page = await open_page(http, url)
    assert 'src="data:image/png;base64,' in page
    assert "Expires in 1:00" in page
    served.show(link, qr(), SCANNED)
    page = await open_page(http, url)
    assert "data:image/png" not in page
    assert "accepted the code" in page
    served.show(link, qr(), SCANNED, PAIRED)
    page = await open_page(http, url)
    assert "The phone is linked to Front desk" in page
    assert "http-equiv" not in page, "there is nothing to wait for"
    assert await link.seen(within=0)
    assert PHONE not in page
    assert served.actions() == [("opened", None), ("linked", "paired")]


async def test_an_expired_code_is_taken_down_without_a_word_from_the_pairing(
    served: Served, http: ClientSession
) -> None:
    url, link = served.offer()
    served.show(link, code(lifetime=60))
    assert CODE in await press(http, url)
    served.clock.now += 61
    page = await open_page(http, url)
    assert CODE not in page
    assert "That code has expired" in page


async def test_a_link_ends_with_its_time(served: Served, http: ClientSession) -> None:
    url, link = served.offer(lifetime=60)
    served.show(link, code())
    assert CODE in await press(http, url)
    served.clock.now += 60
    assert "This link has expired" in await open_page(http, url)
    served.show(link, code())
    assert CODE not in await open_page(http, url)
    assert link.is_over
    async with browser() as other:
        answer = await other.post(url)
        assert answer.status == 410
    served.clock.now += 4000
    answer = await http.get(url)
    assert answer.status == 404


async def test_a_phone_that_was_linked_at_the_last_moment_is_told(
    served: Served, http: ClientSession
) -> None:
    url, link = served.offer(lifetime=60)
    await press(http, url)
    served.show(link, qr(), SCANNED)
    served.clock.now += 100
    assert "accepted the code" in await open_page(http, url)
    served.show(link, qr(), SCANNED, PAIRED)
    assert "The phone is linked" in await open_page(http, url)


async def test_a_new_link_ends_the_device_s_older_one(served: Served, http: ClientSession) -> None:
    older_url, older = served.offer()
    await press(http, older_url)
    url, link = served.offer()
    assert older.is_over
    assert not link.is_over
    assert "replaced by a newer one" in await open_page(http, older_url)
    assert "Getting a code" in await press(http, url)


async def test_a_reason_that_no_view_says_is_explained(served: Served, http: ClientSession) -> None:
    url, link = served.offer()
    await press(http, url)
    link.end("pairing_in_progress")
    page = await open_page(http, url)
    assert "Somebody else is linking a phone" in page
    assert "Reason: pairing_in_progress" in page
    link.end("refused")
    assert await open_page(http, url) == page, "the first reason stays"


async def test_a_link_that_nobody_opened_ends_for_who_waits(served: Served) -> None:
    _url, link = served.offer()
    link.end()
    assert not await link.opened()
    assert not await link.seen(within=30), "nobody has the page"


@pytest.mark.parametrize("name", ["<b>&\"'{name}{phone}$lang", "a\u202eb\nc\x00d", "x" * 5000])
async def test_a_device_s_name_is_only_text(served: Served, http: ClientSession, name: str) -> None:
    url, link = served.offer(name, note=name)
    served.show(link, code())
    for page in (await open_page(http, url), await press(http, url)):
        assert "<b>" not in page
        assert "\u202e" not in page
        assert "x" * 201 not in page


async def test_a_note_is_for_whoever_holds_the_phone(served: Served, http: ClientSession) -> None:
    url, link = served.offer(note="Use the shop's phone.")
    served.show(link, code())
    assert "Use the shop&#x27;s phone." in await open_page(http, url)
    assert "Use the shop&#x27;s phone." in await press(http, url)


async def test_portuguese_for_who_asks_for_it(served: Served) -> None:
    url, link = served.offer()
    served.show(link, code())
    async with browser(**{"Accept-Language": "pt-BR,pt;q=0.9,en;q=0.8"}) as brazil:
        assert "Mostrar o código" in await open_page(brazil, url)
        page = await press(brazil, url)
    assert '<html lang="pt-BR">' in page
    assert "Toque em Conectar com número de telefone" in page
    assert "número termina em 9999" in page


async def test_a_picture_that_is_none_is_trouble_of_the_gateway_s(
    served: Served, http: ClientSession
) -> None:
    url, link = served.offer()
    await press(http, url)
    served.show(link, qr(payload=None, image="data:image/png;base64,AAAA"))
    page = await open_page(http, url)
    assert "The gateway is not responding" in page
    assert "AAAA" not in page


@pytest.mark.parametrize("lifetime", [0, -1, 24 * 3600 + 1, float("nan"), float("inf")])
async def test_a_link_lives_a_day_at_most(served: Served, lifetime: float) -> None:
    with pytest.raises(ValueError, match="24 hours"):
        served.offer(lifetime=lifetime)
    with pytest.raises(ValueError, match="24 hours"):
        PairingPages(lifetime=lifetime)


@pytest.mark.parametrize(
    "base_url",
    ["", "pair.example/pair", "ftp://pair.example", "https://", "https://pair.example/?a=b"],
)
async def test_the_base_must_be_an_address(served: Served, base_url: str) -> None:
    with pytest.raises(ValueError, match="address"):
        served.pages.offer("desk", name="Front desk", base_url=base_url)
