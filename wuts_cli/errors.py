"""What can go wrong, and how it ends: a reason, a line for people, an exit code."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from wuts.errors import (
    AmbiguousDeviceError,
    CheckBudgetUsedUpError,
    ErrorCode,
    UnknownDeviceError,
    WutsError,
)
from wuts.pairing import Failed, PairingInProgressError

from .text import printable

OWNED = (
    "Another process is watching this account with the same store. Stop it, or leave out "
    "--no-wait to wait until it ends."
)
OTHER_ACCOUNT = (
    "The store holds another account than the token's. Check WUTS_TOKEN, or choose another store."
)

MOST_IDS = 10
"""Ids that one line names at most."""


class ExitCode(IntEnum):
    """The exit codes of ``wuts``; the last three are what a shell reports for those signals."""

    DONE = 0
    REFUSED = 1
    """The gateway or the device said no, or could not be reached."""
    USAGE = 2
    """The command line or the environment is wrong; nothing was done."""
    DEADLINE = 3
    """Time ran out before a phone was linked."""
    OWNED = 4
    """Another process watches the account with the same store."""
    INTERRUPTED = 130
    PIPE_CLOSED = 141
    TERMINATED = 143


_OWN_WORDS = {ErrorCode.STORE_OWNED: OWNED, ErrorCode.STORE_OTHER_ACCOUNT: OTHER_ACCOUNT}

EXIT_CODES = {
    **dict.fromkeys(ErrorCode, ExitCode.REFUSED),
    ErrorCode.CONFIGURATION: ExitCode.USAGE,
    ErrorCode.USAGE: ExitCode.USAGE,
    ErrorCode.INVALID_PHONE_NUMBER: ExitCode.USAGE,
    ErrorCode.AMBIGUOUS_PHONE_NUMBER: ExitCode.USAGE,
    ErrorCode.AMBIGUOUS_DEVICE: ExitCode.USAGE,
    ErrorCode.DEADLINE_PASSED: ExitCode.DEADLINE,
    ErrorCode.STORE_OWNED: ExitCode.OWNED,
}

_SHARED_REASONS = {
    ErrorCode.DEVICE_NOT_READY: ErrorCode.REFUSED,
    ErrorCode.ALREADY_CONNECTED: ErrorCode.REFUSED,
    ErrorCode.ALREADY_PAIRED: ErrorCode.REFUSED,
    ErrorCode.CODE_NOT_READY: ErrorCode.REFUSED,
    ErrorCode.CERTIFICATE_UNTRUSTED: ErrorCode.GATEWAY_UNREACHABLE,
    ErrorCode.CERTIFICATE_EXPIRED: ErrorCode.GATEWAY_UNREACHABLE,
    ErrorCode.CERTIFICATE_WRONG_HOST: ErrorCode.GATEWAY_UNREACHABLE,
    ErrorCode.NAME_NOT_FOUND: ErrorCode.GATEWAY_UNREACHABLE,
    ErrorCode.CONNECTION_REFUSED: ErrorCode.GATEWAY_UNREACHABLE,
    ErrorCode.NO_ANSWER: ErrorCode.GATEWAY_UNREACHABLE,
    ErrorCode.TOO_MANY_OPEN_FILES: ErrorCode.GATEWAY_UNREACHABLE,
}
"""Codes that scripts have known as one since before they had codes of their own."""


class CliError(Exception):
    """A command cannot continue.

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
    """Nobody is there to confirm."""

    reason = "confirmation_needed"


class PhoneQuestionError(CliError):
    """Nothing is asked about a phone, or it is about another one."""

    reason = "phone_question"
    exit_code = ExitCode.REFUSED


class DeclinedError(CliError):
    """The person said no."""

    reason = "declined"
    exit_code = ExitCode.REFUSED


class OutputLostError(Exception):
    """Nobody can read what the command says: the pipe is closed or the disk full.

    Attributes:
        cause: What the system said.
    """

    def __init__(self, cause: OSError) -> None:
        super().__init__(cause)
        self.cause = cause


@dataclass(frozen=True, slots=True)
class Failure:
    """What a person and a program learn of something that went wrong."""

    reason: str
    message: str
    exit_code: ExitCode
    cause: str | None = None
    """What did not answer when a pairing's time ran out."""


def failure_of(error: WutsError | CliError | Failed) -> Failure:
    """Return how an error, or a pairing that failed, ends."""
    if isinstance(error, CliError):
        return Failure(error.reason, error.message, error.exit_code)
    reason = reason_of(error.code)
    cause = error.cause if isinstance(error, Failed) else None
    exit_code = EXIT_CODES[error.code]
    # Whatever was sent and refused is not a matter of usage.
    was_sent = isinstance(error, Failed) or error.status is not None
    if was_sent and exit_code is ExitCode.USAGE:
        exit_code = ExitCode.REFUSED
    return Failure(reason, _message(error), exit_code, cause and reason_of(cause))


def reason_of(code: ErrorCode) -> str:
    """Return what scripts know a code as."""
    return _SHARED_REASONS.get(code, code)


def _message(error: WutsError | Failed) -> str:
    match error:
        case UnknownDeviceError():
            wanted = printable(error.wanted)
            return f"There is no device “{wanted}”. List them with: wuts devices"
        case AmbiguousDeviceError():
            ids = [device.id for device in error.candidates]
            more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
            return (
                f"{len(ids)} devices are named “{printable(error.wanted)}”. "
                f"Give the id of one: {', '.join(ids[:MOST_IDS])}{more}"
            )
        case WutsError(code=code) if code in _OWN_WORDS:
            return _OWN_WORDS[code]
        case PairingInProgressError(since=datetime() as since):
            who = printable(error.owner) or "Somebody"
            return (
                f"{who} has been pairing this device since {since.astimezone():%H:%M}. "
                "Wait until that is done."
            )
        case CheckBudgetUsedUpError():
            return _budget_message(error)
        case _:
            return error.message


def _budget_message(error: CheckBudgetUsedUpError) -> str:
    free_at = error.free_at
    when = f"Try again at {free_at.astimezone():%H:%M}" if free_at else "Check fewer at once"
    return (
        f"{error.left} of {error.limit} numbers per hour are left to check. {when}, or "
        "choose another --limit: WhatsApp has restricted numbers that looked up many "
        "others."
    )
