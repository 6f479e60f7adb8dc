"""The courses, as a person sees them on the page: what the browser gets, and nothing else."""

import asyncio
import base64
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, nullcontext

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.page.serving import KEY, NAME, browser, open_page, press, serving
from tests.core.wuts.qr_reader import read_png
from tests.pairing_courses.course import FIRST_DELAY, Course, Pairing, Seen
from tests.pairing_courses.table import COURSES
from wuts import WutsClient
from wuts.clock import steady_time
from wuts.page import PairingLink
from wuts.page.en import EN
from wuts.pairing import (
    PAIRINGS,
    FailureReason,
    PairingInProgressError,
    PairingSession,
    PairingSettings,
    Stage,
    error_policy,
)

HEADLINES = {
    EN.preparing: Stage.PREPARING,
    EN.renewing: Stage.PREPARING,
    EN.waits: Stage.WAITING,
    **dict.fromkeys(EN.waiting.values(), Stage.WAITING),
    EN.qr: Stage.QR,
    EN.code: Stage.CODE,
    EN.scanned: Stage.SCANNED,
    **{what: Stage.STALLED for what, *_more in EN.stalled.values()},
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
    """A page in a browser, and the session behind it."""

    def __init__(self, client: WutsClient, device_id: str, course: Course) -> None:
        self._ahead = 0.0
        self._load: Callable[[], Awaitable[str]]
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
    async def opened(self) -> AsyncIterator[None]:
        async with serving(clock=self.clock) as served, browser() as http:
            url, link = served.pages.offer(KEY, name=NAME, base_url=served.base_url)
            pairing = asyncio.create_task(self.pair(link))
            try:
                await press(http, url)
                self._load = lambda: open_page(http, url)
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


@pytest.mark.parametrize("course", COURSES, ids=[course.name for course in COURSES])
async def test_what_is_seen_in_a_course(
    course: Course,
    start_simulator: StartSimulator,
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(error_policy, "FIRST_DELAY", FIRST_DELAY)
    sim = await start_simulator(course.gateway)
    device = course.add_device(sim.world)
    frontend = Frontend(make_client(sim.url), device.id, course)
    with PAIRINGS.claim(sim.url, device.id, "Somebody") if course.occupied else nullcontext():
        async with frontend.opened():
            await course.play(Pairing(sim.world, device.id, frontend))
