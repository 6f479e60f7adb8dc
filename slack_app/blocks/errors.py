"""What an error means, in a person's language: one table from the library's codes."""

from wuts.errors import (
    AmbiguousDeviceError,
    AmbiguousPhoneNumberError,
    CheckBudgetUsedUpError,
    ErrorCode,
    InvalidPhoneNumberError,
    UnknownDeviceError,
    WutsError,
)
from wuts.pairing import PairingInProgressError

from ..messages import Strings
from .parts import escape, shorten, when

_LONGEST_NAME = 100

TEXTS: dict[ErrorCode, str] = {
    ErrorCode.CONFIGURATION: "problem_settings",
    ErrorCode.USAGE: "problem_usage",
    ErrorCode.INVALID_PHONE_NUMBER: "problem_phone",
    ErrorCode.AMBIGUOUS_PHONE_NUMBER: "problem_phone_twofold",
    ErrorCode.UNKNOWN_DEVICE: "no_such_device",
    ErrorCode.AMBIGUOUS_DEVICE: "several_devices",
    ErrorCode.GATEWAY_UNREACHABLE: "problem_unreachable",
    ErrorCode.CERTIFICATE_UNTRUSTED: "problem_certificate_untrusted",
    ErrorCode.CERTIFICATE_EXPIRED: "problem_certificate_expired",
    ErrorCode.CERTIFICATE_WRONG_HOST: "problem_certificate_host",
    ErrorCode.NAME_NOT_FOUND: "problem_name_not_found",
    ErrorCode.CONNECTION_REFUSED: "problem_port_closed",
    ErrorCode.NO_ANSWER: "problem_no_answer",
    ErrorCode.TOO_MANY_OPEN_FILES: "problem_open_files",
    ErrorCode.TOKEN_REFUSED: "problem_access",
    ErrorCode.NOT_ALLOWED: "problem_forbidden",
    ErrorCode.DEVICE_GONE: "problem_device_gone",
    ErrorCode.NOT_CONNECTED: "problem_not_connected",
    ErrorCode.DEVICE_NOT_READY: "problem_not_ready",
    ErrorCode.ALREADY_CONNECTED: "problem_connected",
    ErrorCode.ALREADY_PAIRED: "problem_paired",
    ErrorCode.CODE_NOT_READY: "problem_no_code",
    ErrorCode.GATEWAY_BUSY: "problem_busy",
    ErrorCode.RATE_LIMITED: "problem_busy",
    ErrorCode.GATEWAY_FAILED: "problem_failed",
    ErrorCode.REFUSED: "problem_other",
    ErrorCode.UNEXPECTED_ANSWER: "problem_unexpected",
    ErrorCode.PAIRING_IN_PROGRESS: "in_progress",
    ErrorCode.DEADLINE_PASSED: "pairing_timed_out",
    ErrorCode.LINK_DROPPED: "pairing_dropped",
    ErrorCode.PHONE_OFFLINE: "pairing_offline",
    ErrorCode.PASSKEY_SUSPECTED: "pairing_passkey",
    ErrorCode.PAIR_ERROR: "pairing_refused",
    ErrorCode.ACCOUNT_REMOVED: "pairing_account_removed",
    ErrorCode.ACCOUNT_CHANGED: "pairing_account_changed",
    ErrorCode.WRONG_DEVICE: "problem_wrong_device",
    ErrorCode.NOT_VERIFIED: "problem_not_verified",
    ErrorCode.CHECK_BUDGET_USED_UP: "problem_budget",
    ErrorCode.STORE_FAILED: "problem_store",
    ErrorCode.STORE_OWNED: "problem_store_owned",
    ErrorCode.STORE_LOST: "problem_store_lost",
    ErrorCode.STORE_OTHER_ACCOUNT: "problem_store_other_account",
}
"""Which of `Strings` says what a code means."""

_WHOLE = {
    ErrorCode.DEADLINE_PASSED,
    ErrorCode.LINK_DROPPED,
    ErrorCode.PHONE_OFFLINE,
    ErrorCode.PASSKEY_SUSPECTED,
    ErrorCode.PAIR_ERROR,
}
"""Failures of a pairing whose string says all."""


WAITING: dict[ErrorCode, str] = {
    ErrorCode.GATEWAY_BUSY: "waiting_busy",
    ErrorCode.RATE_LIMITED: "waiting_limited",
    ErrorCode.NO_ANSWER: "waiting_no_answer",
    ErrorCode.GATEWAY_UNREACHABLE: "waiting_unreachable",
    ErrorCode.CONNECTION_REFUSED: "waiting_unreachable",
    ErrorCode.NAME_NOT_FOUND: "waiting_unreachable",
    ErrorCode.UNEXPECTED_ANSWER: "waiting_unexpected",
    ErrorCode.CODE_NOT_READY: "waiting_code",
    ErrorCode.PASSKEY_SUSPECTED: "stalled_passkey",
    ErrorCode.PHONE_OFFLINE: "stalled_offline",
    ErrorCode.LINK_DROPPED: "stalled_dropped",
}
"""Which of `Strings` says what a pairing waits for; `Strings.pairing_waiting` where none does."""


def waiting_text(code: ErrorCode | None, strings: Strings) -> str:
    """Return what a pairing that continues is waiting for."""
    name = "pairing_waiting" if code is None else WAITING.get(code, "pairing_waiting")
    text: str = getattr(strings, name)
    return text


def error_text(error: WutsError, strings: Strings) -> str:
    """Return one line that says what to do."""
    text = _text(error.code, strings)
    match error:
        case PairingInProgressError():
            return _in_progress_text(error, strings)
        case InvalidPhoneNumberError():
            return _phone_text(error, strings)
        case CheckBudgetUsedUpError():
            return _budget_text(error, strings)
        case UnknownDeviceError():
            return text.format(name=shown_wanted(error))
        case AmbiguousDeviceError():
            ids = ", ".join(f"`{escape(device.id)}`" for device in error.candidates)
            return f"{text.format(name=shown_wanted(error))} {ids}"
    return text


def failure_text(code: ErrorCode, strings: Strings, cause: ErrorCode | None = None) -> str:
    """Return why a pairing failed and what to do.

    Args:
        code: Why.
        strings: The language.
        cause: What did not answer as it should when time ran out, or None.
    """
    if code is ErrorCode.PAIRING_IN_PROGRESS:
        return strings.pairing_failed.format(problem=strings.pairing_elsewhere)
    text = _text(code, strings)
    if cause is not None:
        text = f"{text} {_text(cause, strings)}"
    return text if code in _WHOLE else strings.pairing_failed.format(problem=text)


def shown_wanted(error: UnknownDeviceError | AmbiguousDeviceError) -> str:
    """Return the name that somebody typed, for a text with mark-up."""
    return escape(shorten(error.wanted, _LONGEST_NAME))


def _in_progress_text(error: PairingInProgressError, strings: Strings) -> str:
    owner = error.owner or strings.somebody
    if error.since is None:
        return strings.in_progress.format(owner=owner)
    return strings.in_progress_since.format(owner=owner, time=when(error.since))


def _phone_text(error: InvalidPhoneNumberError, strings: Strings) -> str:
    text = _text(error.code, strings)
    codes = [f"+{code}" for code in error.codes]
    if isinstance(error, AmbiguousPhoneNumberError):
        text = text.format(codes=strings.either.join(f"{code} …" for code in codes))
    elif codes:
        text = strings.problem_phone_home.format(country=error.country, code=codes[0])
    if error.place is None:
        return text
    return strings.problem_phone_at.format(place=error.place, problem=text)


def _budget_text(error: CheckBudgetUsedUpError, strings: Strings) -> str:
    if error.free_at is None:
        return strings.problem_budget_never.format(left=error.left, limit=error.limit)
    time = when(error.free_at)
    return strings.problem_budget.format(left=error.left, limit=error.limit, time=time)


def _text(code: ErrorCode, strings: Strings) -> str:
    text: str = getattr(strings, TEXTS[code])
    return text
