"""The pairing's state machine: pure, with time passed in.

`advance` takes what happened and returns what follows. The thin layer around it (`session`) makes
the calls and hands back their answers.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from ..errors import AlreadyConnectedError, AlreadyPairedError
from ..models import ConnectResult, PairCode, QrCode, QrStatus, SessionStatus
from ..phone import same_number
from .events import (
    CodeReady,
    Failed,
    FailureReason,
    Outcome,
    Paired,
    PairedHow,
    QrReady,
    Scanned,
    Waiting,
    WrongAccount,
)
from .state import Call, CallFailed, Happening, PairingSettings, Phase, State, Step, Tick
from .troubles import delay_before_retry, failure_for

SHORTEST_LIFETIME = 1.0
"""Seconds a QR or code must have left to be worth showing."""

LONGEST_LEAD = 5.0
"""Seconds before its end that a QR or code is replaced, at most."""

LEAD_SHARE = 0.15
"""The share of its lifetime before its end at which a short-lived one is replaced."""

RECONNECT_PATIENCE = 20.0
"""Seconds from a ``/connect`` that said connected until it is asked again."""


def start(settings: PairingSettings, now: float, wall_now: datetime) -> Step:
    """Begin a pairing at monotonic ``now`` (seconds), which the wall clock calls ``wall_now``."""
    state = State(
        settings=settings,
        epoch=wall_now - timedelta(seconds=now),
        deadline=now + settings.deadline,
        due={Call.STATUS: now},
    )
    return _launch(Step(state), now)


def advance(state: State, happening: Happening, now: float) -> Step:
    """Return what follows from ``happening`` at monotonic ``now`` (seconds)."""
    if state.phase is Phase.ENDED:
        return Step(state)
    step = _react(state, happening, now)
    step = _enforce_bounds(step, now)
    return _launch(step, now)


def _react(state: State, happening: Happening, now: float) -> Step:
    match happening:
        case SessionStatus():
            return _on_status(_succeeded(state, Call.STATUS), happening, now)
        case ConnectResult():
            return _on_connect(_succeeded(state, Call.CONNECT), happening, now)
        case QrCode() | PairCode():
            return _on_offer(_succeeded(state, state.offer_call), happening, now)
        case QrStatus():
            return _on_qr_status(_succeeded(state, Call.QR_STATUS), happening, now)
        case CallFailed():
            return _on_failure(state, happening, now)
        case Tick():
            return Step(state)


def _succeeded(state: State, call: Call) -> State:
    failures = {other: count for other, count in state.failures.items() if other is not call}
    return replace(
        state,
        in_flight=state.in_flight - {call},
        failures=failures,
        waiting=state.waiting and bool(failures),
    )


def _on_status(state: State, status: SessionStatus, now: float) -> Step:
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
        return _finish(state, status, PairedHow.ALREADY_CONNECTED)
    if status.has_credentials:
        return Step(_schedule(replace(state, phase=Phase.RECONNECTING), Call.CONNECT, now))
    return Step(_offer(replace(state, phase=Phase.OFFERING, offer_due=now), now))


def _on_reconnecting_status(state: State, status: SessionStatus, now: float) -> Step:
    if status.ready:
        return _finish(state, status, PairedHow.RECONNECTED)
    return Step(_schedule(state, Call.STATUS, now + state.settings.poll_interval))


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
        return Step(_offer(state, now))
    return Step(_poll(state, now))


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
        return _dropped(state)
    patience_ends = state.patience_ends or now + state.settings.link_patience
    state = replace(state, settled_at=None, patience_ends=patience_ends)
    return Step(_schedule(state, Call.STATUS, now + state.settings.poll_interval))


def _on_ready_link(state: State, status: SessionStatus, now: float) -> Step:
    settled_at = now + state.settings.settle if state.settled_at is None else state.settled_at
    if _wrong_account(state, status) or settled_at <= now:
        return _finish(state, status, PairedHow.LINKED)
    state = replace(state, settled_at=settled_at, patience_ends=None, rescued=False)
    due = {Call.STATUS: min(now + state.settings.poll_interval, settled_at)}
    return Step(replace(state, due=due))


def _on_connect(state: State, result: ConnectResult, now: float) -> Step:
    if state.phase is Phase.SETTLING:
        return _dropped(state) if result.needs_qr else Step(_schedule(state, Call.STATUS, now))
    if state.phase is not Phase.RECONNECTING:
        return Step(state)
    if result.needs_qr:
        state = replace(state, phase=Phase.OFFERING, offer_due=now, due={})
        return Step(_schedule(state, Call.STATUS, now))
    state = _schedule(state, Call.CONNECT, now + RECONNECT_PATIENCE)
    return Step(_schedule(state, Call.STATUS, now))


def _on_offer(state: State, offer: QrCode | PairCode, now: float) -> Step:
    if state.phase is not Phase.OFFERING:
        return Step(state)
    lifetime = offer.lifetime
    if lifetime < SHORTEST_LIFETIME:
        again = replace(state, offer_due=now + SHORTEST_LIFETIME)
        return Step(_poll(again, now))
    lead = min(LONGEST_LEAD, lifetime * LEAD_SHARE)
    state = replace(state, offers=state.offers + 1, offered_at=now, offer_due=now + lifetime - lead)
    expires_at = state.wall_time(now + lifetime)
    if isinstance(offer, PairCode):
        event: QrReady | CodeReady = CodeReady(
            code=offer.code,
            phone=offer.phone or state.settings.phone or "",
            expires_at=expires_at,
            lifetime=lifetime,
            instructions=offer.instructions,
            number=state.offers,
        )
    else:
        event = QrReady(qr=offer, expires_at=expires_at, lifetime=lifetime, number=state.offers)
        state = _schedule(state, Call.QR_STATUS, now + state.settings.qr_status_interval)
    return Step(_poll(state, now), events=(event,))


def _on_qr_status(state: State, status: QrStatus, now: float) -> Step:
    if state.phase is not Phase.OFFERING or state.offer_due is None:
        return Step(state)
    shown_until = state.offered_at + state.settings.shortest_showing
    if status.exists or now < shown_until:
        return Step(_schedule(state, Call.QR_STATUS, now + state.settings.qr_status_interval))
    return Step(_schedule(replace(state, offer_due=now), Call.STATUS, now))


def _on_failure(state: State, failed: CallFailed, now: float) -> Step:
    call, error = failed.call, failed.error
    state = replace(state, in_flight=state.in_flight - {call})
    if isinstance(error, AlreadyConnectedError | AlreadyPairedError):
        return Step(_on_already_linked(state, call, now))
    ending = failure_for(state, call, error)
    if ending:
        return _end(state, ending)
    failures = state.failures.get(call, 0) + 1
    delay = delay_before_retry(error, failures)
    state = replace(state, failures={**state.failures, call: failures})
    if call is Call.QR_STATUS:
        return Step(_schedule(state, call, now + max(delay, state.settings.qr_status_interval)))
    state = _retry(replace(state, last_problem=error.message), call, now + delay, now)
    if state.waiting:
        return Step(state)
    waiting = Waiting(reason=error.message, retry_in=delay)
    return Step(replace(state, waiting=True), events=(waiting,))


def _retry(state: State, call: Call, when: float, now: float) -> State:
    if call is not state.offer_call:
        return _schedule(state, call, when)
    if state.phase is not Phase.OFFERING:
        return state
    return _poll(replace(state, offer_due=when), now)


def _on_already_linked(state: State, call: Call, now: float) -> State:
    """The gateway holds credentials after all: from a scan of ours, or from before."""
    if state.phase is not Phase.OFFERING:
        return state
    if state.offers:
        patience_ends = now + state.settings.link_patience
        state = replace(
            state, phase=Phase.SETTLING, offer_due=None, patience_ends=patience_ends, due={}
        )
        return _schedule(state, Call.STATUS, now)
    failures = state.failures.get(call, 0) + 1
    delay = 0.0 if failures == 1 else 2.0 ** (failures - 1)
    state = replace(state, phase=Phase.RECONNECTING, offer_due=None, due={})
    state = replace(state, failures={**state.failures, call: failures})
    return _schedule(state, Call.CONNECT, now + min(delay, RECONNECT_PATIENCE))


def _enforce_bounds(step: Step, now: float) -> Step:
    state = step.state
    if state.phase is Phase.ENDED:
        return step
    if state.phase is not Phase.SETTLING:
        return step if now < state.deadline else _end(state, _deadline_passed(state), step)
    if state.patience_ends is None or now < state.patience_ends:
        return step
    if state.rescued:
        ended = _dropped(state)
        return Step(ended.state, events=step.events + ended.events)
    patience_ends = now + state.settings.link_patience
    state = replace(state, rescued=True, patience_ends=patience_ends)
    return replace(step, state=_schedule(state, Call.CONNECT, now))


def _launch(step: Step, now: float) -> Step:
    state = step.state
    calls = tuple(
        call for call, when in state.due.items() if when <= now and call not in state.in_flight
    )
    due = {call: when for call, when in state.due.items() if call not in calls}
    state = replace(state, due=due, in_flight=state.in_flight | set(calls))
    return replace(step, state=state, calls=calls)


def _offer(state: State, now: float) -> State:
    """Ask for the next QR or code, and go on looking for a scan of the present one."""
    due: Mapping[Call, float] = {
        call: when for call, when in state.due.items() if call is not Call.QR_STATUS
    }
    state = _schedule(replace(state, due=due, offer_due=None), state.offer_call, now)
    return _poll(state, now)


def _poll(state: State, now: float) -> State:
    """Read the status at the usual interval, or sooner when the shown code is to be replaced."""
    when = now + state.settings.poll_interval
    if state.offer_due is not None:
        when = max(now, min(when, state.offer_due))
    return _schedule(state, Call.STATUS, when)


def _schedule(state: State, call: Call, when: float) -> State:
    return replace(state, due={**state.due, call: when})


def _wrong_account(state: State, status: SessionStatus) -> WrongAccount | None:
    expected, linked = state.settings.expected_number, status.phone_number
    if expected is None or linked is None or same_number(expected, linked):
        return None
    return WrongAccount(phone_number=linked, expected=expected)


def _finish(state: State, status: SessionStatus, how: PairedHow) -> Step:
    paired = Paired(phone_number=status.phone_number, how=how)
    return _end(state, _wrong_account(state, status) or paired)


def _dropped(state: State) -> Step:
    message = (
        "The phone scanned the code, but the link was dropped right after. "
        "Check the phone's internet connection and that it has a free place under "
        "Linked devices, then start again."
    )
    return _end(state, Failed(reason=FailureReason.LINK_DROPPED, message=message))


def _deadline_passed(state: State) -> Failed:
    message = "Time ran out before a phone was linked. Start again."
    if state.waiting and state.last_problem:
        message = f"{message} The last problem was: {state.last_problem}"
    return Failed(reason=FailureReason.DEADLINE_PASSED, message=message)


def _end(state: State, outcome: Outcome, step: Step | None = None) -> Step:
    state = replace(state, phase=Phase.ENDED, due={}, in_flight=frozenset(), offer_due=None)
    return Step(state, events=(*(step.events if step else ()), outcome))
