"""A process's share of a fleet in virtual time: the pure machines, and a gateway made of numbers.

No network and no waiting: the next moment is whatever comes first, a call's end, something that
happens to a device, or what the controller has due.
"""

import heapq
import random
import time
from array import array
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count

import psutil

from wuts.errors import GatewayBusyError, PortClosedError, WutsError
from wuts.models import ConnectResult, SessionStatus
from wuts.supervisor import Alert, AlertStatus, SupervisorSettings
from wuts.supervisor.account.work_queue import Answer, Call, CallKind
from wuts.supervisor.controller import Controller
from wuts.supervisor.delivery.outbox import Outbox
from wuts.supervisor.device.device import Listing, ListingRow

HOUR = 3_600.0
LIST_LATENCY = 0.1
CALL_LATENCY = (0.3, 0.7)
CONNECT_FAILS = 0.03
WEBHOOK_COMES = 0.9
PERSON_PAIRS_AFTER = (600.0, 14_400.0)

CONNECTED, DROPPED, UNLINKED = range(3)


@dataclass(frozen=True, slots=True)
class Day:
    """What happens, and how the fleet is supervised.

    Attributes:
        accounts: How many this process owns.
        devices: How many each has.
        hours: How long the day is.
        drops: Of a device and day.
        unlinks: Of a device and day.
        outage: Seconds that the gateway is away in the middle of the day; all devices drop.
        settings: The supervision's.
        seed: Of the random numbers.
    """

    accounts: int
    devices: int
    hours: float
    drops: float
    unlinks: float
    outage: float
    settings: SupervisorSettings
    seed: int


@dataclass(slots=True)
class Figures:
    """What a day came to.

    Attributes:
        calls: Made in each second of it.
        heals: Seconds from each single drop until the device was connected again.
        healed_after: Seconds from the gateway's return until its last device was connected.
        alerts: Told, by kind.
        memory: Bytes that the controller took.
        cpu: Seconds of CPU that the day took, the made-up gateway included.
        never_healed: Devices that were down at the end though nobody unlinked them.
    """

    calls: array[int]
    heals: list[float] = field(default_factory=list)
    healed_after: float = 0.0
    alerts: Counter[str] = field(default_factory=Counter)
    memory: int = 0
    cpu: float = 0.0
    never_healed: int = 0


class Fleet:
    """The gateway's side: what each device truly is.

    Args:
        day: How many there are, and what happens to them.
        rng: The source of what happens.
    """

    def __init__(self, day: Day, rng: random.Random) -> None:
        self._day = day
        self._rng = rng
        self._states = bytearray(day.accounts * day.devices)
        self._dropped_at: dict[int, float] = {}
        self._rows: dict[int, tuple[ListingRow, ...]] = {}
        self._away_from = day.hours * HOUR / 2
        self._back_at = self._away_from + day.outage
        self._listed: set[int] = set()

    def index(self, account: str, device_id: str) -> int:
        """Return a device's place."""
        return int(account) * self._day.devices + int(device_id)

    def strike(self, index: int, state: int, now: float) -> bool:
        """Let something happen to a device; return whether it did."""
        if self._states[index] != CONNECTED:
            return False
        self._set(index, state)
        self._dropped_at[index] = now
        return True

    def restart(self, now: float) -> None:
        """Drop every device."""
        for index in range(len(self._states)):
            self.strike(index, DROPPED, now)

    def pair(self, index: int) -> None:
        """Link a phone to an unlinked device."""
        self._set(index, CONNECTED)
        self._dropped_at.pop(index, None)

    def answer(
        self, call: Call, now: float, figures: Figures
    ) -> Listing | SessionStatus | ConnectResult | WutsError:
        """Return what the gateway answers to a call that ends now."""
        if self._away_from <= now < self._back_at:
            return PortClosedError()
        if call.kind is CallKind.LIST:
            return Listing(self._listing(int(call.account)))
        index = self.index(call.account, call.device_id)
        state = self._states[index]
        if call.kind is CallKind.STATUS:
            return SessionStatus(
                connected=state == CONNECTED, is_logged_in=state != UNLINKED, jid=None
            )
        if state == UNLINKED:
            return ConnectResult(needs_qr=True)
        if self._rng.random() < CONNECT_FAILS:
            error = GatewayBusyError(status=503)
            error.from_gateway = True
            return error
        self._heal(index, now, figures)
        return ConnectResult(status="connected", needs_qr=False)

    def down(self) -> int:
        """Return how many devices wait for a reconnect."""
        return self._states.count(DROPPED)

    def _heal(self, index: int, now: float, figures: Figures) -> None:
        dropped_at = self._dropped_at.pop(index, None)
        self._set(index, CONNECTED)
        if dropped_at == self._away_from:
            figures.healed_after = now - self._back_at
        elif dropped_at is not None:
            figures.heals.append(now - dropped_at)

    def _set(self, index: int, state: int) -> None:
        self._states[index] = state
        self._rows.pop(index // self._day.devices, None)

    def _listing(self, account: int) -> Sequence[ListingRow]:
        if account in self._rows:
            return self._rows[account]
        first = account * self._day.devices
        states = enumerate(self._states[first : first + self._day.devices])
        if account not in self._listed:
            # What the controller keeps of a first listing is in nobody else's memory.
            self._listed.add(account)
            return tuple(_row(state, number) for number, state in states)
        self._rows[account] = tuple(_SHARED_ROWS[state, number] for number, state in states)
        return self._rows[account]


def _row(state: int, number: int) -> ListingRow:
    return ListingRow(
        f"{number:036d}",
        f"Device {number}",
        connected=state == CONNECTED,
        linked=state != UNLINKED,
        phone_number=None if state == UNLINKED else f"5511{number:09d}",
    )


class _SharedRows(dict[tuple[int, int], ListingRow]):
    """Rows that are equal are one, or the gateway's side would take more memory than ours."""

    def __missing__(self, key: tuple[int, int]) -> ListingRow:
        row = self[key] = _row(*key)
        return row


_SHARED_ROWS = _SharedRows()


class Run:
    """One process over one day.

    Args:
        day: What happens.
    """

    def __init__(self, day: Day) -> None:
        self._day = day
        self._rng = random.Random(day.seed)  # noqa: S311 - no secret
        self._fleet = Fleet(day, self._rng)
        self._outbox = Outbox()
        self._is_changed = False
        self._controller = Controller(day.settings, self._rng, self._outbox, self._changed)
        self._events: list[tuple[float, int, Call | tuple[str, int]]] = []
        self._order = count()
        self._end = day.hours * HOUR
        self.figures = Figures(array("L", bytes(8 * (int(self._end) + 2))))

    def play(self) -> Figures:
        """Play the day, and return what it came to."""
        began = time.process_time()
        self._plan()
        process = psutil.Process()
        memory = process.memory_info().rss
        for account in range(self._day.accounts):
            self._controller.add_account(str(account), 0.0)
        is_measured = False
        now = 0.0
        while now <= self._end:
            self._dispatch(now)
            if not is_measured and now > self._day.settings.interval:
                self.figures.memory = process.memory_info().rss - memory
                is_measured = True
            now = min(self._controller.next_due(), self._events[0][0])
            while self._events and self._events[0][0] <= now:
                self._happen(heapq.heappop(self._events)[2], now)
        self.figures.never_healed = self._fleet.down()
        self.figures.cpu = time.process_time() - began
        return self.figures

    def _plan(self) -> None:
        """Decide when what happens happens."""
        day, total = self._day, self._day.accounts * self._day.devices
        for kind, rate in (("drop", day.drops), ("unlink", day.unlinks)):
            for _ in range(round(total * rate * day.hours / 24)):
                self._at(self._rng.uniform(0, self._end), (kind, self._rng.randrange(total)))
        self._at(self._end / 2, ("restart", 0))
        self._at(self._end + 1, ("end", 0))

    def _at(self, when: float, what: Call | tuple[str, int]) -> None:
        heapq.heappush(self._events, (when, next(self._order), what))

    def _changed(self) -> None:
        self._is_changed = True

    def _dispatch(self, now: float) -> None:
        """Make the calls that are due; they end when their time has passed."""
        while self._is_changed or self._controller.next_due() <= now:
            self._is_changed = False
            for call in self._controller.dispatch(now):
                self.figures.calls[int(now)] += 1
                latency = LIST_LATENCY
                if call.kind is not CallKind.LIST:
                    latency = self._rng.uniform(*CALL_LATENCY)
                self._at(now + latency, call)
        self._outbox.take_changes()
        for event in self._outbox.take_events():
            if isinstance(event, Alert) and event.status is AlertStatus.RAISED:
                self.figures.alerts[event.kind] += 1

    def _happen(self, what: Call | tuple[str, int], now: float) -> None:
        if isinstance(what, Call):
            answer = self._fleet.answer(what, now, self.figures)
            for _ in self._controller.answer(Answer(what, answer), now):
                pass
            return
        kind, index = what
        if kind == "restart":
            self._fleet.restart(now)
        elif kind == "pair":
            self._fleet.pair(index)
            self._wake(index, now)
        elif kind == "drop" and self._fleet.strike(index, DROPPED, now):
            self._wake(index, now)
        elif kind == "unlink" and self._fleet.strike(index, UNLINKED, now):
            self._wake(index, now)
            self._at(now + self._rng.uniform(*PERSON_PAIRS_AFTER), ("pair", index))

    def _wake(self, index: int, now: float) -> None:
        """Hand in what the gateway's webhook tells, most of the time."""
        if self._rng.random() < WEBHOOK_COMES:
            account, device = divmod(index, self._day.devices)
            self._controller.wake(str(account), f"{device:036d}", now)


def play(day: Day) -> Figures:
    """Play one process's day."""
    return Run(day).play()
