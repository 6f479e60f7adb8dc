"""No sequence of answers, at whatever times, brings a pairing off its course."""

from math import inf

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.core.wuts.pairing.course import EPOCH, LINKING, OUTCOMES, READY, START, UNPAIRED, status
from tests.core.wuts.values import CODE, OTHER_PHONE, PAYLOAD, PHONE
from wuts import errors
from wuts.errors import WutsError
from wuts.models import ConnectResult, PairCode, QrCode, QrStatus
from wuts.pairing.events import Failed, FailureReason, PairingEvent
from wuts.pairing.machine import advance, start
from wuts.pairing.state import Call, CallFailed, Hint, Input, PairingSettings, Phase, Step, Tick

SECONDS = st.floats(0, 120)
LIFETIMES = st.none() | st.floats(-10, 1000)
PHONES = st.sampled_from([None, PHONE, OTHER_PHONE])

STATUSES = st.sampled_from([UNPAIRED, UNPAIRED, UNPAIRED, LINKING, LINKING, READY, READY]) | (
    st.builds(
        status,
        connected=st.booleans(),
        logged_in=st.booleans(),
        phone=PHONES,
        says=st.sampled_from(["", "connecting", "disconnected"]),
    )
)
SUCCESSES: dict[Call, st.SearchStrategy[Input]] = {
    Call.STATUS: STATUSES,
    Call.CONNECT: st.builds(ConnectResult, needs_qr=st.booleans()),
    Call.QR: LIFETIMES.map(lambda ttl: QrCode(qr_code=PAYLOAD, ttl=ttl)),
    Call.QR_STATUS: st.builds(QrStatus, exists=st.booleans()),
    Call.CODE: SECONDS.map(lambda life: PairCode(code=CODE, expires_in=life)),
}
ERRORS: st.SearchStrategy[WutsError] = st.sampled_from(
    [
        errors.AlreadyConnectedError(),
        errors.AlreadyPairedError(),
        errors.GatewayBusyError(),
        errors.GatewayBusyError(retry_after=7),
        errors.GatewayError(),
        errors.QrNotReadyError(),
        errors.RateLimitedError(retry_after=300),
        errors.UnexpectedAnswerError(),
        errors.WutsConnectionError(),
        errors.WutsTimeoutError(),
        errors.DeviceNotReadyError(),
    ]
)
REFUSALS: st.SearchStrategy[WutsError] = st.sampled_from(
    [
        errors.InvalidTokenError(),
        errors.ForbiddenError(),
        errors.DeviceNotFoundError(),
        errors.InvalidPhoneNumberError(),
        errors.RequestRefusedError(),
        errors.WrongDeviceError(),
    ]
)
NEVER_AN_END = (
    errors.AlreadyConnectedError,
    errors.AlreadyPairedError,
    errors.DeviceNotReadyError,
    errors.GatewayError,
    errors.QrNotReadyError,
    errors.RetryLaterError,
    errors.UnexpectedAnswerError,
    errors.WutsTimeoutError,
)
BY_TIME = {
    FailureReason.DEADLINE_PASSED,
    FailureReason.LINK_DROPPED,
    FailureReason.PHONE_OFFLINE,
    FailureReason.PASSKEY_SUSPECTED,
}
TRIES_LATER = 4
SETTINGS = st.builds(
    PairingSettings,
    phone=PHONES,
    expected_number=PHONES,
    deadline=st.floats(15, 600),
    poll_interval=st.floats(0.5, 10),
    qr_status_interval=st.floats(0.5, 10),
    shortest_showing=SECONDS,
    settle=SECONDS,
    link_patience=st.floats(0.1, 120),
)


MOVES = st.sampled_from(
    ["wake"] * 5 + ["succeed"] * 12 + ["fail"] * 4 + ["pass", "refuse", "hint", "hint"]
)


class AnyCourse:
    """One pairing, whose calls are answered with anything, in any order, at any time."""

    def __init__(self, chosen: PairingSettings) -> None:
        self.chosen = chosen
        self.now = START
        self.in_flight: list[Call] = []
        self.events: list[PairingEvent] = []
        self.streaks: dict[Call, tuple[WutsError, int]] = {}
        self.take(start(chosen, self.now, EPOCH))

    @property
    def ended(self) -> bool:
        return self.step.state.phase is Phase.ENDED

    def come_to(self, phase: Phase) -> None:
        """Begin with what usually happens, so that every phase is looked into."""
        if phase is Phase.RECONNECTING:
            self.say(Call.STATUS, LINKING)
        if phase in {Phase.OFFERING, Phase.TAKEN, Phase.SETTLING}:
            self.say(Call.STATUS, UNPAIRED)
            offer = self.in_flight[0]
            self.say(offer, QrCode(qr_code=PAYLOAD) if offer is Call.QR else PairCode(code=CODE))
        if phase is Phase.TAKEN:
            self.use_the_offer()
        if phase is Phase.SETTLING:
            while Call.STATUS not in self.in_flight:
                self.wake()
            self.say(Call.STATUS, LINKING)

    def use_the_offer(self) -> None:
        """Let the gateway show what it can of a QR or code that was used."""
        looks = [Call.QR_STATUS] * 3 if self.chosen.phone is None else [Call.STATUS] * 2
        for call, is_used in zip(looks, (False, True, True), strict=False):
            if not self.wait_for(call):
                return
            used = "connecting" if is_used else "disconnected"
            is_qr = call is Call.QR_STATUS
            self.say(call, QrStatus(exists=not is_used) if is_qr else status(says=used))

    def wake(self) -> None:
        self.let_pass(max(0.0, self.step.state.wake_at() - self.now))

    def let_pass(self, seconds: float) -> None:
        self.now += seconds
        self.take(advance(self.step.state, Tick(), self.now))

    def hint(self, *, is_refusal: bool) -> None:
        """Let a webhook tell something: that alone ends nothing."""
        self.take(advance(self.step.state, Hint(is_refusal=is_refusal), self.now))
        assert not self.ended or self.now >= self.step.state.deadline

    def wait_for(self, call: Call) -> bool:
        """Wake it until it makes a call; return whether it does."""
        for _ in range(20):
            if self.ended or call in self.in_flight:
                break
            self.wake()
        return not self.ended and call in self.in_flight

    def fail(self, call: Call, error: WutsError) -> None:
        """Fail a call; the pairing ends once a refusal was repeated often enough, never sooner."""
        last, times = self.streaks.get(call, (error, 0))
        times = times + 1 if last is error else 1
        needed = self.refusals_needed(call, error)
        self.say(call, CallFailed(call, error))
        self.streaks[call] = (error, times)
        if times >= needed:
            assert self.ended, "a refusal that lasts ends it"
        elif self.ended:
            outcome = self.events[-1]
            assert isinstance(outcome, Failed)
            assert outcome.reason in BY_TIME, "nothing that may pass ends it"

    def refusals_needed(self, call: Call, error: WutsError) -> float:
        first = self.step.state.phase is Phase.CHECKING
        if call is Call.QR_STATUS or isinstance(error, NEVER_AN_END):
            return inf
        if isinstance(error, errors.InvalidPhoneNumberError):
            return 1
        if isinstance(error, errors.WutsConnectionError):
            return 3 if first else inf
        if isinstance(error, errors.DeviceNotFoundError | errors.WrongDeviceError):
            return 3 if first else TRIES_LATER
        return 2 if first else TRIES_LATER

    def say(self, call: Call, answer: Input) -> None:
        self.streaks.pop(call, None)
        self.in_flight.remove(call)
        self.take(advance(self.step.state, answer, self.now))

    def take(self, step: Step) -> None:
        self.step = step
        self.in_flight += step.calls
        self.events += step.events
        self.check()

    def check(self) -> None:
        state = self.step.state
        outcomes = [told for told in self.events if isinstance(told, OUTCOMES)]
        assert len(outcomes) == int(self.ended), "it ends with one outcome"
        assert outcomes == self.events[len(self.events) - len(outcomes) :], "it is the last event"
        assert len(set(self.in_flight)) == len(self.in_flight), "no call is made twice at a time"
        if self.ended:
            return
        assert state.wake_at() > self.now, "it does not run hot"
        assert set(self.in_flight) == state.in_flight, "it knows what it waits for"
        assert state.due or state.in_flight or state.patience_ends, "there is something to come"
        assert self.now < START + self.latest_end, "it ends in time"

    @property
    def latest_end(self) -> float:
        chosen = self.chosen
        if self.step.state.phase is not Phase.SETTLING:
            return chosen.deadline
        return chosen.deadline + chosen.settle + 2 * chosen.link_patience


@pytest.mark.parametrize("phase", [phase for phase in Phase if phase is not Phase.ENDED])
@settings(max_examples=150)
@given(chosen=SETTINGS, data=st.data())
def test_no_answers_bring_a_pairing_off_its_course(
    phase: Phase, chosen: PairingSettings, data: st.DataObject
) -> None:
    course = AnyCourse(chosen)
    course.come_to(phase)
    for _ in range(data.draw(st.integers(0, 40))):
        if course.ended:
            break
        move(course, data)
        event(course.step.state.phase)
    let_it_end(course)
    event(f"ended by {course.events[-1]}"[:60])


def move(course: AnyCourse, data: st.DataObject) -> None:
    """Let something happen, most often what a pairing waits for."""
    kind = data.draw(MOVES)
    if kind == "pass":
        course.let_pass(data.draw(SECONDS))
        return
    if kind == "hint":
        course.hint(is_refusal=data.draw(st.booleans()))
        return
    if kind == "wake" or not course.in_flight:
        course.wake()
        return
    call = data.draw(st.sampled_from(course.in_flight))
    if kind == "succeed":
        course.say(call, data.draw(SUCCESSES[call]))
        return
    if kind == "fail":
        course.fail(call, data.draw(ERRORS))
        return
    refusal = data.draw(REFUSALS)
    for _ in range(data.draw(st.integers(1, TRIES_LATER))):
        course.fail(call, refusal)
        if not course.wait_for(call):
            return


def let_it_end(course: AnyCourse) -> None:
    """Left alone, with all that hangs, a pairing comes to its end; then nothing changes it."""
    for _ in range(200):
        if course.ended:
            break
        course.wake()
    assert course.ended
    for call in course.in_flight.copy():
        course.say(call, CallFailed(call, errors.InvalidTokenError()))
    course.let_pass(1000)
