"""What ``/status`` means to a pairing: nothing yet, a scan, a link that holds or drops."""

from dataclasses import replace

from ..models import SessionStatus
from .events import PairedHow, Scanned
from .state import Call, Phase, State, Step
from .transitions import ask_for_offer, finish, link_dropped, poll, schedule, wrong_account


def on_status(state: State, status: SessionStatus, now: float) -> Step:
    """Take in what ``/status`` says, by where the pairing is."""
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
        return finish(state, status, PairedHow.ALREADY_CONNECTED)
    if status.has_credentials:
        return Step(schedule(replace(state, phase=Phase.RECONNECTING), Call.CONNECT, now))
    return Step(ask_for_offer(replace(state, phase=Phase.OFFERING, offer_due=now), now))


def _on_reconnecting_status(state: State, status: SessionStatus, now: float) -> Step:
    if status.ready:
        return finish(state, status, PairedHow.RECONNECTED)
    return Step(schedule(state, Call.STATUS, now + state.settings.poll_interval))


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
        return _on_ready_link(state, status, now)
    if not status.has_credentials:
        return link_dropped(state)
    patience_ends = state.patience_ends or now + state.settings.link_patience
    state = replace(state, settled_at=None, patience_ends=patience_ends)
    return Step(schedule(state, Call.STATUS, now + state.settings.poll_interval))


def _on_ready_link(state: State, status: SessionStatus, now: float) -> Step:
    settled_at = now + state.settings.settle if state.settled_at is None else state.settled_at
    if wrong_account(state, status) or settled_at <= now:
        return finish(state, status, PairedHow.LINKED)
    state = replace(state, settled_at=settled_at, patience_ends=None, rescued=False)
    due = {Call.STATUS: min(now + state.settings.poll_interval, settled_at)}
    return Step(replace(state, due=due))
