"""What the command exits with."""

from enum import IntEnum


class ExitCode(IntEnum):
    """The exit codes of ``wuts``; the last two are what a shell reports for those signals."""

    DONE = 0
    REFUSED = 1
    """The gateway or the device said no, or could not be reached."""
    USAGE = 2
    """The command line or the environment is wrong; nothing was done."""
    DEADLINE = 3
    """Time ran out before a phone was linked."""
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    TERMINATED = 143
