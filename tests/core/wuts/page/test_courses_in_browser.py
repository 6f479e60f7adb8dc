"""The courses, as an open page shows them: what its stream and its own clock make of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser

from scripts.lib.browser import running_browser
from tests.core.wuts.conftest import StartSimulator
from tests.core.wuts.page.browsing import needs_chromium, new_page, press
from tests.core.wuts.page.course_page import Load, play
from tests.core.wuts.values import TOKEN
from tests.pairing_courses.course import FIRST_DELAY, Course
from tests.pairing_courses.table import COURSES
from wuts import WutsClient
from wuts.pairing import error_policy

# One browser for all of them, so all run in one loop.
pytestmark = [
    pytest.mark.slow,
    pytest.mark.chromium,
    needs_chromium,
    pytest.mark.asyncio(loop_scope="module"),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def chromium() -> AsyncIterator[Browser]:
    async with running_browser() as browser:
        yield browser


@pytest.mark.parametrize("course", COURSES, ids=[course.name for course in COURSES])
async def test_what_is_seen_in_a_course(
    course: Course,
    chromium: Browser,
    start_simulator: StartSimulator,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    @asynccontextmanager
    async def open_in_browser(url: str) -> AsyncIterator[Load]:
        async with new_page(chromium) as page:
            await press(page, url)
            yield page.content

    monkeypatch.setattr(error_policy, "FIRST_DELAY", FIRST_DELAY)
    sim = await start_simulator(course.gateway)
    async with WutsClient(TOKEN, base_url=sim.url) as client:
        await play(course, sim, client, open_in_browser)
