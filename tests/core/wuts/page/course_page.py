"""A pairing's course, as a person sees it on the page."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext

from tests.core.wuts.page.serving import KEY, NAME, serving
from tests.core.wuts.qr_reader import read_png
from tests.pairing_courses.course import Course, Pairing, Seen
from wuts import WutsClient
from wuts.clock import steady_time
from wuts.page import PairingLink
from wuts.page.words import LANGUAGES
from wuts.pairing import (
    PAIRINGS,
    FailureReason,
    PairingInProgressError,
    PairingSession,
    PairingSettings,
    Stage,
)
from wuts_simulator import Simulator

type Load = Callable[[], Awaitable[str]]
type OpenPage = Callable[[str], AbstractAsyncContextManager[Load]]

EN = LANGUAGES["en"]
HEADLINES = {
    EN.preparing: Stage.PREPARING,
    EN.renewing: Stage.PREPARING,
    EN.waits: Stage.WAITING,
    EN.waits_busy: Stage.WAITING,
    EN.qr: Stage.QR,
    EN.code: Stage.CODE,
    EN.scanned: Stage.SCANNED,
    **{halt.title: Stage.STALLED for halt in EN.stalled.values()},
    EN.paired: Stage.PAIRED,
    EN.wrong_account: Stage.WRONG_ACCOUNT,
    EN.unchecked: Stage.UNCHECKED,
    EN.failed: Stage.FAILED,
}


def seen_in(page: str) -> Seen:
    """Return what a person reads from a page, a phone's camera included."""
    (headline,) = re.findall(r"<h2>(.*?)</h2>", page.split("<template", maxsplit=1)[0])
    picture = re.search(r'<div class="qr"><img src="data:image/png;base64,([^"]+)"', page)
    reason = re.search(r"Reason: (\w+)", page)
    return Seen(
        HEADLINES[headline],
        qr_is_up=picture is not None and read_png(base64.b64decode(picture[1])).startswith("2@"),
        code_is_up='class="code"' in page,
        reason=reason[1] if reason else None,
    )


class Frontend:
    """A page, and the session behind it."""

    def __init__(self, client: WutsClient, device_id: str, course: Course) -> None:
        self._ahead = 0.0
        self._load: Load
        self._session = PairingSession(
            client,
            device_id,
            owner="a test",
            settings=PairingSettings(**course.settings),
            clock=self.clock,
        )

    def clock(self) -> float:
        return steady_time() + self._ahead

    async def pair(self, link: PairingLink) -> None:
        assert await link.opened()
        try:
            async with self._session as session:
                async for view in session.views():
                    link.show(view)
        except PairingInProgressError as error:
            link.end(error.code)

    @asynccontextmanager
    async def opened(self, open_page_in: OpenPage) -> AsyncIterator[None]:
        """Pair by a page, which ``open_page_in`` opens and owns.

        Args:
            open_page_in: Takes the link, and yields what loads the page as it is now.
        """
        async with serving(clock=self.clock) as served:
            url, link = served.pages.offer(KEY, name=NAME, base_url=served.base_url)
            pairing = asyncio.create_task(self.pair(link))
            try:
                async with open_page_in(url) as self._load:
                    yield
            finally:
                pairing.cancel()
                await asyncio.wait([pairing])
            if not pairing.cancelled():
                pairing.result()

    async def look(self) -> Seen:
        return seen_in(await self._load())

    async def remove_account(self) -> None:
        self._session.end(FailureReason.ACCOUNT_REMOVED)

    async def replace_token(self) -> None:
        self._session.end(FailureReason.ACCOUNT_CHANGED)

    async def hear(self, event: str) -> None:
        self._session.hint(event)

    async def sleep(self, seconds: float) -> None:
        self._ahead += seconds


async def play(course: Course, sim: Simulator, client: WutsClient, open_page_in: OpenPage) -> None:
    """Play a course on a page that is opened so."""
    device = course.add_device(sim.world)
    frontend = Frontend(client, device.id, course)
    with PAIRINGS.claim(sim.url, device.id, "Somebody") if course.occupied else nullcontext():
        async with frontend.opened(open_page_in):
            await course.play(Pairing(sim.world, device.id, frontend))
