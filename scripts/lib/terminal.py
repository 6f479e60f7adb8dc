"""A command in a pseudo terminal, and the screen that a person would see."""

import asyncio
import copy
import errno
import fcntl
import os
import pty
import signal
import struct
import subprocess
import termios
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Self, override

import pyte

PATIENCE = 120.0
"""Seconds to wait for something to appear on the screen, unless more are given."""

GOODBYE = 30.0
"""Seconds for the command to end when it is interrupted, before it is made to."""

CTRL_C = "\x03"

_SECOND_SCREEN = 1049
_CHUNK = 65536


class Screen(pyte.Screen):
    """pyte's screen, with the second screen that full-window programs draw on."""

    def __init__(self, columns: int, rows: int) -> None:
        super().__init__(columns, rows)
        self.on_second_screen = False
        self._first: Any = None

    @override
    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private") and _SECOND_SCREEN in modes and not self.on_second_screen:
            self.on_second_screen = True
            self._first = copy.deepcopy(self.buffer), copy.copy(self.cursor)
            self.erase_in_display(2)
        super().set_mode(*modes, **kwargs)

    @override
    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if kwargs.get("private") and _SECOND_SCREEN in modes and self.on_second_screen:
            self.on_second_screen = False
            buffer, cursor = self._first
            self.buffer.clear()
            self.buffer.update(buffer)
            self.cursor.x, self.cursor.y = cursor.x, cursor.y
        super().reset_mode(*modes, **kwargs)


class Terminal:
    """Runs a command in a terminal of that size, as an async context manager.

    Args:
        command: The program and its arguments.
        environment: All of its variables.
        columns: How wide the terminal is.
        rows: How high it is.
        patience: Seconds to wait for something to appear.

    Attributes:
        screen: What is to be seen.
    """

    def __init__(
        self,
        command: Sequence[str],
        environment: Mapping[str, str],
        *,
        columns: int = 100,
        rows: int = 40,
        patience: float = PATIENCE,
    ) -> None:
        self.screen = Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        self._command = command
        self._patience = patience
        self._environment = environment
        self._changed = asyncio.Event()
        self._ended = False
        self._master = -1
        self._process: subprocess.Popen[bytes] | None = None

    async def __aenter__(self) -> Self:
        """Start the command."""
        self._master, slave = pty.openpty()
        self._set_size()
        self._process = self.start(slave)
        os.close(slave)
        os.set_blocking(self._master, False)
        asyncio.get_running_loop().add_reader(self._master, self._read)
        return self

    def start(self, terminal: int) -> subprocess.Popen[bytes]:
        """Start the command with the terminal that has this descriptor."""
        return subprocess.Popen(
            self._command,
            env=self._environment,
            stdin=terminal,
            stdout=terminal,
            stderr=terminal,
            preexec_fn=take_terminal,  # noqa: PLW1509 - no thread of ours holds a lock
            start_new_session=True,
        )

    async def __aexit__(self, *_exc: object) -> None:
        """End the command if it still runs: as a person would, so that it ends what it started."""
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGINT)
            await asyncio.to_thread(self._end, self._process)
        asyncio.get_running_loop().remove_reader(self._master)
        os.close(self._master)

    @staticmethod
    def _end(process: subprocess.Popen[bytes]) -> None:
        try:
            process.wait(GOODBYE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    @property
    def text(self) -> str:
        """The screen's lines, without the blanks at their ends."""
        return "\n".join(line.rstrip() for line in self.screen.display)

    async def until(self, condition: Callable[[Self], object]) -> None:
        """Wait until something is true of the screen.

        Raises:
            AssertionError: It is not, and the command has ended or time has run out.
        """
        try:
            async with asyncio.timeout(self._patience):
                while not condition(self):
                    if self._ended:
                        raise AssertionError(f"the command ended with:\n{self.text}")
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise AssertionError(f"waited without success before:\n{self.text}") from None

    async def until_it_says(self, *texts: str) -> None:
        """Wait until texts are on the screen, all at once: a frame arrives in pieces."""
        await self.until(lambda terminal: all(text in terminal.text for text in texts))

    async def ended(self) -> int:
        """Wait until the command has ended and return its exit code."""
        await self.until(lambda _: self._ended)
        if self._process is None:
            raise AssertionError("the command was not started")
        return await asyncio.to_thread(self._process.wait, self._patience)

    def press(self, keys: str) -> None:
        """Press keys."""
        os.write(self._master, keys.encode())

    def kill(self, number: signal.Signals) -> None:
        """Send the command a signal."""
        if self._process is not None:
            self._process.send_signal(number)

    def resize(self, columns: int, rows: int) -> None:
        """Drag the window to another size."""
        self.screen.resize(rows, columns)
        self._set_size()

    def _set_size(self) -> None:
        size = struct.pack("HHHH", self.screen.lines, self.screen.columns, 0, 0)
        fcntl.ioctl(self._master, termios.TIOCSWINSZ, size)

    def _read(self) -> None:
        try:
            chunk = os.read(self._master, _CHUNK)
        except BlockingIOError:
            return
        except OSError as error:
            # Linux says so when nobody holds the other end any longer.
            if error.errno != errno.EIO:
                raise
            chunk = b""
        if not chunk:
            asyncio.get_running_loop().remove_reader(self._master)
            self._ended = True
        self._stream.feed(chunk)
        self._changed.set()


def take_terminal() -> None:
    """Make the terminal the new process's own, so that Ctrl-C reaches it."""
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
    # A shell's background job ignores the one, what nohup starts the other, and so would whatever
    # is started from there.
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_DFL)
