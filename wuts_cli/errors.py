"""What can go wrong in the command itself; what the gateway can do wrong is in `wuts.errors`."""

from collections.abc import Sequence

from .exit_codes import ExitCode

MOST_IDS = 10
"""Ids that are named in one line at most."""


class CliError(Exception):
    """A command cannot go on.

    Attributes:
        reason: Why, for programs.
        message: Why and what to do, for a person, in one line.
        exit_code: What the command exits with.
    """

    reason = "usage"
    exit_code = ExitCode.USAGE

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(CliError):
    """The options do not go together."""


class ConfirmationNeededError(CliError):
    """Nobody is there to be asked."""

    reason = "confirmation_needed"


class DeclinedError(CliError):
    """The person said no."""

    reason = "declined"
    exit_code = ExitCode.REFUSED


class UnknownDeviceError(CliError):
    """No device has that id or name."""

    reason = "unknown_device"
    exit_code = ExitCode.REFUSED

    def __init__(self, wanted: str) -> None:
        super().__init__(f"There is no device “{wanted}”. List them with: wuts devices")


class AmbiguousDeviceError(CliError):
    """Several devices have that name."""

    reason = "ambiguous_device"

    def __init__(self, wanted: str, ids: Sequence[str]) -> None:
        named = ", ".join(ids[:MOST_IDS])
        more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
        super().__init__(
            f"{len(ids)} devices are named “{wanted}”. Give the id of one: {named}{more}"
        )


class OutputLostError(Exception):
    """Nobody can read what the command says: a closed pipe or a full disk.

    Attributes:
        cause: What the system said.
    """

    def __init__(self, cause: OSError) -> None:
        super().__init__(cause)
        self.cause = cause
