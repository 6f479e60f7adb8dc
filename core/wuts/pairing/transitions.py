"""The small moves that the pairing's state machine is made of."""

from collections.abc import Mapping
from dataclasses import replace

from ..models import SessionStatus
from ..phone import same_number
from .events import Failed, FailureReason, Outcome, Paired, PairedHow, WrongAccount
from .state import Call, Phase, State, Step


def schedule(state: State, call: Call, when: float) -> State:
    """Make ``call`` at ``when``, or as soon after it as its last failure allows.

    Any other time that was set for it before is forgotten.
    """
    return replace(state, due={**state.due, call: max(when, state.held.get(call, when))})


def poll(state: State, now: float) -> State:
    """Read the status at the usual interval, or sooner when the shown code is to be replaced."""
    when = now + state.settings.poll_interval
    if state.offer_due is not None:
        when = max(now, min(when, state.offer_due))
    return schedule(state, Call.STATUS, when)


def ask_for_offer(state: State, now: float) -> State:
    """Ask for the next QR or code, and go on looking for a scan of the present one."""
    due: Mapping[Call, float] = {
        call: when for call, when in state.due.items() if call is not Call.QR_STATUS
    }
    state = schedule(replace(state, due=due, offer_due=None), state.offer_call, now)
    return poll(state, now)


def finish(state: State, status: SessionStatus, how: PairedHow) -> Step:
    """End with the linked account, or say that it is not the expected one."""
    paired = Paired(phone_number=status.phone_number, how=how)
    return end(state, wrong_account(state, status) or paired)


def wrong_account(state: State, status: SessionStatus) -> WrongAccount | None:
    """Return that another account than the expected one was linked, if that is so."""
    expected, linked = state.settings.expected_number, status.phone_number
    if expected is None or linked is None or same_number(expected, linked):
        return None
    return WrongAccount(phone_number=linked, expected=expected)


def link_dropped(state: State) -> Step:
    """End because a fresh link did not hold."""
    message = (
        "The phone scanned the code, but the link was dropped right after. "
        "Check the phone's internet connection and that it has a free place under "
        "Linked devices, then start again."
    )
    return end(state, Failed(reason=FailureReason.LINK_DROPPED, message=message))


def deadline_passed(state: State) -> Failed:
    """Return the end that comes when no phone was linked in time."""
    message = "Time ran out before a phone was linked. Start again."
    if state.waiting and state.last_problem:
        message = f"{message} The last problem was: {state.last_problem}"
    return Failed(reason=FailureReason.DEADLINE_PASSED, message=message)


def end(state: State, outcome: Outcome, step: Step | None = None) -> Step:
    """End with ``outcome``, behind what ``step`` already tells."""
    state = replace(state, phase=Phase.ENDED, due={}, in_flight=frozenset(), offer_due=None)
    return Step(state, events=(*(step.events if step else ()), outcome))
