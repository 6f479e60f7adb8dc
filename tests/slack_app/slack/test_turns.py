"""Whose turn it is to call Slack, whatever is asked for and however long Slack takes."""

import heapq
from collections.abc import Iterator
from dataclasses import dataclass, field

from hypothesis import example, given, settings
from hypothesis import strategies as st

from slack_app.slack.limits import LIMITS, TIER_3, Limit, Limits
from slack_app.slack.methods import METHODS
from slack_app.slack.turns import MOST_WAITING, PATIENCE, Lane, Priority, Turn, Turns

UPDATE = Lane("chat.update")
LIMIT = Limit(4, 60.0)
SMALL: Limits = {"chat.update": (LIMIT,), "chat.postMessage": (LIMIT, Limit(1, 1.0, True))}


@dataclass
class Play:
    """Calls that come when they are wanted and take as long as they take; time is played.

    Attributes:
        arrived: When Slack saw each call, at any moment between its start and its answer.
        began: The turns in the order in which they were given.
    """

    limits: Limits
    lane: Lane = UPDATE
    now: float = 0.0
    arrived: list[float] = field(default_factory=list)
    began: list[tuple[float, Turn]] = field(default_factory=list)
    refused: list[Turn] = field(default_factory=list)
    _answers: list[tuple[float, int, Turn]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.turns = Turns(self.limits)

    def want(self, priority: Priority = Priority.ANSWER, channel: str = "") -> Turn:
        turn = Turn(self.lane, channel, priority, self.now)
        refused = self.turns.add(turn)
        if refused is not None:
            self.refused.append(refused)
        return turn

    def run(self, until: float, latencies: Iterator[tuple[float, float]]) -> None:
        """Let time pass; each call is seen and answered after so many seconds."""
        while True:
            for turn in self.turns.take(self.lane, self.now):
                to_slack, back = next(latencies)
                self.began.append((self.now, turn))
                self.arrived.append(self.now + to_slack)
                answered = self.now + to_slack + back
                heapq.heappush(self._answers, (answered, len(self.began), turn))
            wake: float | None = self.turns.next_at(self.lane, self.now)
            first = self._answers[0][0] if self._answers else None
            moments = [one for one in (wake, first) if one is not None]
            if not moments or min(moments) > until:
                self.now = until
                return
            self.now = min(moments)
            while self._answers and self._answers[0][0] <= self.now:
                self.turns.end(heapq.heappop(self._answers)[2], self.now)


def at_once() -> Iterator[tuple[float, float]]:
    while True:
        yield 0.0, 0.0


def most_in(times: list[float], seconds: float) -> int:
    """Return the most of these that any span of so many seconds holds."""
    times = sorted(times)
    return max((sum(first <= one < first + seconds for one in times) for first in times), default=0)


PRIORITIES = st.sampled_from(Priority)
SECONDS = st.floats(0.0, 90.0)
LATENCY = st.tuples(st.floats(0.0, 20.0), st.floats(0.0, 20.0))


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.tuples(SECONDS, PRIORITIES), max_size=40),
    st.lists(LATENCY, min_size=40, max_size=40),
)
@example([(0.0, Priority.OUTCOME)] * 9, [(20.0, 0.0)] * 4 + [(0.0, 0.0)] * 36)
def test_slack_never_sees_more_calls_in_a_span_than_it_takes(
    wishes: list[tuple[float, Priority]], latencies: list[tuple[float, float]]
) -> None:
    play = Play(SMALL)
    times = iter(latencies)
    for pause, priority in wishes:
        play.run(play.now + pause, times)
        play.want(priority)
    play.run(play.now + 60.0 * len(wishes) + 3_600.0, times)
    assert len(play.arrived) == len(wishes)
    assert most_in(play.arrived, LIMIT.seconds) <= LIMIT.calls


@settings(max_examples=200, deadline=None)
@given(st.lists(PRIORITIES, min_size=1, max_size=30), st.lists(PRIORITIES, max_size=30))
def test_whoever_waits_gets_a_turn_however_many_come_after(
    first: list[Priority], later: list[Priority]
) -> None:
    play = Play(SMALL)
    waiting = [play.want(priority) for priority in first]
    # As many as Slack takes come forever, each more urgent than any that waits.
    for priority in later * 5:
        play.run(play.now + LIMIT.seconds / LIMIT.calls, at_once())
        play.want(priority)
    spans = len(first) + len(later) * 5
    play.run(play.now + PATIENCE * len(Priority) + LIMIT.seconds * spans, at_once())
    began = [turn for _, turn in play.began]
    assert all(turn in began for turn in waiting)


def test_an_alert_waits_no_longer_than_its_patience_and_what_came_before_it() -> None:
    play = Play(SMALL)
    play.run(0.0, at_once())
    for _ in range(4):
        play.want(Priority.QR)
    alert = play.want(Priority.ALERT)
    while alert not in [turn for _, turn in play.began]:
        play.run(play.now + 5.0, at_once())
        for _ in range(3):
            play.want(Priority.QR)
        assert play.now < 600.0
    ahead = [turn for _, turn in play.began if turn is not alert]
    later = [turn for turn in ahead if turn.since > alert.since + PATIENCE * Priority.ALERT]
    assert later == []


@settings(max_examples=200, deadline=None)
@given(st.lists(PRIORITIES, min_size=1, max_size=12))
def test_the_most_urgent_goes_first_and_among_equals_whoever_came_first(
    wishes: list[Priority],
) -> None:
    play = Play({"chat.update": (Limit(1, 1.0),)})
    play.want(Priority.OUTCOME)
    play.run(0.0, at_once())
    turns = [play.want(priority) for priority in wishes]
    play.run(20.0, at_once())
    began = [turn for _, turn in play.began[1:]]
    assert began == sorted(turns, key=lambda turn: turn.priority)


def test_each_priority_leaves_room_for_what_is_more_urgent() -> None:
    taken = []
    for priority in Priority:
        play = Play(LIMITS)
        for _ in range(100):
            play.want(priority)
        play.run(0.0, at_once())
        taken.append(len(play.began))
    assert taken == [50, 48, 45, 37, 25]


@settings(max_examples=100, deadline=None)
@given(st.floats(0.1, 60.0), st.lists(PRIORITIES, min_size=1, max_size=10))
def test_a_retry_after_holds_for_all_and_one_call_tries_before_the_others(
    seconds: float, wishes: list[Priority]
) -> None:
    play = Play({"chat.update": (TIER_3,)})
    play.turns.stop(UPDATE, seconds)
    for priority in wishes:
        play.want(priority)
    latencies = iter([(1.0, 1.0)] * len(wishes))
    play.run(seconds + 1.0, latencies)
    assert [when for when, _ in play.began] == [seconds]
    play.run(seconds + 120.0, latencies)
    assert len(play.began) == len(wishes)


def test_a_channel_gets_one_post_a_second_and_others_need_not_wait_for_it() -> None:
    play = Play(SMALL, Lane("chat.postMessage"))
    for channel in ("C1", "C1", "C2"):
        play.want(channel=channel)
    play.run(5.0, at_once())
    assert [(when, turn.channel) for when, turn in play.began] == [
        (0.0, "C1"),
        (0.0, "C2"),
        (1.0, "C1"),
    ]


def test_workspaces_have_budgets_of_their_own() -> None:
    turns = Turns(SMALL)
    lanes = [Lane("chat.update", one) for one in ("T1", "T2")]
    for lane in lanes:
        for _ in range(9):
            turns.add(Turn(lane, "", Priority.OUTCOME, 0.0))
    assert [len(turns.take(lane, 0.0)) for lane in lanes] == [4, 4]


def test_a_queue_is_bounded_and_what_is_least_urgent_is_refused() -> None:
    play = Play(SMALL)
    play.turns.stop(UPDATE, 60.0)
    cosmetic = play.want(Priority.COSMETIC)
    for _ in range(MOST_WAITING):
        play.want(Priority.QR)
    last = play.want(Priority.COSMETIC)
    assert play.refused == [cosmetic, last]
    assert play.turns.waiting["chat.update"] == MOST_WAITING


def test_the_wait_that_is_foretold_is_the_wait_there_is() -> None:
    play = Play({"chat.update": (Limit(10),)})
    for _ in range(6):
        play.want()
    play.run(10.0, at_once())
    for _ in range(5):
        play.want()
    play.run(20.0, at_once())
    for _ in range(2):
        play.want()
    wanted = Turn(UPDATE, "", Priority.ANSWER, play.now)
    foretold = play.turns.wait(wanted, play.now)
    turn = play.want()
    play.run(600.0, at_once())
    (began,) = [when for when, one in play.began if one is turn]
    assert foretold == began - turn.since


def test_every_method_of_the_app_has_its_limit_or_a_reason_for_none() -> None:
    assert METHODS.keys() - LIMITS.keys() == {"apps.connections.open", "auth.test"}
