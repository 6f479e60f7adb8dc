"""The pairing's state machine: pure, with time passed in.

`advance` takes an input, an answer or a tick, and returns what follows. The thin layer around it
(`session`) makes the calls and hands back their answers.
"""

from dataclasses import replace
from datetime import datetime, timedelta
from math import inf

from ..errors import AlreadyConnectedError, AlreadyPairedError
from ..models import ConnectResult, PairCode, QrCode, QrStatus, SessionStatus
from .error_policy import delay_before_retry, failure_for, is_outage
from .events import CodeReady, QrReady, Waiting
from .looks import on_status
from .stalls import on_qr_status
from .state import Call, CallFailed, Ending, Hint, Input, PairingSettings, Phase, State, Step, Tick
from .transitions import deadline_passed, end, fail, link_dropped, link_given_up, poll, schedule

SHORTEST_LIFETIME = 1.0
"""Seconds a QR or code must have left to be worth showing."""

LONGEST_LEAD = 5.0
"""Seconds before its end that a QR or code is replaced, at most."""

LEAD_SHARE = 0.15
"""The share of its lifetime before its end at which a short-lived one is replaced."""

RECONNECT_PATIENCE = 20.0
"""Seconds from a ``/connect`` that said connected until it is asked again."""

FAILURES_OF_AN_OUTAGE = 2
"""Looks in a row that fail until the gateway may have restarted."""

HINT_PAUSE = 1.0
"""Seconds between two looks that hints bring forward, at least."""


def start(settings: PairingSettings, now: float, wall_now: datetime) -> Step:
    """Begin a pairing at monotonic ``now`` (seconds), which the wall clock calls ``wall_now``."""
    state = State(
        settings=settings,
        epoch=wall_now - timedelta(seconds=now),
        deadline=now + settings.deadline,
        due={Call.STATUS: now},
    )
    return _launch(Step(state), now)


def advance(state: State, answer: Input, now: float) -> Step:
    """Return what follows from an input at monotonic ``now`` (seconds)."""
    if state.phase is Phase.ENDED:
        return Step(state)
    step = _react(state, answer, now)
    step = _enforce_bounds(step, now)
    return _launch(step, now)


def _react(state: State, answer: Input, now: float) -> Step:
    match answer:
        case SessionStatus():
            return on_status(_succeeded(state, Call.STATUS), answer, now)
        case ConnectResult():
            return _on_connect(_succeeded(state, Call.CONNECT), answer, now)
        case QrCode() | PairCode():
            return _on_offer(_succeeded(state, state.offer_call), answer, now)
        case QrStatus():
            return on_qr_status(_succeeded(state, Call.QR_STATUS), answer, now)
        case CallFailed():
            return _on_failure(state, answer, now)
        case _:
            return _on_outside(state, answer, now)


def _on_outside(state: State, news: Hint | Ending | Tick, now: float) -> Step:
    """Take in anything but a call's answer."""
    if isinstance(news, Hint):
        return Step(_on_hint(state, news, now))
    return fail(state, news.reason) if isinstance(news, Ending) else Step(state)


def _succeeded(state: State, call: Call) -> State:
    failures = {other: count for other, count in state.failures.items() if other is not call}
    return replace(
        state,
        in_flight=state.in_flight - {call},
        held={other: until for other, until in state.held.items() if other is not call},
        streaks={other: streak for other, streak in state.streaks.items() if other is not call},
        failures=failures,
        waiting=state.waiting and bool(failures),
    )


def _on_connect(state: State, result: ConnectResult, now: float) -> Step:
    if state.phase is Phase.SETTLING:
        return link_dropped(state) if result.needs_qr else Step(schedule(state, Call.STATUS, now))
    if state.phase is not Phase.RECONNECTING:
        return Step(state)
    if result.needs_qr:
        state = replace(state, phase=Phase.OFFERING, offer_due=now, due={})
        return Step(schedule(state, Call.STATUS, now))
    state = schedule(state, Call.CONNECT, now + RECONNECT_PATIENCE)
    return Step(schedule(state, Call.STATUS, now))


def _on_offer(state: State, offer: QrCode | PairCode, now: float) -> Step:
    if state.phase is not Phase.OFFERING:
        return Step(state)
    lifetime = offer.lifetime
    if lifetime < SHORTEST_LIFETIME:
        again = replace(state, offer_due=now + SHORTEST_LIFETIME)
        return Step(poll(again, now))
    lead = min(LONGEST_LEAD, lifetime * LEAD_SHARE)
    offer_due = now + lifetime - lead
    state = replace(state, offers=state.offers + 1, offered_at=now, offer_due=offer_due)
    state = replace(state, seen_alive=False, seen_idle=False)
    state = replace(state, gone_since=None, is_used=False, may_have_restarted=False)
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
        early_until = offer_due if offer.tells_lifetime else now + lifetime / 2
        state = replace(state, early_until=early_until)
        state = schedule(state, Call.QR_STATUS, now + state.settings.qr_status_interval)
    return Step(poll(state, now), events=(event,))


def _on_hint(state: State, hint: Hint, now: float) -> State:
    """Look at once; however many hints come, no more than once in `HINT_PAUSE`."""
    is_asked = Call.STATUS in state.in_flight
    when = min(max(now, state.hints_from), state.due.get(Call.STATUS, inf))
    if not is_asked and Call.STATUS in state.due:
        state = schedule(replace(state, hints_from=when + HINT_PAUSE), Call.STATUS, when)
    if not hint.is_refusal or not state.offers:
        return state
    # The answer under way may be older than the refusal.
    return replace(state, looks_until_refused=2 if is_asked else 1)


def _on_failure(state: State, failed: CallFailed, now: float) -> Step:
    call, error = failed.call, failed.error
    streaks = {**state.streaks, call: (error.code, state.repeats(call, error))}
    state = replace(state, in_flight=state.in_flight - {call}, streaks=streaks)
    if isinstance(error, AlreadyConnectedError | AlreadyPairedError):
        return Step(_on_already_linked(state, call, now))
    ending = failure_for(state, call, error)
    if ending:
        return end(state, ending)
    failures = state.failures.get(call, 0) + 1
    delay = delay_before_retry(error, failures)
    state = replace(
        state,
        failures={**state.failures, call: failures},
        held={**state.held, call: now + delay},
    )
    if call is Call.QR_STATUS:
        return Step(schedule(state, call, now + max(delay, state.settings.qr_status_interval)))
    looks = min(state.looks_until_refused, 1) if call is Call.STATUS else state.looks_until_refused
    state = replace(state, last_error=error, troubled=True, seen_alive=False)
    was_away = call is Call.STATUS and failures >= FAILURES_OF_AN_OUTAGE and is_outage(error)
    state = replace(
        state,
        looks_until_refused=looks,
        may_have_restarted=state.may_have_restarted or was_away,
    )
    state = _retry(state, call, now + delay, now)
    if state.waiting:
        return Step(state)
    waiting = Waiting(code=error.code, reason=error.message, retry_in=delay)
    return Step(replace(state, waiting=True), events=(waiting,))


def _retry(state: State, call: Call, when: float, now: float) -> State:
    if call is not state.offer_call:
        return schedule(state, call, when)
    if state.phase is not Phase.OFFERING:
        return state
    return poll(replace(state, offer_due=when), now)


def _on_already_linked(state: State, call: Call, now: float) -> State:
    """The gateway holds credentials after all: from a scan of ours, or from before."""
    if state.phase is not Phase.OFFERING:
        if call is state.offer_call:
            return state
        return schedule(state, Call.STATUS, now + state.settings.poll_interval)
    if state.offers:
        patience_ends = now + state.settings.link_patience
        state = replace(state, phase=Phase.SETTLING, linked=None, offer_due=None, due={})
        state = replace(state, patience_ends=patience_ends)
        return schedule(state, Call.STATUS, now)
    failures = state.failures.get(call, 0) + 1
    delay = 0.0 if failures == 1 else 2.0 ** (failures - 1)
    state = replace(state, phase=Phase.RECONNECTING, offer_due=None, due={})
    state = replace(state, failures={**state.failures, call: failures})
    return schedule(state, Call.CONNECT, now + min(delay, RECONNECT_PATIENCE))


def _enforce_bounds(step: Step, now: float) -> Step:
    state = step.state
    if state.phase is Phase.ENDED:
        return step
    if now >= state.ends_at:
        return end(state, deadline_passed(state), step)
    if state.patience_ends is None or now < state.patience_ends:
        return step
    if state.rescued:
        ended = link_given_up(state)
        return Step(ended.state, events=step.events + ended.events)
    patience_ends = now + state.settings.link_patience
    state = replace(state, rescued=True, patience_ends=patience_ends)
    return replace(step, state=schedule(state, Call.CONNECT, now))


def _launch(step: Step, now: float) -> Step:
    state = step.state
    calls = tuple(
        call for call, when in state.due.items() if when <= now and call not in state.in_flight
    )
    due = {call: when for call, when in state.due.items() if call not in calls}
    state = replace(state, due=due, in_flight=state.in_flight | set(calls))
    return replace(step, state=state, calls=calls)
