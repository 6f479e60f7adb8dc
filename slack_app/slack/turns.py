"""Whose turn it is to call Slack: a pure queue, to which the time is handed in.

A call counts from the moment it may go until a span after its answer. So whatever the network
does, Slack never sees more calls in a span than there may be.
"""

from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import IntEnum

from .limits import Limit, Limits

MOST_WAITING = 500
"""Calls of a method that may wait; then the least urgent is refused."""

PATIENCE = 30.0
"""Seconds of waiting that move a call up by one priority, so none waits forever."""


class Priority(IntEnum):
    """How urgent a call is: the lower the number, the sooner it goes."""

    OUTCOME = 0
    """How something ended that a person is waiting for."""
    QR = 1
    """The next QR, or the taking down of a dead one."""
    ANSWER = 2
    """What a person asked for."""
    ALERT = 3
    """What somebody should know."""
    COSMETIC = 4
    """What nobody misses for a while."""


_SHARES = {
    Priority.OUTCOME: 1.0,
    Priority.QR: 0.96,
    Priority.ANSWER: 0.9,
    Priority.ALERT: 0.75,
    Priority.COSMETIC: 0.5,
}
"""How much of a method's budget each may use: the rest is kept for what is more urgent."""


@dataclass(frozen=True, slots=True)
class Lane:
    """What has one budget: a method in a workspace, by its id; empty for the token's own."""

    method: str
    workspace: str = ""


@dataclass(slots=True, eq=False)
class Turn:
    """One call, from its wish to its answer.

    Attributes:
        lane: Whose budget it uses.
        channel: Which channel's as well, or empty.
        priority: How urgent it is.
        since: When it began to wait.
    """

    lane: Lane
    channel: str
    priority: Priority
    since: float

    def urgency(self, now: float) -> Priority:
        """Return how urgent it is by now."""
        waited = max(0, int((now - self.since) / PATIENCE))
        return Priority(max(0, self.priority - waited))


@dataclass(slots=True)
class _Budget:
    """The calls of a span: those under way, and the times of the answers to the others."""

    limit: Limit
    open: int = 0
    ended: deque[float] = field(default_factory=deque)

    def free_at(self, now: float, share: float, nth: int = 1) -> float | None:
        """Return when the ``nth`` call from now may go; None if one under way must end first."""
        while self.ended and self.ended[0] + self.limit.seconds <= now:
            self.ended.popleft()
        allowed = max(1, int(self.limit.calls * share))
        too_many = self.open + len(self.ended) + nth - allowed
        if too_many <= 0:
            return now
        if too_many > len(self.ended):
            return None
        return self.ended[too_many - 1] + self.limit.seconds

    def end(self, now: float) -> None:
        self.open -= 1
        self.ended.append(now)


@dataclass(slots=True)
class _Line:
    """A lane's budgets, and who waits there."""

    budgets: list[_Budget]
    channel_limits: list[Limit]
    channels: dict[str, list[_Budget]] = field(default_factory=dict)
    waiting: list[Turn] = field(default_factory=list)
    open: int = 0
    stopped_until: float = 0.0
    is_doubtful: bool = False
    """Whether Slack refused the last call: then one at a time goes, until one is taken."""

    def of(self, channel: str) -> list[_Budget]:
        """Return the budgets that a call to a channel uses."""
        if not channel or not self.channel_limits:
            return self.budgets
        if channel not in self.channels:
            self.channels[channel] = [_Budget(one) for one in self.channel_limits]
        return self.budgets + self.channels[channel]

    def free_at(self, turn: Turn, now: float, nth: int = 1) -> float | None:
        """Return when a turn's call may go; None if one under way must end first."""
        if self.is_doubtful and self.open:
            return None
        share = _SHARES[turn.urgency(now)]
        moments = [max(now, self.stopped_until)]
        for budget in self.of(turn.channel):
            moment = budget.free_at(now, share, 1 if budget.limit.is_per_channel else nth)
            if moment is None:
                return None
            moments.append(moment)
        return max(moments)

    def in_order(self, now: float) -> list[Turn]:
        """Return who waits, the most urgent first, and then whoever came first."""
        return sorted(self.waiting, key=lambda turn: (turn.urgency(now), turn.since))

    def forget_idle_channels(self, now: float) -> None:
        """Drop the budgets of channels to which nothing was sent lately."""
        for channel, budgets in list(self.channels.items()):
            if all(one.free_at(now, 1.0, one.limit.calls) == now for one in budgets):
                del self.channels[channel]


class Turns:
    """Hands out turns; nothing in it waits.

    Args:
        limits: How often each method may be called.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lines: dict[Lane, _Line] = {}

    def add(self, turn: Turn) -> Turn | None:
        """Let a call wait; return the one that must not wait any longer, or None."""
        line = self._line(turn.lane)
        line.waiting.append(turn)
        if len(line.waiting) <= MOST_WAITING:
            return None
        last = line.in_order(turn.since)[-1]
        line.waiting.remove(last)
        return last

    def drop(self, turn: Turn) -> None:
        """Let a call wait no longer."""
        line = self._line(turn.lane)
        if turn in line.waiting:
            line.waiting.remove(turn)

    def take(self, lane: Lane, now: float) -> list[Turn]:
        """Return whose turn it is: their calls begin now."""
        line = self._line(lane)
        line.forget_idle_channels(now)
        taken = []
        for turn in line.in_order(now):
            if line.free_at(turn, now) == now:
                line.waiting.remove(turn)
                line.open += 1
                for budget in line.of(turn.channel):
                    budget.open += 1
                taken.append(turn)
        return taken

    def end(self, turn: Turn, now: float, *, is_refused: bool = False) -> None:
        """Note that a call ended; ``is_refused`` if Slack answered that it was too much."""
        line = self._line(turn.lane)
        line.open -= 1
        line.is_doubtful = is_refused
        for budget in line.of(turn.channel):
            budget.end(now)

    def stop(self, lane: Lane, until: float) -> None:
        """Let nobody call a method before that moment: Slack said so."""
        line = self._line(lane)
        line.stopped_until = max(line.stopped_until, until)
        line.is_doubtful = True

    def next_at(self, lane: Lane, now: float) -> float | None:
        """Return when to `take` again though no call ends; None if nobody waits for time."""
        return min((one for one in self._moments(self._line(lane), now) if one > now), default=None)

    def wait(self, turn: Turn, now: float) -> float | None:
        """Return the seconds that such a turn would take if it were added now.

        None if that depends on calls that are under way.
        """
        line = self._line(turn.lane)
        urgency = turn.urgency(now)
        ahead = sum(one.urgency(now) <= urgency for one in line.waiting)
        moment = line.free_at(turn, now, 1 + ahead)
        return None if moment is None else moment - now

    @property
    def waiting(self) -> Counter[str]:
        """How many calls of each method wait."""
        found: Counter[str] = Counter()
        for lane, line in self._lines.items():
            found[lane.method] += len(line.waiting)
        return found

    @staticmethod
    def _moments(line: _Line, now: float) -> Iterator[float]:
        for turn in line.waiting:
            moment = line.free_at(turn, now)
            if moment is not None:
                yield moment
            if turn.urgency(now) > Priority.OUTCOME:
                yield turn.since + PATIENCE * (int((now - turn.since) / PATIENCE) + 1)

    def _line(self, lane: Lane) -> _Line:
        line = self._lines.get(lane)
        if line is None:
            limits = self._limits.get(lane.method, ())
            line = self._lines[lane] = _Line(
                [_Budget(one) for one in limits if not one.is_per_channel],
                [one for one in limits if one.is_per_channel],
            )
        return line
