"""The transitions of a pairing: what ``/status`` means, and the small steps it is made of.

``/status`` means nothing yet, a scan, a link that holds, or one that drops.
"""

from collections.abc import Mapping
from dataclasses import replace

from ..models import SessionStatus
from ..phone import same_number
from .events import (
    Failed,
    FailureReason,
    Outcome,
    Paired,
    PairedHow,
    Scanned,
    Unchecked,
    WrongAccount,
)
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
    """Ask for the next QR or code, and keep looking for a scan of the present one."""
    due: Mapping[Call, float] = {
        call: when for call, when in state.due.items() if call is not Call.QR_STATUS
    }
    state = schedule(replace(state, due=due, offer_due=None), state.offer_call, now)
    return poll(state, now)


def finish(state: State) -> Step:
    """End with the linked account, or say that it is not the expected one, or cannot be told."""
    expected = state.settings.expected_number
    if expected is not None and state.linked is None:
        return end(state, Unchecked(expected=expected, how=state.how))
    paired = Paired(phone_number=state.linked, how=state.how)
    return end(state, _wrong_account(state) or paired)


def _wrong_account(state: State) -> WrongAccount | None:
    """Return that another account than the expected one was linked, if that is so."""
    expected, linked = state.settings.expected_number, state.linked
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


def on_status(state: State, status: SessionStatus, now: float) -> Step:
    """Take in what ``/status`` says, by where the pairing is."""
    known = None if state.phase is Phase.OFFERING else state.linked
    state = replace(state, linked=status.phone_number or known)
    match state.phase:
        case Phase.CHECKING:
            return _on_first_status(state, status, now)
        case Phase.RECONNECTING:
            return _on_reconnecting_status(state, status, now)
        case Phase.OFFERING:
            return _on_offering_status(state, status, now)
        case _:
            return _on_settling_status(state, status, now)


def _on_first_status(state: State, status: SessionStatus, now: float) -> Step:
    if status.ready:
        return _on_old_link(replace(state, how=PairedHow.ALREADY_CONNECTED), now)
    if status.has_credentials:
        return Step(schedule(replace(state, phase=Phase.RECONNECTING), Call.CONNECT, now))
    return Step(ask_for_offer(replace(state, phase=Phase.OFFERING, offer_due=now), now))


def _on_reconnecting_status(state: State, status: SessionStatus, now: float) -> Step:
    if status.ready:
        return _on_old_link(replace(state, how=PairedHow.RECONNECTED), now)
    return Step(schedule(state, Call.STATUS, now + state.settings.poll_interval))


def _on_old_link(state: State, now: float) -> Step:
    """A link from before counts at once, unless it is not known yet to whom it is."""
    if state.settings.expected_number is None or state.linked is not None:
        return finish(state)
    return _on_ready_link(replace(state, phase=Phase.SETTLING, due={}), now)


def _on_offering_status(state: State, status: SessionStatus, now: float) -> Step:
    """Look for a scan; only a fresh status without one lets the shown code be replaced.

    Replacing it in the middle of a scan would break the scan.
    """
    credentials = (status.jid, status.is_logged_in)
    if status.ready:
        return _scanned(state, status, now)
    if state.offers == 0:
        state = replace(state, baseline=credentials)
    elif status.has_credentials and credentials != state.baseline:
        return _scanned(state, status, now)
    if state.offer_due is not None and state.offer_due <= now:
        return Step(ask_for_offer(state, now))
    return Step(poll(state, now))


def _scanned(state: State, status: SessionStatus, now: float) -> Step:
    state = replace(state, phase=Phase.SETTLING, offer_due=None, due={})
    step = _on_settling_status(state, status, now)
    if step.state.phase is Phase.ENDED:
        return step
    return Step(step.state, events=(Scanned(phone_number=status.phone_number), *step.events))


def _on_settling_status(state: State, status: SessionStatus, now: float) -> Step:
    """Watch the fresh link: a link can be dropped seconds after the scan."""
    if status.ready:
        return _on_ready_link(state, now)
    if not status.has_credentials:
        return link_dropped(state)
    patience_ends = state.patience_ends or now + state.settings.link_patience
    state = replace(state, settled_at=None, patience_ends=patience_ends)
    return Step(schedule(state, Call.STATUS, now + state.settings.poll_interval))


def _on_ready_link(state: State, now: float) -> Step:
    """Wait for the link to hold; a number that is missing yet may come meanwhile."""
    settled_at = now + state.settings.settle if state.settled_at is None else state.settled_at
    is_old = state.how is not PairedHow.LINKED and state.linked is not None
    if is_old or _wrong_account(state) or settled_at <= now:
        return finish(state)
    state = replace(state, settled_at=settled_at, patience_ends=None, rescued=False)
    due = {Call.STATUS: min(now + state.settings.poll_interval, settled_at)}
    return Step(replace(state, due=due))
