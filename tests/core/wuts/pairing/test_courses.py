"""The courses, as `PairingView` shows them: what every frontend draws."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext

import pytest

from tests.core.wuts.conftest import MakeClient, StartSimulator
from tests.core.wuts.pairing.sessions import OWNER
from tests.pairing_courses.course import FIRST_DELAY, Course, Need, Pairing, Seen
from tests.pairing_courses.table import COURSES
from wuts import WutsClient
from wuts.clock import steady_time
from wuts.pairing import (
    PAIRINGS,
    Failed,
    FailureReason,
    PairingInProgressError,
    PairingSession,
    PairingSettings,
    PairingView,
    error_policy,
)
from wuts_simulator import World

pytestmark = pytest.mark.slow


class Frontend:
    """The least of all: it holds the newest view."""

    def __init__(self, client: WutsClient, device_id: str, course: Course, world: World) -> None:
        self._world = world
        self._ahead = 0.0
        self._seen: Seen | None = None
        self._view = PairingView()
        self._client = client
        self._session = PairingSession(
            client,
            device_id,
            owner=OWNER,
            settings=PairingSettings(**course.settings),
            clock=self._clock,
        )

    async def follow(self) -> None:
        try:
            async with self._session as session:
                async for view in session.views():
                    self._view = view
        except PairingInProgressError as error:
            self._seen = Seen("failed", reason=error.code)

    async def look(self) -> Seen:
        return self._seen or seen_in(self._view)

    async def remove_account(self) -> None:
        self._session.end(FailureReason.ACCOUNT_REMOVED)

    async def replace_token(self) -> None:
        self._session.end(FailureReason.ACCOUNT_CHANGED)

    async def hear(self, event: str) -> None:
        self._session.hint(event)

    async def sleep(self, seconds: float) -> None:
        self._ahead += seconds
        self._world.advance(seconds)

    def _clock(self) -> float:
        return steady_time() + self._ahead


def seen_in(view: PairingView) -> Seen:
    failed = view.outcome if isinstance(view.outcome, Failed) else None
    told = failed or view.stalled or view.notice
    return Seen(
        view.stage,
        qr_is_up=view.qr_payload is not None,
        code_is_up=view.code is not None,
        reason=told.code if told else None,
        payload=view.qr_payload or view.code,
    )


@asynccontextmanager
async def opened(
    client: WutsClient, device_id: str, course: Course, world: World
) -> AsyncIterator[Frontend]:
    frontend = Frontend(client, device_id, course, world)
    following = asyncio.create_task(frontend.follow())
    try:
        yield frontend
    finally:
        following.cancel()
        await asyncio.wait([following])
    if not following.cancelled():
        following.result()


@pytest.mark.parametrize("course", COURSES, ids=[course.name for course in COURSES])
async def test_what_is_seen_in_a_course(
    course: Course,
    start_simulator: StartSimulator,
    make_client: MakeClient,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(error_policy, "FIRST_DELAY", FIRST_DELAY)
    sim = await start_simulator(course.gateway)
    client = make_client(sim.url)
    device = course.add_device(sim.world)
    with PAIRINGS.claim(sim.url, device.id, "Somebody") if course.occupied else nullcontext():
        async with opened(client, device.id, course, sim.world) as frontend:
            await course.play(Pairing(sim.world, device.id, frontend))


def test_there_are_enough_courses_of_every_kind() -> None:
    assert len({course.name for course in COURSES}) == len(COURSES) >= 30
    assert {need for course in COURSES for need in course.needs} == set(Need)
