"""Pairs by a page in a browser: for a phone in somebody else's hand."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import override
from urllib.parse import urlsplit

from aiohttp import web

from wuts import PairingView, WutsClient
from wuts.errors import WutsError
from wuts.models import Device
from wuts.page import (
    Audit,
    Offered,
    PageAction,
    PageEvent,
    PairingLink,
    PairingPages,
    is_page_address,
    log_event,
)
from wuts.pairing import (
    CodeReady,
    Failed,
    FailureReason,
    Outcome,
    PairingEvent,
    QrReady,
)
from wuts_cli.addresses import bracketed, is_any, is_loopback
from wuts_cli.errors import UsageError
from wuts_cli.output import Output, complain
from wuts_cli.text import printable, rfc3339, shown_name

from .display import Display, JsonDisplay, LinesDisplay, Subject
from .pair_device import Request, expect_phone, follow, new_session, report, subject_of
from .qr_file import QrFile

PATH = "/pair"
"""Where the page is, below the server's address."""

PATIENCE = 10.0
"""Seconds to wait at the end until the browser has learned of it."""

_SHUTDOWN = 2.0
"""Seconds for requests under way when the server ends."""

_UNOPENED = Failed(
    reason=FailureReason.DEADLINE_PASSED,
    message="Nobody opened the page in time. Run the command again for a new link.",
)
_OVERHEARD = (
    "Without https, others on the network can see the code. Put an https proxy in front of "
    "the page, and give its address with --public-url."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """The address to serve the page at.

    Attributes:
        host: The address to listen at.
        port: The same; 0 for any that is free.
        public_url: How browsers reach it, or None for just so.
    """

    host: str
    port: int
    public_url: str | None

    def __post_init__(self) -> None:
        """Check that an address is fit for a browser.

        Raises:
            UsageError: It cannot.
        """
        if self.public_url is None and is_any(self.host):
            raise UsageError(
                f"A browser can't open {self.host}: give the address that people open with "
                "--public-url."
            )
        if self.public_url is not None and not is_page_address(self.public_url):
            raise UsageError("--public-url must be an address such as https://pair.example.")

    def base_url(self, port: int) -> str:
        """Return the address of the pages, once it is known which port was free."""
        own = f"http://{bracketed(self.host)}:{port}"
        return (self.public_url or own).rstrip("/") + PATH

    @property
    def can_be_overheard(self) -> bool:
        """Whether the page crosses a network that others may listen to."""
        if self.public_url is not None:
            url = urlsplit(self.public_url)
            return url.scheme != "https" and not is_loopback(url.hostname or "")
        return not is_loopback(self.host)


class PageDisplay(Display):
    """Shows a pairing on the page, and reports what isn't secret about it.

    Args:
        link: Leads to the page.
        output: Where it is said.
        subject: What is being paired.
    """

    def __init__(self, link: PairingLink, output: Output, subject: Subject) -> None:
        self._link = link
        self._words = JsonDisplay(output) if output.json else LinesDisplay(output, subject)

    @override
    def show(self, view: PairingView, event: PairingEvent | None) -> None:
        self._link.show(view)
        if not isinstance(event, QrReady | CodeReady):
            self._words.show(view, event)


async def pair_on_page(
    place: Place, client: WutsClient, device: Device, request: Request, output: Output
) -> None:
    """Pair a device by a page, for which this prints the link, and report how it ended.

    The gateway is asked for a QR or a code once somebody has opened the page.

    Raises:
        UsageError: The page cannot be served there, or there is no such store.
        PairingInProgressError: Somebody else is pairing it.
        typer.Exit: The device is not paired with the phone that was wanted; that was reported.
    """
    if place.can_be_overheard:
        complain(_OVERHEARD)

    def hear(event: PageEvent) -> None:
        log_event(event)
        _tell_of_strangers(event, output)

    async with _serving(place, device, request, hear) as (url, link):
        _tell(url, device, link, output)
        outcome = await _pair(client, device, request, link, output)
        await link.seen(within=PATIENCE)
    await report(outcome, device, request, output)


async def _pair(
    client: WutsClient, device: Device, request: Request, link: PairingLink, output: Output
) -> Outcome:
    if not await link.opened():
        return _UNOPENED
    output.event("opened")
    output.say("The page was opened.")
    settings = replace(request.settings, deadline=link.seconds_left)
    display = PageDisplay(link, output, subject_of(device, request))
    try:
        async with new_session(client, device, request, settings) as session:
            await expect_phone(device, request)
            outcome = await follow(aiter(session), display, QrFile(None))
    except WutsError as error:
        link.end(error.code)
        await link.seen(within=PATIENCE)
        raise
    link.show(PairingView(outcome=outcome))
    return outcome


def _tell(url: str, device: Device, link: PairingLink, output: Output) -> None:
    until = datetime.now(UTC) + timedelta(seconds=link.seconds_left)
    output.event("page", url=url, expires_at=rfc3339(until))
    output.say(f"Send this link only to the person who has the phone for “{shown_name(device)}”:")
    output.say(url)
    output.say(
        f"It is valid until {until.astimezone():%H:%M:%S}, only in the first browser that shows "
        "the code. Press Ctrl-C to stop."
    )


def _tell_of_strangers(event: PageEvent, output: Output) -> None:
    """Say that somebody has the link who may not open it; guesses are noise."""
    if event.action is PageAction.REFUSED and event.key is not None:
        output.event("refused", reason=event.reason)
        output.say("Somebody tried the link in another browser, and was refused.")


@asynccontextmanager
async def _serving(
    place: Place, device: Device, request: Request, audit: Audit
) -> AsyncIterator[Offered]:
    """Serve a page for as long as the context lasts.

    Raises:
        UsageError: The address cannot be bound.
    """
    pages = PairingPages(audit=audit)
    app = web.Application()
    app.add_routes(pages.routes(PATH))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=_SHUTDOWN)
    await runner.setup()
    try:
        await _listen(runner, place)
        yield pages.offer(
            device.id,
            name=shown_name(device),
            note=printable(request.note or ""),
            base_url=place.base_url(runner.addresses[0][1]),
            lifetime=request.settings.deadline,
        )
    finally:
        pages.close()
        await runner.cleanup()


async def _listen(runner: web.AppRunner, place: Place) -> None:
    try:
        await web.TCPSite(runner, place.host, place.port).start()
    except OSError as error:
        where = f"{place.host}, port {place.port}"
        raise UsageError(f"The page cannot be served at {where}: {error.strerror}.") from None
