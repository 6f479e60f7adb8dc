"""The real command as a process, piped or on a terminal."""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import zxingcpp

from scripts.lib.terminal import Terminal
from scripts.lib.terminal_picture import draw_screen

TOKEN = "s3cret-token"
PHONE = "5511999999999"
OTHER_PHONE = "5511888888888"
WUTS = Path(sys.executable).with_name("wuts")

# What json.loads returns.
type Json = Any

# Among random modules there may be what looks like a small code of another kind.
_QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
_PATIENCE = 300
_OF_THE_TERMINAL = {"COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "TERM", "COLORTERM"}


@dataclass(frozen=True)
class Ended:
    """A command that has run."""

    code: int
    out: str
    err: str

    @property
    def events(self) -> list[Json]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def error(self) -> str:
        """The one line on stderr, which is all there may be."""
        (line,) = self.err.splitlines()
        assert line.startswith("wuts: ")
        return line.removeprefix("wuts: ")


class Wuts:
    """Runs ``wuts`` with one token against one gateway."""

    program = WUTS

    def __init__(self, url: str, token: str = TOKEN, **variables: str) -> None:
        self._base = {"WUTS_BASE_URL": url, "WUTS_TOKEN": token} | variables

    def environment(self, variables: dict[str, str]) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("WUTS_") and name not in _OF_THE_TERMINAL
        }
        fixed = {"TERM": "xterm-256color", "COLORTERM": "truecolor", "TZ": "UTC"}
        fixed["LC_ALL"] = "C.UTF-8"
        # Nothing of a test stays in the home of whoever runs it.
        fixed["XDG_STATE_HOME"] = os.devnull
        return inherited | fixed | self._base | variables

    async def __call__(
        self, *arguments: str, stdout: int | IO[bytes] = PIPE, **variables: str
    ) -> Ended:
        async with self.started(*arguments, stdout=stdout, **variables) as process:
            return await ended(process)

    @asynccontextmanager
    async def started(
        self, *arguments: str, stdout: int | IO[bytes] = PIPE, **variables: str
    ) -> AsyncIterator[Process]:
        process = await asyncio.create_subprocess_exec(
            self.program,
            *arguments,
            stdin=DEVNULL,
            stdout=stdout,
            stderr=PIPE,
            env=self.environment(variables),
            preexec_fn=heed_interrupts,
        )
        try:
            yield process
        finally:
            if process.returncode is None:
                process.kill()
            await process.communicate()

    def on_terminal(
        self, *arguments: str, columns: int = 110, rows: int = 40, **variables: str
    ) -> Terminal:
        command = [str(self.program), *arguments]
        return Terminal(command, self.environment(variables), columns=columns, rows=rows)


async def ended(process: Process) -> Ended:
    """Wait for a command's end."""
    async with asyncio.timeout(_PATIENCE):
        out, err = await process.communicate()
    assert process.returncode is not None
    return Ended(process.returncode, (out or b"").decode(), err.decode())


async def next_event(process: Process) -> Json:
    """Return the next JSON line, as soon as it was written."""
    assert process.stdout is not None
    async with asyncio.timeout(_PATIENCE):
        return json.loads(await process.stdout.readline())


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is true; a test that waits too long fails."""
    async with asyncio.timeout(_PATIENCE):
        while not condition():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


def heed_interrupts() -> None:
    """Undo what a shell does to a job in the background, nohup to any, and so to all they start."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)


def read_qr(terminal: Terminal) -> str | None:
    """Return what a phone reads from the screen: dark on light only, as a strict one does."""
    image = draw_screen(terminal.screen, with_letters=False)
    found = zxingcpp.read_barcodes(image, formats=_QR, try_invert=False)
    assert len(found) <= 1, "there must never be two QRs on the screen"
    return found[0].text if found else None


async def shown_qr(terminal: Terminal, *, other_than: str | None = None) -> str:
    """Wait for a whole QR and return what it says."""
    await terminal.until(lambda it: read_qr(it) not in {None, other_than})
    payload = read_qr(terminal)
    assert payload is not None
    return payload
