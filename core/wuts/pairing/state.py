"""The vocabulary of a pairing's state machine: settings, state, inputs and steps."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from ..errors import ErrorCode, WutsError
from ..models import ConnectResult, PairCode, QrCode, QrStatus, SessionStatus
from .events import FailureReason, PairedHow, PairingEvent, StallReason


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingSettings:
    """What a pairing is to do, and its times in seconds.

    Attributes:
        phone: Digits to make a pair code for, or None to pair by QR.
        expected_number: Digits of the account that should be linked, or None for any.
        deadline: How long the whole may take until a phone is linked.
        poll_interval: How often ``/status`` is read.
        qr_status_interval: How often ``/qr/status`` is read while a QR is shown.
        shortest_showing: How long a QR stays up at least when ``/qr/status`` calls it dead.
        settle: How long a fresh link must hold before it counts.
        link_patience: How long a fresh link may be down before it is called dropped.
        stall_patience: How long nothing may follow the use of a code, or a fresh link be down,
            before the pairing is called stalled.
    """

    phone: str | None = field(default=None, repr=False)
    expected_number: str | None = field(default=None, repr=False)
    deadline: float = 300.0
    poll_interval: float = 2.0
    qr_status_interval: float = 4.0
    shortest_showing: float = 10.0
    settle: float = 15.0
    link_patience: float = 30.0
    stall_patience: float = 15.0


class Phase(StrEnum):
    """Where a pairing is."""

    CHECKING = "checking"
    RECONNECTING = "reconnecting"
    OFFERING = "offering"
    TAKEN = "taken"
    """The QR or code was used; the phone's credentials have not come yet."""
    SETTLING = "settling"
    ENDED = "ended"


class Call(StrEnum):
    """The gateway's calls that a pairing makes."""

    STATUS = "status"
    CONNECT = "connect"
    QR = "qr"
    QR_STATUS = "qr_status"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class CallFailed:
    """A call ended with an error."""

    call: Call
    error: WutsError


@dataclass(frozen=True, slots=True)
class Tick:
    """Nothing happened but time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hint:
    """A webhook's delivery about the device: a reason to look at once."""

    is_refusal: bool


@dataclass(frozen=True, slots=True)
class Ending:
    """The pairing is ended from outside."""

    reason: FailureReason


type Answer = SessionStatus | ConnectResult | QrCode | QrStatus | PairCode
type Input = Answer | CallFailed | Hint | Ending | Tick

type Credentials = tuple[str | None, bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """Everything a pairing knows; times are seconds of one monotonic clock.

    Attributes:
        settings: What to do.
        phase: Where it is.
        epoch: The wall clock's time at the monotonic clock's zero.
        deadline: When the pairing gives up unless a phone is linked.
        due: The calls to be made, and when.
        held: The calls that must not be made before a moment, since they failed.
        in_flight: The calls that were made and have not ended.
        failures: How often each call has failed in a row.
        streaks: With which error each call has failed last, and how often in a row with that one.
        offer_due: When the next QR or code is wanted, or None while one is being asked for.
        offered_at: When the present QR or code was shown.
        offers: How many QRs or codes were shown.
        early_until: Until when the end of the shown QR is no natural one.
        seen_alive: Whether the gateway has called the shown QR alive since it last failed.
        seen_idle: Whether the gateway has said that nothing links since the code was shown.
        gone_since: When the gateway first denied a QR that it had called alive.
        is_used: Whether it has denied it again.
        baseline: The credentials seen before anything was shown: a change of them is a scan.
        linked: The digits of the phone that is linked, as last told: no later silence forgets them.
        how: How that phone came to be linked.
        settled_at: When the fresh link counts, or None while it is down.
        patience_ends: When a fresh link that is down is reconnected, and at last given up.
        stall_at: When the pairing is called stalled, or None while it advances.
        stalled: Why it is called stalled, or None.
        was_up: Whether the fresh link has been up.
        troubled: Whether a call has failed since the code was gone.
        may_have_restarted: Whether the gateway was away since the code was shown: it may have
            forgotten the code, and nothing else would say so.
        looks_until_refused: Looks at the status, one of them after the hint, until a refusal that
            a webhook told of is believed; 0 without one.
        hints_from: Before this moment no hint brings a look forward.
        rescued: Whether that reconnect was tried.
        waiting: Whether a `Waiting` was sent since everything last answered.
        last_error: What last went wrong, for the deadline's message.
    """

    settings: PairingSettings
    phase: Phase = Phase.CHECKING
    epoch: datetime
    deadline: float
    due: Mapping[Call, float] = field(default_factory=dict)
    held: Mapping[Call, float] = field(default_factory=dict)
    in_flight: frozenset[Call] = frozenset()
    failures: Mapping[Call, int] = field(default_factory=dict)
    streaks: Mapping[Call, tuple[ErrorCode, int]] = field(default_factory=dict)
    offer_due: float | None = None
    offered_at: float = 0.0
    offers: int = 0
    early_until: float = 0.0
    seen_alive: bool = False
    seen_idle: bool = False
    gone_since: float | None = None
    is_used: bool = False
    baseline: Credentials = field(default=(None, False), repr=False)
    linked: str | None = field(default=None, repr=False)
    how: PairedHow = PairedHow.LINKED
    settled_at: float | None = None
    patience_ends: float | None = None
    stall_at: float | None = None
    stalled: StallReason | None = None
    was_up: bool = False
    troubled: bool = False
    may_have_restarted: bool = False
    looks_until_refused: int = 0
    hints_from: float = 0.0
    rescued: bool = False
    waiting: bool = False
    last_error: WutsError | None = None

    @property
    def offer_call(self) -> Call:
        """The call that brings the next thing to show."""
        return Call.QR if self.settings.phone is None else Call.CODE

    def repeats(self, call: Call, error: WutsError) -> int:
        """Return how often in a row a call will have failed alike, with this error."""
        code, count = self.streaks.get(call, (error.code, 0))
        return count + 1 if code is error.code else 1

    def told_the_time(self, now: float, wall_now: datetime) -> Self:
        """Return the state by today's wall clock: somebody may have set it since."""
        return replace(self, epoch=wall_now - timedelta(seconds=now))

    def wall_time(self, moment: float) -> datetime:
        """Return the wall clock's time at a moment of the monotonic clock."""
        return self.epoch + timedelta(seconds=moment)

    def wake_at(self) -> float:
        """Return when the machine wants its next `Tick`."""
        times = [when for call, when in self.due.items() if call not in self.in_flight]
        if self.patience_ends is not None:
            times.append(self.patience_ends)
        return min(*times, self.ends_at) if times else self.ends_at

    @property
    def ends_at(self) -> float:
        """When the pairing ends at the latest: a link made before the deadline may still settle."""
        if self.phase is not Phase.SETTLING:
            return self.deadline
        return self.deadline + self.settings.settle + 2 * self.settings.link_patience


@dataclass(frozen=True, slots=True)
class Step:
    """What follows: the next state, the calls to make now, the events to tell."""

    state: State
    calls: tuple[Call, ...] = ()
    events: tuple[PairingEvent, ...] = ()
