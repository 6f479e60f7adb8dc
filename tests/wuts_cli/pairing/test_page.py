"""``wuts pair --page``: a link, a page in a browser, and the end of the command."""

import asyncio
import re
import signal
import socket
from asyncio.subprocess import Process
from contextlib import closing

import pytest
from aiohttp import ClientSession, CookieJar

from tests.wuts_cli.command import OTHER_PHONE, PHONE, Wuts, ended, next_event, until
from wuts_simulator import Device, Simulator

PAGE = ("pair", "Front desk", "--page", "--settle", "1")
JSON = (*PAGE, "--json")


def browser() -> ClientSession:
    return ClientSession(cookie_jar=CookieJar(unsafe=True))


async def link_of(process: Process) -> str:
    """Return the link of a command with --json, which comes first."""
    page = await next_event(process)
    assert page.keys() == {"event", "url", "expires_at"}
    assert page["event"] == "page"
    url: str = page["url"]
    return url


async def page_of(http: ClientSession, url: str, *, saying: str) -> str:
    """Load the page until it says something, and return it."""
    async with asyncio.timeout(200):
        while True:
            async with http.get(url) as answer:
                page = await answer.text()
            if saying in page:
                return page
            await asyncio.sleep(0.05)


async def test_a_phone_is_linked_by_the_page(sim: Simulator, wuts: Wuts, desk: Device) -> None:
    async with wuts.started(*JSON) as process, browser() as http:
        url = await link_of(process)
        assert re.fullmatch(r"http://127\.0\.0\.1:\d+/pair/[\w-]{43}", url)
        async with http.get(url) as cover:
            assert cover.status == 200
        assert desk.qr is None, "nobody has looked yet"
        async with http.post(url) as answer:
            assert "Front desk" in await answer.text()
        assert (await next_event(process))["event"] == "opened"
        await page_of(http, url, saying='<div class="qr">')
        async with browser() as stranger, stranger.post(url) as answer:
            assert answer.status == 403
        assert await next_event(process) == {"event": "refused", "reason": "taken"}
        sim.world.scan_device(desk.id, PHONE)
        await page_of(http, url, saying="The phone is linked to Front desk")
        done = await ended(process)
    assert (done.code, done.err) == (0, "")
    assert done.events == [
        {"event": "scanned", "phone_number": PHONE},
        {"event": "paired", "phone_number": PHONE, "how": "linked"},
    ]


async def test_a_code_is_typed_and_another_phone_is_noticed(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    typed = ("--code", "--phone", f"+{PHONE}", "--expect", f"+{OTHER_PHONE}", "--note", "Hello")
    async with wuts.started(*JSON, *typed) as process, browser() as http:
        url = await link_of(process)
        async with http.post(url):
            pass
        page = await page_of(http, url, saying='class="code"')
        assert "Hello" in page
        assert PHONE not in page
        code = re.findall(r'class="code"[^>]*>([A-Z0-9-]+)<', page)[0]
        sim.world.enter_code(desk.id, code)
        page = await page_of(http, url, saying="Another phone was linked")
        assert "ends in 8888" in page
        done = await ended(process)
    assert done.code == 1
    assert [event["event"] for event in done.events if event["event"] != "scanned"] == [
        "opened",
        "wrong_account",
    ]


async def test_people_are_told_the_link_in_plain_lines(
    sim: Simulator, wuts: Wuts, desk: Device
) -> None:
    async with wuts.started(*PAGE) as process, browser() as http:
        assert process.stdout is not None
        lines = [(await process.stdout.readline()).decode() for _ in range(3)]
        assert "Send this link only to the person who has the phone for “Front desk”:" in lines[0]
        assert "in the first browser that shows the code" in lines[2]
        async with http.post(lines[1].strip()):
            pass
        await until(lambda: desk.qr is not None)
        sim.world.scan_device(desk.id, PHONE)
        await page_of(http, lines[1].strip(), saying="The phone is linked")
        done = await ended(process)
    assert done.code == 0
    assert "The page was opened." in done.out
    assert "Paired “Front desk”" in done.out
    assert "█" not in done.out


@pytest.mark.usefixtures("desk")
async def test_a_page_that_nobody_opens_ends_with_its_time(wuts: Wuts) -> None:
    done = await wuts(*JSON, "--timeout", "1")
    assert done.code == 3
    assert [event["event"] for event in done.events] == ["page", "failed"]
    assert done.events[-1]["reason"] == "deadline_passed"
    assert "Nobody opened the page" in done.error


@pytest.mark.usefixtures("desk")
async def test_an_interrupted_command_ends_its_page(wuts: Wuts) -> None:
    async with wuts.started(*JSON) as process, browser() as http:
        url = await link_of(process)
        async with http.post(url):
            pass
        events = await http.get(f"{url}/events")
        await events.content.readuntil(b"\n\n")
        process.send_signal(signal.SIGINT)
        rest = await events.content.read()
        assert b"This link was canceled" in rest
        done = await ended(process)
    assert done.code == 130


async def test_who_cannot_pair_says_so_on_the_page_too(
    wuts: Wuts, desk: Device, sim: Simulator
) -> None:
    async with wuts.started(*JSON) as process, browser() as http:
        url = await link_of(process)
        sim.world.remove(desk.id)
        async with http.post(url):
            pass
        await page_of(http, url, saying="This device no longer exists")
        done = await ended(process)
    assert done.code == 1
    assert done.events[-1]["reason"] == "device_gone"


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--host", "0.0.0.0"), "--public-url"),
        (("--host", "::"), "--public-url"),
        (("--public-url", "pair.example"), "--public-url must be an address"),
        (("--public-url", "https://pair.example/?a=b"), "--public-url must be an address"),
        (("--qr-file", "qr.png"), "--qr-file"),
    ],
)
@pytest.mark.usefixtures("desk")
async def test_options_that_make_no_page_are_refused(
    wuts: Wuts, options: tuple[str, ...], complaint: str
) -> None:
    done = await wuts(*PAGE, *options)
    assert done.code == 2
    assert complaint in done.error


@pytest.mark.usefixtures("desk")
async def test_the_page_s_options_need_a_page(wuts: Wuts) -> None:
    done = await wuts("pair", "Front desk", "--port", "8080")
    assert done.code == 2
    assert "add --page" in done.error


@pytest.mark.usefixtures("desk")
async def test_a_port_that_is_taken_is_named(wuts: Wuts) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
        done = await wuts(*PAGE, "--port", str(port))
    assert done.code == 2
    assert f"127.0.0.1, port {port}" in done.error


@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
@pytest.mark.usefixtures("desk")
async def test_a_public_address_is_used_and_plain_http_is_warned_of(wuts: Wuts, host: str) -> None:
    public = ("--host", host, "--public-url", "http://pair.example/desk/", "--timeout", "1")
    done = await wuts(*JSON, *public)
    assert done.events[0]["url"].startswith("http://pair.example/desk/pair/")
    assert "Without https" in done.err
    public = ("--host", host, "--public-url", "https://pair.example", "--timeout", "1")
    done = await wuts(*JSON, *public)
    assert done.events[0]["url"].startswith("https://pair.example/pair/")
    assert "Without https" not in done.err
