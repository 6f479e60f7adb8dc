"""How a pairing ended, for people and for the audit log."""

from dataclasses import dataclass, field

from wuts.errors import ErrorCode
from wuts.pairing import Failed, Outcome, Paired, PairedHow, Unchecked, WrongAccount

from ..blocks.errors import failure_text
from ..blocks.numbers import masked
from ..blocks.pairing import LastMessage
from ..messages import Strings
from ..operations.audit import AuditOutcome


@dataclass(frozen=True, slots=True)
class Ending:
    """How a pairing ended.

    Attributes:
        outcome: The same for the audit log.
        text: The same for people; it holds no whole number.
        offers: What the last message offers.
        number: The linked phone's digits if they are known.
        question_id: Stands for what the last message asks about the phone.
        reason: Why no phone was linked, for a page that was handed on, or None.
    """

    outcome: AuditOutcome
    text: str
    offers: LastMessage = LastMessage.START_AGAIN
    number: str | None = field(default=None, repr=False)
    question_id: str = ""
    reason: ErrorCode | None = None


def ending_of(outcome: Outcome, user_id: str, strings: Strings) -> Ending:
    """Return what a session's outcome means to whoever paired."""
    match outcome:
        case Paired():
            return _paired(outcome, user_id, strings)
        case WrongAccount(phone_number=number, expected=expected):
            text = strings.wrong_account.format(number=masked(number), expected=masked(expected))
            offers = LastMessage.KEEP_OR_UNLINK
            return Ending(AuditOutcome.WRONG_ACCOUNT, text, offers, number)
        case Unchecked(expected=expected):
            text = strings.unchecked.format(expected=masked(expected))
            return Ending(AuditOutcome.UNCHECKED, text, LastMessage.KEEP_OR_UNLINK)
        case Failed():
            text = failure_text(outcome.code, strings, outcome.cause)
            return Ending(AuditOutcome.FAILED, text)


def _paired(event: Paired, user_id: str, strings: Strings) -> Ending:
    number = masked(event.phone_number) if event.phone_number else strings.no_number
    if event.how is PairedHow.ALREADY_CONNECTED:
        text = strings.paired_already.format(number=number)
    elif event.how is PairedHow.RECONNECTED:
        text = strings.paired_reconnected.format(number=number)
    elif event.phone_number:
        text = strings.paired.format(number=number, user=user_id)
    else:
        text = strings.paired_no_number.format(user=user_id)
    linked = event.how is PairedHow.LINKED
    outcome = AuditOutcome.PAIRED if linked else AuditOutcome.ALREADY_PAIRED
    text = f":white_check_mark: {text}"
    return Ending(outcome, text, LastMessage.NOTHING, event.phone_number)
