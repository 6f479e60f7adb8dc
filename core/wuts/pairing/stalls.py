"""What follows the use of a QR or code while no link comes: a wait, a suspicion, a new offer.

The gateway does not say that a code was used. A QR that it called alive is gone well before its
time, or its session begins to connect while a code is shown. If credentials follow, all is
fine. If nothing does, and no call failed meanwhile, the phone may have been asked for a passkey: no
page of the contract has an event or a call for that step.
"""

from dataclasses import replace

from ..models import QrStatus, SessionStatus
from .events import Scanned, Stalled, StallReason
from .state import Call, Phase, State, Step
from .transitions import ask_for_offer, poll, schedule

SECOND_LOOK = 1.0
"""Seconds until a QR that is gone is looked for again: ``/qr/status`` may be wrong once."""


def on_qr_status(state: State, status: QrStatus, now: float) -> Step:
    """Take in whether the gateway still knows the QR that is shown."""
    if state.phase is not Phase.OFFERING or state.offer_due is None:
        return Step(state)
    later = now + state.settings.qr_status_interval
    if status.exists:
        state = replace(state, seen_alive=True, gone_since=None)
        return Step(schedule(state, Call.QR_STATUS, later))
    if state.seen_alive and now < state.early_until:
        return _on_early_end(state, now)
    if now < state.offered_at + state.settings.shortest_showing:
        return Step(schedule(state, Call.QR_STATUS, later))
    return Step(schedule(replace(state, offer_due=now), Call.STATUS, now))


def _on_early_end(state: State, now: float) -> Step:
    state = schedule(state, Call.STATUS, now)  # most often the link is there already
    if state.gone_since is not None:
        return Step(replace(state, is_used=True))
    again = now + min(SECOND_LOOK, state.settings.qr_status_interval)
    return Step(schedule(replace(state, gone_since=now, troubled=False), Call.QR_STATUS, again))


def taken(state: State, now: float) -> Step:
    """Take the QR or code down: it was used, and there is no link yet."""
    since = now if state.gone_since is None else state.gone_since
    stall_at = since + state.settings.stall_patience
    state = replace(state, phase=Phase.TAKEN, offer_due=None, due={}, stall_at=stall_at)
    return Step(poll(state, now), events=(Scanned(phone_number=None),))


def nothing_followed(state: State, status: SessionStatus, now: float) -> Step:
    """Take in a status without the link that should follow; after a while, say so."""
    if state.stalled is not None:
        return Step(poll(state, now))
    if state.settings.phone is not None and not status.connecting:
        return _offer_again(state, now)  # the phone gave up, or it was not a phone
    if state.stall_at is None or now < state.stall_at:
        return Step(poll(state, now))
    if state.troubled:
        return _offer_again(state, now)  # it may be that the gateway has restarted
    reason = StallReason.PASSKEY_SUSPECTED
    state = replace(state, stalled=reason, stall_at=None)
    return Step(poll(state, now), events=(Stalled(reason=reason),))


def _offer_again(state: State, now: float) -> Step:
    return Step(ask_for_offer(replace(state, phase=Phase.OFFERING, stall_at=None), now))
