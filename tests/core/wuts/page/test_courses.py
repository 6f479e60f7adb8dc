"""The courses, as the page shows them when it is loaded again and again: without JavaScript."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.page.course_page import Load, play
from tests.core.wuts.page.serving import browser, open_page, press
from tests.pairing_courses.course import FIRST_DELAY, Course
from tests.pairing_courses.table import COURSES
from wuts.pairing import error_policy

pytestmark = pytest.mark.slow


@asynccontextmanager
async def reloading(url: str) -> AsyncIterator[Load]:
    async with browser() as http:
        await press(http, url)
        yield partial(open_page, http, url)


@pytest.mark.parametrize("course", COURSES, ids=[course.name for course in COURSES])
async def test_what_is_seen_in_a_course(
    course: Course,
    start_simulator: StartSimulator,
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(error_policy, "FIRST_DELAY", FIRST_DELAY)
    sim = await start_simulator(course.gateway)
    await play(course, sim, make_client(sim.url), reloading)
