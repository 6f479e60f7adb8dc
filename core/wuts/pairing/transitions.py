"""The small steps that a pairing is made of: when to look again, and how it ends."""

from collections.abc import Mapping
from dataclasses import replace

from ..phone import same_number
from .events import (
    Failed,
    FailureReason,
    Outcome,
    Paired,
    StallReason,
    Unchecked,
    WrongAccount,
)
from .state import Call, Phase, State, Step

MESSAGES = {
    FailureReason.LINK_DROPPED: (
        "The phone scanned the code, but the connection dropped right after. Check the "
        "phone's internet connection, make sure that it has fewer than four linked "
        "devices, then start again."
    ),
    FailureReason.PHONE_OFFLINE: (
        "The phone used the code, but never connected. Make sure that the phone is online "
        "and has fewer than four linked devices, then start again."
    ),
    FailureReason.PASSKEY_SUSPECTED: (
        "The phone used the code, but was not linked. If the phone said “Continue on your "
        "other device” or “Create a passkey”, WhatsApp is asking for a passkey, and a new "
        "code won't help: only the gateway's operator can add support for passkeys."
    ),
    FailureReason.PAIR_ERROR: (
        "WhatsApp refused to link the phone. It may have four linked devices already: remove one "
        "under Linked devices, then start again."
    ),
    FailureReason.PAIRING_IN_PROGRESS: (
        "Somebody else is pairing this device. Wait until they are done, then start again."
    ),
    FailureReason.ACCOUNT_REMOVED: "The account was removed, so the pairing has ended.",
    FailureReason.ACCOUNT_CHANGED: (
        "The account's token or address was changed, so the pairing has ended. Start again."
    ),
}
"""What is said of an end that no error of the gateway names."""


def schedule(state: State, call: Call, when: float) -> State:
    """Make ``call`` at ``when``, or as soon after it as its last failure allows.

    Any other time that was set for it before is forgotten.
    """
    return replace(state, due={**state.due, call: max(when, state.held.get(call, when))})


def poll(state: State, now: float) -> State:
    """Read the status at the usual interval, or sooner when something hangs on it."""
    moments = (now + state.settings.poll_interval, state.offer_due, state.stall_at)
    when = min(moment for moment in moments if moment is not None)
    return schedule(state, Call.STATUS, max(now, when))


def ask_for_offer(state: State, now: float) -> State:
    """Ask for the next QR or code, and keep looking for a scan of the present one."""
    due: Mapping[Call, float] = {
        call: when for call, when in state.due.items() if call is not Call.QR_STATUS
    }
    state = schedule(replace(state, due=due, offer_due=None), state.offer_call, now)
    return poll(state, now)


def finish(state: State) -> Step:
    """End with the linked account, or say that it is not the expected one, or unknown."""
    expected = state.settings.expected_number
    if expected is not None and state.linked is None:
        return end(state, Unchecked(expected=expected, how=state.how))
    paired = Paired(phone_number=state.linked, how=state.how)
    return end(state, wrong_account(state) or paired)


def wrong_account(state: State) -> WrongAccount | None:
    """Return that another account than the expected one was linked, if that is so."""
    expected, linked = state.settings.expected_number, state.linked
    if expected is None or linked is None or same_number(expected, linked):
        return None
    return WrongAccount(phone_number=linked, expected=expected)


def link_dropped(state: State) -> Step:
    """End because a fresh link did not hold."""
    return fail(state, FailureReason.LINK_DROPPED)


def link_given_up(state: State) -> Step:
    """End because a fresh link stayed down for too long."""
    return link_dropped(state) if state.was_up else fail(state, FailureReason.PHONE_OFFLINE)


def fail(state: State, reason: FailureReason) -> Step:
    """End for a reason that no error names."""
    return end(state, Failed(reason=reason, message=MESSAGES[reason]))


def deadline_passed(state: State) -> Failed:
    """Return the end that comes when no phone was linked in time."""
    if state.stalled is StallReason.PASSKEY_SUSPECTED:
        reason = FailureReason.PASSKEY_SUSPECTED
        return Failed(reason=reason, message=MESSAGES[reason])
    message = "Time ran out before a phone was linked. Start again."
    reason, error = FailureReason.DEADLINE_PASSED, state.last_error
    if not state.waiting or error is None:
        return Failed(reason=reason, message=message)
    message = f"{message} The last problem was: {error.message}"
    return Failed(reason=reason, message=message, cause=error.code)


def end(state: State, outcome: Outcome, step: Step | None = None) -> Step:
    """End with ``outcome``, after what ``step`` already says."""
    state = replace(state, phase=Phase.ENDED, due={}, in_flight=frozenset(), offer_due=None)
    return Step(state, events=(*(step.events if step else ()), outcome))
