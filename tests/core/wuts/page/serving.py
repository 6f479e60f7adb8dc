"""Pairing pages as browsers reach them: on a real port, by a clock of our own."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from aiohttp import ClientResponse, ClientSession, CookieJar, web

from tests.core.wuts.values import CODE, OTHER_PHONE, PAYLOAD, PHONE
from wuts.models import QrCode
from wuts.page import Offered, PageEvent, PairingLink, PairingPages
from wuts.pairing import (
    CodeReady,
    Paired,
    PairedHow,
    PairingEvent,
    PairingView,
    QrReady,
    Scanned,
    Unchecked,
    WrongAccount,
)

EPOCH = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
NAME = "Front desk"
KEY = ("home", "desk")

SCANNED = Scanned(phone_number=PHONE)
PAIRED = Paired(phone_number=PHONE, how=PairedHow.LINKED)
WRONG = WrongAccount(phone_number=OTHER_PHONE, expected=PHONE)
UNCHECKED = Unchecked(expected=PHONE, how=PairedHow.LINKED)


def qr(
    lifetime: float = 60.0, *, payload: str | None = PAYLOAD, image: str | None = None
) -> QrReady:
    content = QrCode(qr_code=payload, image=image)
    return QrReady(qr=content, expires_at=EPOCH, lifetime=lifetime, number=1)


def code(lifetime: float = 300.0) -> CodeReady:
    return CodeReady(
        code=CODE, phone=PHONE, expires_at=EPOCH, lifetime=lifetime, instructions=None, number=1
    )


class Clock:
    """A steady clock that a test sets."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Served:
    """Pages on a port.

    Attributes:
        port: The port, on loopback.
        audit: What has happened.
    """

    pages: PairingPages
    clock: Clock
    port: int
    audit: list[PageEvent] = field(default_factory=list)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/pair"

    def offer(self, name: str = NAME, *, note: str = "", lifetime: float | None = None) -> Offered:
        base_url = self.base_url
        return self.pages.offer(KEY, name=name, note=note, base_url=base_url, lifetime=lifetime)

    def show(self, link: PairingLink, *events: PairingEvent) -> None:
        view = PairingView(now=self.clock())
        for event in events:
            view = view.after(event, self.clock())
        link.show(view)

    def actions(self) -> list[tuple[str, str | None]]:
        return [(event.action.value, event.reason) for event in self.audit]


@asynccontextmanager
async def serving(
    *, proxies: int = 0, clock: Callable[[], float] | None = None
) -> AsyncIterator[Served]:
    """Serve pages for as long as the context lasts, logging each request as aiohttp does."""
    own_clock, audit = Clock(), list[PageEvent]()
    pages = PairingPages(proxies=proxies, clock=clock or own_clock, audit=audit.append)
    app = web.Application()
    app.add_routes(pages.routes())
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield Served(pages, own_clock, runner.addresses[0][1], audit)
    finally:
        pages.close()
        await runner.cleanup()


@asynccontextmanager
async def browser(**headers: str) -> AsyncIterator[ClientSession]:
    """Return a browser of its own, which keeps the cookies that it gets."""
    async with ClientSession(cookie_jar=CookieJar(unsafe=True), headers=headers) as session:
        yield session


async def text_of(answer: ClientResponse) -> str:
    async with answer:
        return await answer.text()


async def press(session: ClientSession, url: str) -> str:
    """Press *Show the code*, and return the page that follows."""
    return await text_of(await session.post(url))


async def open_page(session: ClientSession, url: str) -> str:
    """Load the page, and return it."""
    return await text_of(await session.get(url))


async def next_scene(answer: ClientResponse) -> str:
    """Return the next part of the page that a stream brings; pings are passed over."""
    async with asyncio.timeout(200):
        while True:
            event = (await answer.content.readuntil(b"\n\n")).strip()
            if not event.startswith(b"event: ping"):
                assert event.startswith(b"data: ")
                scene: str = json.loads(event.removeprefix(b"data: "))
                return scene
