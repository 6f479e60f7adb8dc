"""No sequence of answers, at whatever times, brings a pairing off its course."""

import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st

from tests.core.wuts.pairing.course import EPOCH, LINKING, OUTCOMES, READY, START, UNPAIRED, status
from tests.core.wuts.values import CODE, OTHER_PHONE, PAYLOAD, PHONE
from wuts import errors
from wuts.errors import WutsError
from wuts.models import ConnectResult, PairCode, QrCode, QrStatus
from wuts.pairing.events import PairingEvent
from wuts.pairing.machine import advance, start
from wuts.pairing.state import Call, CallFailed, Input, PairingSettings, Phase, Step, Tick

SECONDS = st.floats(0, 120)
LIFETIMES = st.none() | st.floats(-10, 1000)
PHONES = st.sampled_from([None, PHONE, OTHER_PHONE])

STATUSES = st.sampled_from([UNPAIRED, UNPAIRED, UNPAIRED, LINKING, LINKING, READY, READY]) | (
    st.builds(status, connected=st.booleans(), logged_in=st.booleans(), phone=PHONES)
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
FATAL_ERRORS: st.SearchStrategy[WutsError] = st.sampled_from(
    [
        errors.InvalidTokenError(),
        errors.ForbiddenError(),
        errors.DeviceNotFoundError(),
        errors.InvalidPhoneNumberError(),
        errors.RequestRefusedError(),
    ]
)
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


MOVES = st.sampled_from(["wake"] * 5 + ["succeed"] * 12 + ["fail"] * 4 + ["pass", "end"])


class AnyCourse:
    """One pairing, whose calls are answered with anything, in any order, at any time."""

    def __init__(self, chosen: PairingSettings) -> None:
        self.chosen = chosen
        self.now = START
        self.in_flight: list[Call] = []
        self.events: list[PairingEvent] = []
        self.take(start(chosen, self.now, EPOCH))

    @property
    def ended(self) -> bool:
        return self.step.state.phase is Phase.ENDED

    def come_to(self, phase: Phase) -> None:
        """Begin with what usually happens, so that every phase is looked into."""
        if phase is Phase.RECONNECTING:
            self.say(Call.STATUS, LINKING)
        if phase in {Phase.OFFERING, Phase.SETTLING}:
            self.say(Call.STATUS, UNPAIRED)
            offer = self.in_flight[0]
            self.say(offer, QrCode(qr_code=PAYLOAD) if offer is Call.QR else PairCode(code=CODE))
        if phase is Phase.SETTLING:
            while Call.STATUS not in self.in_flight:
                self.wake()
            self.say(Call.STATUS, LINKING)

    def wake(self) -> None:
        self.let_pass(max(0.0, self.step.state.wake_at() - self.now))

    def let_pass(self, seconds: float) -> None:
        self.now += seconds
        self.take(advance(self.step.state, Tick(), self.now))

    def say(self, call: Call, answer: Input) -> None:
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
    if kind == "wake" or not course.in_flight:
        course.wake()
        return
    call = data.draw(st.sampled_from(course.in_flight))
    if kind == "succeed":
        course.say(call, data.draw(SUCCESSES[call]))
        return
    error = data.draw(FATAL_ERRORS if kind == "end" else ERRORS)
    course.say(call, CallFailed(call, error))
    assert course.ended or kind != "end" or call is Call.QR_STATUS


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
