"""A pairing on a virtual clock: its calls are answered at once, by what a test says."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial

from tests.core.wuts.values import CODE, OTHER_PHONE, PAYLOAD, PHONE
from wuts.errors import WutsError
from wuts.models import ConnectResult, PairCode, QrCode, QrStatus, SessionStatus
from wuts.pairing.events import Failed, Paired, PairingEvent, Unchecked, WrongAccount
from wuts.pairing.machine import advance, start
from wuts.pairing.state import Call, CallFailed, Input, PairingSettings, Phase, Step, Tick

EPOCH = datetime(2026, 3, 14, 12, 0, tzinfo=UTC)
START = 1000.0
"""What the monotonic clock shows when a course begins, at `EPOCH`."""

_MOST_STEPS_AT_ONCE = 50

usual = partial(
    PairingSettings,
    deadline=300.0,
    poll_interval=2.0,
    qr_status_interval=5.0,
    shortest_showing=10.0,
    settle=15.0,
    link_patience=30.0,
)
"""Settings whose times the tests know; what is not said otherwise is as here."""

OUTCOMES = (Paired, WrongAccount, Unchecked, Failed)


def status(
    *, connected: bool = False, logged_in: bool = False, phone: str | None = None, says: str = ""
) -> SessionStatus:
    jid = f"{phone}@s.whatsapp.net" if phone else None
    return SessionStatus(
        connected=connected, is_logged_in=logged_in, jid=jid, phone_number=phone, status=says
    )


UNPAIRED = status()
CONNECTING = status(says="connecting")
LINKING = status(logged_in=True, phone=PHONE)
READY = status(connected=True, logged_in=True, phone=PHONE)
READY_WITHOUT_A_NUMBER = status(connected=True, logged_in=True)
READY_WITH_ANOTHER_PHONE = status(connected=True, logged_in=True, phone=OTHER_PHONE)
QR_ALIVE = QrStatus(exists=True)
QR_DEAD = QrStatus(exists=False)
CONNECTED = ConnectResult(needs_qr=False)
NEEDS_QR = ConnectResult(needs_qr=True)


class Course:
    """One pairing.

    Attributes:
        answers: What each call is answered with from now on: an error fails it, and with None it
            hangs until `say`.
        now: The monotonic clock.
        calls: Every call that was made, and when, in seconds from the start.
        events: Every event that was told.
    """

    def __init__(self, settings: PairingSettings | None = None, **answers: Answer) -> None:
        self.answers: dict[Call, Answer] = {
            Call.STATUS: UNPAIRED,
            Call.CONNECT: NEEDS_QR,
            Call.QR: QrCode(qr_code=PAYLOAD, ttl=60),
            Call.QR_STATUS: QR_ALIVE,
            Call.CODE: PairCode(code=CODE, phone=PHONE),
        }
        self.answer(**answers)
        self.now = START
        self.calls: list[tuple[float, Call]] = []
        self.events: list[PairingEvent] = []
        self._take(start(settings or usual(), self.now, EPOCH))

    def answer(self, **answers: Answer) -> None:
        """Answer calls differently from now on, such as ``status=READY``."""
        self.answers |= {Call(name): answer for name, answer in answers.items()}

    def run(self, seconds: float) -> None:
        """Let time pass."""
        end = self.now + seconds
        while self.state.phase is not Phase.ENDED and self.state.wake_at() <= end:
            assert self.state.wake_at() >= self.now, "the machine wants to be woken in the past"
            self.now = self.state.wake_at()
            self._take(advance(self.state, Tick(), self.now))
        self.now = end

    def run_to(self, call: Call, *, within: float = 600.0) -> float:
        """Let time pass until a call is made once more, and return when."""
        before = len(self.times(call))
        end = self.now + within
        while len(self.times(call)) == before:
            assert self.state.wake_at() <= end, f"{call} was not made"
            self.run(max(0.0, self.state.wake_at() - self.now))
        return self.times(call)[-1]

    def say(self, answer: Input) -> None:
        """Answer a call that hangs."""
        self._take(advance(self.state, answer, self.now))

    def say_failed(self, call: Call, error: WutsError) -> None:
        """Fail a call that hangs."""
        self.say(CallFailed(call, error))

    def times(self, call: Call) -> list[float]:
        """Return when a call was made, in seconds from the start."""
        return [when for when, made in self.calls if made is call]

    def told[E](self, kind: type[E]) -> list[E]:
        """Return the events of one kind."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def outcome(self) -> PairingEvent | None:
        """How it ended, or None while it lasts."""
        outcomes = [event for event in self.events if isinstance(event, OUTCOMES)]
        assert len(outcomes) <= 1, "there is one outcome"
        assert not outcomes or outcomes == self.events[-1:], "nothing comes behind the outcome"
        return outcomes[0] if outcomes else None

    def _take(self, first: Step) -> None:
        steps = [first]
        for count, step in enumerate(steps):
            assert count < _MOST_STEPS_AT_ONCE, "the machine runs hot"
            self.state = step.state
            self.events += step.events
            for call in step.calls:
                self.calls.append((self.now - START, call))
                answer = self._answered(call)
                if answer is not None:
                    steps.append(advance(steps[-1].state, answer, self.now))

    def _answered(self, call: Call) -> Input | None:
        answer = self.answers[call]
        return CallFailed(call, answer) if isinstance(answer, WutsError) else answer


type Answer = Input | WutsError | None


def scanned(settings: PairingSettings | None = None, link: SessionStatus = READY) -> Course:
    """Return a course in which a phone has just scanned the QR."""
    course = Course(settings)
    course.run(9)
    course.answer(status=link)
    course.run(1)
    return course
