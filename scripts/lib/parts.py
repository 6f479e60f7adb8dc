"""Runs programs as the parts of something larger, waits until each serves, and stops them all."""

import asyncio
import os
import random
import signal
import socket
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The project's folder."""

PATIENCE = 240.0
"""Seconds for a part to be ready: Home Assistant's first start installs what it needs."""

LOOK_AGAIN = 0.1
"""Seconds from one look whether a part is ready to the next."""

GOODBYE = 15.0
"""Seconds for a part to end before it is made to."""


class PartError(Exception):
    """Something that a person must fix; the message is one line that says how."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A program to run.

    Attributes:
        name: What people call it.
        command: The program and its arguments.
        log: Where to write what it says.
        is_ready: Says whether it serves.
        environment: Its environment; ours unless given.
        folder: Where it runs; here unless given.
    """

    name: str
    command: Sequence[str | Path]
    log: Path
    is_ready: Callable[[], Awaitable[bool]]
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))
    folder: Path | None = None


@asynccontextmanager
async def running(part: Part) -> AsyncIterator[None]:
    """Run a part for as long as the context lasts; it is entered when the part is ready.

    Raises:
        PartError: The part ended, or was not ready in time.
    """
    part.log.parent.mkdir(parents=True, exist_ok=True)
    with part.log.open("wb") as log:
        # A session of its own, so that Ctrl-C reaches us alone and we stop the parts in order.
        process = await asyncio.create_subprocess_exec(
            *part.command,
            stdin=DEVNULL,
            stdout=log,
            stderr=log,
            env=part.environment,
            cwd=part.folder,
            start_new_session=True,
        )
    try:
        await _until_ready(part, process)
        yield
    finally:
        await _end(process)


async def _until_ready(part: Part, process: Process) -> None:
    try:
        async with asyncio.timeout(PATIENCE):
            while not await part.is_ready():
                if process.returncode is not None:
                    raise PartError(_ended(part))
                await asyncio.sleep(LOOK_AGAIN)
    except TimeoutError:
        raise PartError(
            f"{part.name} was not ready within {PATIENCE:.0f} s. Its log is {part.log}"
        ) from None


def _ended(part: Part) -> str:
    lines = part.log.read_text(errors="replace").strip().splitlines()
    last = lines[-1].strip() if lines else "it said nothing"
    return f"{part.name} has ended: {last}. All that it said is in {part.log}"


async def _end(process: Process) -> None:
    if process.returncode is not None:
        return
    _signal(process, signal.SIGTERM)
    try:
        async with asyncio.timeout(GOODBYE):
            await process.wait()
    except TimeoutError:
        _signal(process, signal.SIGKILL)
        await process.wait()


def _signal(process: Process, number: signal.Signals) -> None:
    """Tell the process and all that it started."""
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return  # it has ended meanwhile


def check_port(port: int, name: str) -> None:
    """See to it that nobody else listens at a port.

    Raises:
        PartError: Somebody does.
    """
    if not _is_free(port):
        raise PartError(
            f"Port {port}, which {name} needs, is taken. End what uses it (a demo that still"
            f" runs?), or choose others: scripts/demo --port {port + 100}"
        )


async def listens(port: int) -> bool:
    """Return whether somebody listens at a port of this machine."""
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def free_port(count: int = 1) -> int:
    """Return the first of ``count`` ports in a row that nobody listens at now.

    They lie below those that Linux lends to connections, which begin at 32768: one of these would
    take a port from whoever is still starting.
    """
    while True:
        first = random.randrange(20_000, 32_000)  # noqa: S311 - nothing hangs on who guesses it
        if all(map(_is_free, range(first, first + count))):
            return first


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
