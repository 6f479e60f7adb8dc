"""Turns an error into what is told of it: a reason, a line for people, an exit code."""

from dataclasses import dataclass

from wuts import errors
from wuts.errors import InvalidInputError, WutsConfigError, WutsError
from wuts.pairing import Failed, FailureReason, PairingInProgressError

from .errors import CliError
from .exit_codes import ExitCode

# The first that fits counts, so a class stands before those it derives from. A reason that a
# pairing knows too has the same name here.
_REASONS: tuple[tuple[type[WutsError], str], ...] = (
    (errors.WutsConfigError, "configuration"),
    (errors.InvalidPhoneNumberError, FailureReason.INVALID_PHONE_NUMBER),
    (errors.InvalidInputError, "usage"),
    (errors.WutsConnectionError, FailureReason.GATEWAY_UNREACHABLE),
    (errors.InvalidTokenError, FailureReason.TOKEN_REFUSED),
    (errors.ForbiddenError, FailureReason.NOT_ALLOWED),
    (errors.DeviceNotFoundError, FailureReason.DEVICE_GONE),
    (errors.DeviceNotConnectedError, "not_connected"),
    (errors.GatewayBusyError, "gateway_busy"),
    (errors.RateLimitedError, "rate_limited"),
    (errors.GatewayError, "gateway_failed"),
    (errors.UnexpectedAnswerError, FailureReason.UNEXPECTED_ANSWER),
    (PairingInProgressError, "pairing_in_progress"),
)


@dataclass(frozen=True, slots=True)
class Failure:
    """What is told of something that went wrong."""

    reason: str
    message: str
    exit_code: ExitCode


def failure_of(error: WutsError | CliError) -> Failure:
    """Return what is told of an error."""
    if isinstance(error, CliError):
        return Failure(error.reason, error.message, error.exit_code)
    reason = next((name for kind, name in _REASONS if isinstance(error, kind)), None)
    return Failure(str(reason or FailureReason.REFUSED), error.message, _exit_code(error))


def failure_of_pairing(failed: Failed) -> Failure:
    """Return what is told of a pairing that failed."""
    passed = failed.reason is FailureReason.DEADLINE_PASSED
    code = ExitCode.DEADLINE if passed else ExitCode.REFUSED
    return Failure(failed.reason, failed.message, code)


def _exit_code(error: WutsError) -> ExitCode:
    """What was refused before it was sent is the caller's to correct."""
    at_home = isinstance(error, WutsConfigError | InvalidInputError) and error.status is None
    return ExitCode.USAGE if at_home else ExitCode.REFUSED
