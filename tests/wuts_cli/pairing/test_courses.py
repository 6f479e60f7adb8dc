"""The courses, as a person sees them: the real command on a pseudo terminal, with its words.

A command has no account that could be removed, and hears of no webhook. Whoever else pairs it
knows from a store.
"""

import asyncio
import re
import signal
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from scripts.lib.terminal import Terminal
from tests.pairing_courses.course import Course, Need, Pairing, Seen
from tests.pairing_courses.table import COURSES
from tests.wuts_cli.command import PHONE, Wuts, read_qr
from tests.wuts_cli.conftest import Start
from tests.wuts_cli.pairing.forked import ForkedTerminal
from wuts import errors
from wuts.errors import WutsError
from wuts.pairing import FailureReason, Stage, StallReason, transitions
from wuts.supervisor.store.pairing_claims import StoreClaims
from wuts_cli.pairing import words

PLAYED = [course for course in COURSES if not course.needs & {Need.ACCOUNT, Need.WEBHOOK}]
COLUMNS = 160
"""So wide that no sentence that counts is broken."""

FINAL = {
    "Paired “": Stage.PAIRED,
    "was still paired with": Stage.PAIRED,
    "is already connected with": Stage.PAIRED,
    "instead of the expected": Stage.WRONG_ACCOUNT,
    "does not say which": Stage.UNCHECKED,
}


def sentences() -> Iterator[tuple[str, str]]:
    """Yield what an error or failure begins with, and its reason."""
    for name in errors.__all__:
        kind = getattr(errors, name)
        if isinstance(kind, type) and issubclass(kind, WutsError):
            yield kind.advice, kind.code
    for reason, message in transitions.MESSAGES.items():
        yield message, reason
    yield "The connection to the gateway broke.", errors.ErrorCode.GATEWAY_UNREACHABLE
    yield "Time ran out before a phone was linked.", FailureReason.DEADLINE_PASSED


REASONS = {text.partition(". ")[0].rstrip("."): reason for text, reason in sentences()}


class Frontend:
    """The command in its terminal."""

    def __init__(self, terminal: Terminal) -> None:
        self._terminal = terminal
        self._seen = Seen(Stage.PREPARING)

    async def look(self) -> Seen:
        screen = self._terminal.screen
        if screen.dirty:
            screen.dirty.clear()
            self._seen = seen_on(self._terminal)
        return self._seen

    async def remove_account(self) -> None:
        raise NotImplementedError

    async def replace_token(self) -> None:
        raise NotImplementedError

    async def hear(self, event: str) -> None:
        raise NotImplementedError

    async def sleep(self, seconds: float) -> None:
        self._terminal.kill(signal.SIGSTOP)
        await asyncio.sleep(seconds)
        self._terminal.kill(signal.SIGCONT)


def seen_on(terminal: Terminal) -> Seen:
    text = terminal.text
    is_live = terminal.screen.on_second_screen
    return seen_live(terminal, text) if is_live else seen_at_the_end(text)


def seen_live(terminal: Terminal, text: str) -> Seen:
    """Return what the full window shows."""
    for stall in StallReason:
        if words.stalled(stall)[0] in text:
            return Seen(Stage.STALLED, reason=stall)
    code = re.search(r"The code is (\w{4}-\w{4}),", text)
    if code is not None:
        return Seen(Stage.CODE, code_is_up=True, payload=code[1])
    payload = read_qr(terminal) if "▀" in text else None
    if payload is not None:
        return Seen(Stage.QR, qr_is_up=True, payload=payload)
    if "Checking that it stays connected" in text:
        return Seen(Stage.SCANNED)
    trouble = re.search(r"^ *(.*)\. Trying again\.$", text, re.MULTILINE)
    if trouble is not None:
        return Seen(Stage.WAITING, reason=REASONS.get(trouble[1], trouble[1]))
    return Seen(Stage.PREPARING)


def seen_at_the_end(text: str) -> Seen:
    """Return what the command leaves on the screen."""
    for words_of_it, stage in FINAL.items():
        if words_of_it in text:
            return Seen(stage)
    failed = re.search(r"^wuts: (.*)$", text, re.MULTILINE)
    if failed is None:
        return Seen(Stage.PREPARING)
    if "has been pairing this device since" in failed[1]:
        return Seen(Stage.FAILED, reason=FailureReason.PAIRING_IN_PROGRESS)
    first = failed[1].partition(". ")[0].rstrip(".")
    return Seen(Stage.FAILED, reason=REASONS.get(first, first))


def terminal_of(
    course: Course, address: str, wuts: Wuts, device_id: str, store: str
) -> ForkedTerminal:
    times = {name: value for name, value in course.settings.items() if isinstance(value, float)}
    method = ("--code", "--phone", f"+{PHONE}") if course.by_code else ()
    expected = ("--expect", f"+{course.expected}") if course.expected else ()
    claims = ("--store", store) if course.occupied else ()
    arguments = ["pair", device_id, *method, *expected, *claims]
    return ForkedTerminal(address, arguments, wuts.environment({}), times=times, columns=COLUMNS)


@pytest.mark.parametrize("course", PLAYED, ids=[course.name for course in PLAYED])
async def test_what_is_seen_in_a_course(
    course: Course, address: str, start: Start, tmp_path: Path
) -> None:
    sim = start(course.gateway)
    device = course.add_device(sim.world)
    store = f"sqlite:///{tmp_path}/store.db"
    claim = StoreClaims(store).hold(sim.url, device.id, "Somebody")
    command = terminal_of(course, address, Wuts(sim.url), device.id, store)
    async with claim if course.occupied else nullcontext(), command as terminal:
        await course.play(Pairing(sim.world, device.id, Frontend(terminal)))
