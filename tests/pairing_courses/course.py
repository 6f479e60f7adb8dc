"""What a course of a pairing is: what happens, and what a person must see of it, in order.

A course knows the gateway and the phone, which it steers through the simulator's world, and nothing
of a frontend but what a person can do and see there. So it can be played in any of them, in any
virtual environment: it imports the simulator only. Times are short; `TIMES` and `FIRST_DELAY` are
for the frontend's pairing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Protocol

from wuts_simulator import Device, Settings, SimulatorError, Then, World

PHONE = "5511999999999"
OTHER_PHONE = "5511888888888"

PATIENCE = 240.0
"""Seconds to wait for something to be seen, at most."""

SWAP = 5.0
"""Seconds that a QR may still be seen while the next one is on its way to the screen, at most."""

LOOK_EVERY = 0.02
"""Seconds between two looks at a frontend."""

LINGER = 3.0
"""Seconds for which something that nothing holds is to be seen where a course must not miss it:
a browser on a busy machine needs more than a second for a look."""

FIRST_DELAY = 0.1
"""What ``pairing.error_policy.FIRST_DELAY`` is to be."""

TIMES: Mapping[str, float] = {
    "deadline": 120.0,
    "poll_interval": 0.05,
    "qr_status_interval": 0.2,
    "shortest_showing": 0.4,
    "settle": 0.3,
    "link_patience": 0.8,
    "stall_patience": 0.6,
}
"""What ``PairingSettings`` is to say; a course may say otherwise, see `Course.times`."""

GATEWAY = Settings(qr_image=False, connecting_for=0.1)
"""A gateway that behaves; a course may have another one."""


class Need(StrEnum):
    """What not every frontend has."""

    ACCOUNT = "account"
    """An account that can be removed, or given another token, while a device is paired."""
    WEBHOOK = "webhook"
    """It hears of the gateway's deliveries: `Frontend.hear`."""
    SLEEP = "sleep"
    """Its machine can be put to sleep: `Frontend.sleep`."""
    CLAIM = "claim"
    """Somebody else can be pairing the device first: `Frontend.occupy`."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person sees at one moment.

    Attributes:
        stage: A ``wuts.pairing.Stage``.
        qr_is_up: Whether a QR is on the screen, with a payload that a phone can read.
        code_is_up: Whether a code is on the screen.
        reason: The ``ErrorCode`` of the words beside a stage that has one: stalled, failed, or
            waiting. None in a course stands for any.
        payload: What the QR says, or the code, where the frontend can tell: it is what is scanned.
    """

    stage: str
    qr_is_up: bool = False
    code_is_up: bool = False
    reason: str | None = None
    payload: str | None = field(default=None, compare=False, repr=False)

    def is_met_by(self, seen: Seen) -> bool:
        """Tell whether this is what somebody saw."""
        same_offer = (self.qr_is_up, self.code_is_up) == (seen.qr_is_up, seen.code_is_up)
        return self.stage == seen.stage and same_offer and self.reason in {None, seen.reason}


PREPARING = Seen("preparing")
QR = Seen("qr", qr_is_up=True)
CODE = Seen("code", code_is_up=True)
SCANNED = Seen("scanned")
PAIRED = Seen("paired")
WRONG_ACCOUNT = Seen("wrong_account")
UNCHECKED = Seen("unchecked")


def waiting(reason: str | None = None) -> Seen:
    """Nothing to show, since something does not answer."""
    return Seen("waiting", reason=reason)


def stalled(reason: str) -> Seen:
    """A phone took the QR or code, and nothing follows."""
    return Seen("stalled", reason=reason)


def failed(reason: str) -> Seen:
    """The end without a link."""
    return Seen("failed", reason=reason)


class Frontend(Protocol):
    """One frontend, which pairs the course's device from the moment it is opened."""

    async def look(self) -> Seen:
        """Return what a person sees now; the end stays to be seen."""

    async def remove_account(self) -> None:
        """Remove the account that is pairing (`Need.ACCOUNT`)."""

    async def replace_token(self) -> None:
        """Give the account another token that works (`Need.ACCOUNT`)."""

    async def hear(self, event: str) -> None:
        """Get a delivery about the device from the gateway (`Need.WEBHOOK`)."""

    async def sleep(self, seconds: float) -> None:
        """Let the frontend's machine sleep, but not the gateway's (`Need.SLEEP`).

        Its timers stand still meanwhile. Where nobody really waits, the world's clock is advanced.
        """


@dataclass(slots=True)
class Pairing:
    """One play of a course.

    Attributes:
        world: The gateway and the phone.
        device_id: The device that is paired.
        frontend: Where.
        seen: What was waited for and seen, in order.
    """

    world: World
    device_id: str
    frontend: Frontend
    seen: list[Seen] = field(default_factory=list)
    _payload: str | None = None

    async def sees(self, expected: Seen, *, within: float = PATIENCE) -> Seen:
        """Wait until a person sees this.

        Raises:
            AssertionError: They do not, in that many seconds.
        """
        last: list[Seen] = []
        try:
            async with asyncio.timeout(within):
                while True:
                    now = await self.frontend.look()
                    if not last or last[-1] != now:
                        last.append(now)
                    if expected.is_met_by(now):
                        self.seen.append(expected)
                        self._payload = now.payload
                        return now
                    await asyncio.sleep(LOOK_EVERY)
        except TimeoutError:
            raise AssertionError(f"{expected} was not seen, but {last}") from None

    async def keeps_seeing(self, expected: Seen, seconds: float) -> None:
        """See to it that a person sees this and nothing else for a while.

        Raises:
            AssertionError: They see something else.
        """
        await self.sees(expected)
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while loop.time() < end:
            now = await self.frontend.look()
            assert expected.is_met_by(now), f"{now} is seen instead of {expected}"
            await asyncio.sleep(LOOK_EVERY)

    @property
    def device(self) -> Device:
        """The device as the gateway knows it."""
        return self.world.device(self.device_id)

    async def scan(self, phone: str = PHONE, then: Then = Then.LINKS) -> None:
        """Scan the QR that was seen last, or where the frontend cannot tell, the present one."""
        if self._payload is None:
            self.world.scan_device(self.device_id, phone, then)
        else:
            await self._use(lambda payload: self.world.scan(payload, phone, then))

    async def type_code(self, phone: str = PHONE, then: Then = Then.LINKS) -> None:
        """Type the code that was seen last, or where the frontend cannot tell, the present one."""
        if self._payload is None:
            present = self.device.code
            self.world.enter_code(self.device_id, present.code if present else "", phone, then)
        else:
            await self._use(lambda code: self.world.enter_code(self.device_id, code, phone, then))

    async def _use(self, use: Callable[[str], object]) -> None:
        """Use what was seen; if it was just being replaced, what is seen instead.

        Raises:
            TimeoutError: It is no good, and `SWAP` later still seen.
            SimulatorError: What is seen instead is no good either.
        """
        used = self._payload
        assert used is not None
        try:
            use(used)
        except SimulatorError:
            async with asyncio.timeout(SWAP):
                while (now := await self.frontend.look()).payload in {used, None}:  # noqa: ASYNC110
                    await asyncio.sleep(LOOK_EVERY)
            assert now.payload is not None
            use(now.payload)

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so on the gateway's side."""
        async with asyncio.timeout(PATIENCE):
            while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
                await asyncio.sleep(LOOK_EVERY)

    async def is_looked_at(self, call: str = "GET /status") -> None:
        """Wait until the gateway has been asked, and has answered, once more."""
        asked = self.world.requests.by_endpoint
        before = asked.get(call, 0)
        await self.until(lambda: asked.get(call, 0) > before + 1)

    async def sees_another(self, expected: Seen) -> None:
        """Wait until a person sees another QR or code than the one that was seen last."""
        before, shown = self._payload, (self.device.qr, self.device.code)
        await self.until(lambda: (self.device.qr, self.device.code) not in {shown, (None, None)})
        await self.sees(expected)
        while before is not None and self._payload == before:
            await asyncio.sleep(LOOK_EVERY)
            await self.sees(expected)


type Play = Callable[[Pairing], Awaitable[None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """One course of events.

    Attributes:
        name: What happens, as a sentence.
        play: Lets it happen.
        by_code: Whether a code is typed on `PHONE`, and no QR scanned.
        expected: The number that must be linked, or None for any.
        times: What differs from `TIMES`.
        gateway: The gateway's settings, except tokens.
        device: How the device is made, as `World.add_device` takes it.
        before: What happens to the gateway before the pairing begins.
        needs: What the frontend must have.
        occupied: Whether somebody else pairs the device already (`Need.CLAIM`).
    """

    name: str
    play: Play
    by_code: bool = False
    expected: str | None = None
    times: Mapping[str, float] = field(default_factory=dict)
    gateway: Settings = GATEWAY
    device: Mapping[str, str] = field(default_factory=dict)
    before: Callable[[World, str], object] | None = None
    needs: frozenset[Need] = frozenset()
    occupied: bool = False

    @property
    def settings(self) -> dict[str, Any]:
        """The arguments of the frontend's ``PairingSettings``."""
        method = {"phone": PHONE} if self.by_code else {}
        expected = {} if self.expected is None else {"expected_number": self.expected}
        return {**TIMES, **self.times, **method, **expected}

    def add_device(self, world: World, tenant: str = "home", name: str = "Front desk") -> Device:
        """Make the device, and let happen what comes before the pairing."""
        device = world.add_device(tenant, name, **self.device)
        if self.before is not None:
            self.before(world, device.id)
        return device


COURSES: list[Course] = []


def course(name: str, **chosen: Any) -> Callable[[Play], Play]:  # noqa: ANN401 - as Course takes it
    """Put what is decorated into the table, as the play of a course."""

    def put(play: Play) -> Play:
        COURSES.append(Course(name=name, play=play, **chosen))
        return play

    return put
