"""What ``/status`` means, by where the pairing is.

It means nothing yet, a scan, a link that holds, or one that drops.
"""

from dataclasses import replace

from ..models import SessionStatus
from .events import FailureReason, PairedHow, Scanned, Stalled, StallReason
from .stalls import nothing_followed, taken
from .state import Call, Phase, State, Step
from .transitions import (
    ask_for_offer,
    fail,
    finish,
    link_dropped,
    poll,
    schedule,
    wrong_account,
)


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
        case Phase.TAKEN:
            return _on_taken_status(state, status, now)
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
    """A link from before counts at once, unless it is not known yet whose it is."""
    if state.settings.expected_number is None or state.linked is not None:
        return finish(state)
    return _on_ready_link(replace(state, phase=Phase.SETTLING, due={}), now)


def _on_offering_status(state: State, status: SessionStatus, now: float) -> Step:
    """Look for a scan; only a fresh status without one lets the shown code be replaced.

    Replacing it in the middle of a scan would break the scan.
    """
    if state.offers == 0 and not status.ready:
        state = replace(state, baseline=(status.jid, status.is_logged_in))
    if _has_linked(state, status):
        return _scanned(state, status, now)
    if state.looks_until_refused == 1:
        return fail(state, FailureReason.PAIR_ERROR)
    return _unlinked(_one_look_less(state), status, now)


def _unlinked(state: State, status: SessionStatus, now: float) -> Step:
    if state.offer_due is None:
        return Step(poll(state, now))
    is_due = state.offer_due <= now
    if state.settings.phone is not None and status.connecting and state.seen_idle:
        return taken(replace(state, troubled=False), now)
    if state.is_used:
        return taken(state, now)
    state = replace(state, seen_idle=state.seen_idle or not status.connecting)
    if is_due or (state.settings.phone is not None and state.may_have_restarted):
        return Step(ask_for_offer(state, now))
    return Step(poll(state, now))


def _on_taken_status(state: State, status: SessionStatus, now: float) -> Step:
    """Look for the link that should follow the use of a code."""
    if _has_linked(state, status):
        return _scanned(state, status, now)
    if state.looks_until_refused == 1:
        return fail(state, FailureReason.PAIR_ERROR)
    return nothing_followed(_one_look_less(state), status, now)


def _has_linked(state: State, status: SessionStatus) -> bool:
    """Return whether the gateway holds the credentials of a phone that it did not hold before."""
    if status.ready:
        return True
    return status.has_credentials and (status.jid, status.is_logged_in) != state.baseline


def _one_look_less(state: State) -> State:
    return replace(state, looks_until_refused=max(0, state.looks_until_refused - 1))


def _scanned(state: State, status: SessionStatus, now: float) -> Step:
    was_told = state.phase is Phase.TAKEN and state.stalled is None
    state = replace(state, phase=Phase.SETTLING, offer_due=None, due={})
    step = _on_settling_status(replace(state, stall_at=None, stalled=None), status, now)
    if step.state.phase is Phase.ENDED or (was_told and status.phone_number is None):
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
    state = schedule(state, Call.STATUS, now + state.settings.poll_interval)
    if state.stalled is not None:
        return Step(state)
    stall_at = state.stall_at or now + state.settings.stall_patience
    if now < stall_at:
        return Step(replace(state, stall_at=stall_at))
    reason = StallReason.LINK_DROPPED if state.was_up else StallReason.PHONE_OFFLINE
    state = replace(state, stalled=reason, stall_at=None)
    return Step(state, events=(Stalled(reason=reason),))


def _on_ready_link(state: State, now: float) -> Step:
    """Wait for the link to hold; a number that is missing yet may come meanwhile."""
    settled_at = now + state.settings.settle if state.settled_at is None else state.settled_at
    is_old = state.how is not PairedHow.LINKED and state.linked is not None
    if is_old or wrong_account(state) or settled_at <= now:
        return finish(state)
    events = () if state.stalled is None else (Scanned(phone_number=state.linked),)
    state = replace(state, settled_at=settled_at, patience_ends=None, rescued=False, was_up=True)
    due = {Call.STATUS: min(now + state.settings.poll_interval, settled_at)}
    return Step(replace(state, due=due, stalled=None, stall_at=None), events=events)
