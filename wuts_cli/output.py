"""What a command says: lines for people, or JSON lines for programs; errors on stderr."""

import errno
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import NoReturn, TextIO, override

from rich.console import Console, RenderableType
from rich.theme import Theme

from .errors import ExitCode, Failure, OutputLostError
from .text import printable

PIPE_WIDTH = 10_000
"""Columns of a pipe, where nothing has to be cut or wrapped."""

_COLOURS = Theme(
    {"wuts.good": "green", "wuts.wait": "yellow", "wuts.bad": "bold red", "wuts.time": "cyan"}
)
_NO_COLOURS = Theme(
    {"wuts.good": "bold", "wuts.wait": "bold", "wuts.bad": "bold", "wuts.time": "none"}
)


class _Console(Console):
    """A console whose closed pipe is an error like any other."""

    @override
    def on_broken_pipe(self) -> NoReturn:
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))


class Output:
    """What one command says.

    Args:
        json: Say it as JSON lines.

    Attributes:
        json: The same.
        console: Standard output, for people.
    """

    def __init__(self, *, json: bool) -> None:
        self.json = json
        self.console = _make_console()

    @property
    def is_screen(self) -> bool:
        """Whether a person looks at a terminal that can be redrawn."""
        return not self.json and self.console.is_terminal and not self.console.is_dumb_terminal

    @property
    def can_draw(self) -> bool:
        """Whether half blocks can be written."""
        return self.console.encoding.startswith("utf")

    def event(self, name: str, /, **fields: object) -> None:
        """Write one JSON line, if JSON is wanted."""
        if self.json:
            line = json.dumps({"event": name, **fields}, separators=(",", ":"))
            with _writing():
                _write_line(sys.stdout, line)

    def say(self, text: RenderableType) -> None:
        """Write for people, if JSON is not wanted."""
        if not self.json:
            with _writing():
                self.console.print(text, soft_wrap=isinstance(text, str))

    def fail(self, failure: Failure) -> ExitCode:
        """Say what went wrong, on stderr and as a JSON event if wanted; return the exit code.

        Most failures are one line; settings have one for each that is wrong.
        """
        cause = {} if failure.cause is None else {"cause": failure.cause}
        self.event("failed", reason=failure.reason, message=failure.message, **cause)
        for line in failure.message.splitlines():
            complain(line)
        return failure.exit_code


def complain(message: str) -> None:
    """Write one line on stderr."""
    with _writing():
        _write_line(sys.stderr, f"wuts: {printable(message)}")


def prepare_streams() -> None:
    """Make both streams able to take any text, also if they are closed or not Unicode."""
    sys.stdout = _prepared(sys.stdout)
    sys.stderr = _prepared(sys.stderr)


def _prepared(stream: TextIO | None) -> TextIO:
    """Return the stream, or where nobody reads if there is none (``>&-`` closes it)."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(errors="replace")
    return stream


def give_up_stdout() -> None:
    """Let whatever is still to be written vanish, so that the interpreter's end is a quiet one."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)


def _make_console() -> Console:
    """A QR must be black on white also if ``NO_COLOR`` asks for the rest to be plain."""
    is_terminal = sys.stdout.isatty()
    return _Console(
        force_terminal=is_terminal,
        no_color=False,
        theme=_NO_COLOURS if os.environ.get("NO_COLOR") else _COLOURS,
        width=None if is_terminal else PIPE_WIDTH,
        markup=False,
        emoji=False,
        highlight=False,
    )


def _write_line(stream: TextIO, line: str) -> None:
    stream.write(line + "\n")
    stream.flush()


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise OutputLostError(error) from None
