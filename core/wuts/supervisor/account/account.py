"""One account: its devices, its circuit breaker, the calls about them, and what answers prove.

No I/O: it says which calls to make, takes their answers in, and returns what changed. Times are
seconds since 1970, passed in.
"""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import batched
from random import Random

from ...errors import WutsError
from ...evidence import Evidence, Verdict, weigh
from ...http import endpoints
from ..device import machine, wakes
from ..device.change import Change as Seen
from ..device.change import Context
from ..device.device import Device, DeviceChange, DeviceSnapshot, Listing
from ..events import AccountState, DeviceState
from ..settings import SupervisorSettings
from .breaker import AccountChange, AccountTrouble, CircuitBreaker, Troubles
from .registry import DeviceRegistry, is_most
from .work_queue import NEVER, Answer, Call, CallKind, Limiter, ListingSchedule

SLICE = 250
"""Rows of a listing taken in at once, so that no event loop is stalled."""

MOST_QUESTIONS = 10
"""Devices that are asked about again after a listing, as their last answer named another."""

_PLACE = re.compile(r"row [0-9]+")
"""What a row is called that has no readable id."""

_ENDPOINTS = {
    CallKind.LIST: endpoints.LIST_DEVICES,
    CallKind.STATUS: endpoints.GET_STATUS,
    CallKind.CONNECT: endpoints.CONNECT,
}

type Change = DeviceChange | AccountChange | AccountTrouble
type Changes = Sequence[Change]


class Account:
    """The devices of one token.

    Args:
        name: How people call it; unique under one supervisor.
        settings: Intervals and limits.
        rng: The source of jitter.
        state: What an earlier process left.

    Attributes:
        registry: The devices, what people ordered of them, and what answers prove of them.
        devices: The devices, by id.
        queue: Whose turn it is, and which calls are in flight.
        breaker: Whether the token and the gateway let calls through.
        schedule: When the next ``GET /devices`` is due.
        troubles: What is wrong with many devices at once.
        listed_at: When the last listing that counts was taken in, or None.
    """

    def __init__(
        self,
        name: str,
        settings: SupervisorSettings,
        rng: Random,
        state: AccountState = AccountState.HEALTHY,
    ) -> None:
        self.name = name
        self.registry = DeviceRegistry(settings.account_concurrency)
        self.devices = self.registry.devices
        self.queue = self.registry.queue
        self.breaker = CircuitBreaker(settings, rng, state)
        self.schedule = ListingSchedule(settings.interval, rng)
        self.troubles = Troubles()
        self.listed_at: float | None = None
        self._settings = settings
        self._rng = rng
        self._doubted = 0
        self._was_listed = False

    @property
    def state(self) -> AccountState:
        """What the account is."""
        return self.breaker.state

    def context(self, now: float) -> Context:
        """Return what every transition of a device needs."""
        return Context(now, self._rng, self._settings)

    # What the controller asks

    def next_look(self, now: float) -> float:
        """Return when time alone lets the account make calls again."""
        listing = NEVER if self.schedule.is_under_way else self.schedule.next
        moments = (listing, self.breaker.open_until)
        return min((when for when in moments if when > now), default=NEVER)

    def wants_listing(self, now: float) -> bool:
        """Return whether a ``GET /devices`` is due."""
        return self.schedule.is_due(now)

    def take_listing(self, now: float) -> Call:
        """Return the ``GET /devices`` that is due."""
        self.schedule.take(now)
        return Call(CallKind.LIST, self.name, made_at=now)

    def wants_calls(self, now: float) -> bool:
        """Return whether `take_calls` may return something.

        Devices that an earlier process left are asked about when a listing was accepted: until then
        they may be another account's.
        """
        if not self._was_listed:
            return False
        return bool(self.queue) and self.queue.room > 0 and not self.breaker.is_open(now)

    def take_calls(self, now: float, room: int) -> list[Call]:
        """Return at most ``room`` calls about devices."""
        if not self._was_listed:
            return []
        if self.breaker.is_half_open and not self.queue.in_flight:
            self._probe(now)
        calls: list[Call] = []
        while len(calls) < room and self.wants_calls(now):
            wanted = self.registry.next_call(now)
            if wanted is not None:
                device_id, kind = wanted
                calls.append(Call(kind, self.name, device_id, made_at=now))
        return calls

    def _probe(self, now: float) -> None:
        """Find out whether the gateway is back: by a device that failed, and by any other.

        The one that failed most often is the nearest to be served; but its trouble may be its own.
        """
        if self.breaker.is_open(now):
            return
        if self.queue:
            self.queue.hurry(self.queue.anyone(self._rng))
        suspects = self.breaker.suspects
        waiting = [id_ for id_ in suspects if self.registry.is_reconnecting(id_)]
        self.queue.limiter = replace(self.queue.limiter, size=min(2, self.queue.limiter.limit))
        if waiting:
            device = self.devices[max(waiting, key=suspects.__getitem__)]
            self.registry.apply(wakes.probed(device, self.context(now)), now)
            self.queue.hurry(device.id)

    def is_offline_for_its_own_reason(self, device_id: str, now: float) -> bool:
        """Return whether a device that is offline is so for a reason of its own.

        Not while the gateway is down, nor soon after, nor while the device's first try waits for
        those of others.
        """
        if self.breaker.closed_for(now) < self._settings.cap:
            return False
        device = self.devices.get(device_id)
        return device is None or device.attempt > 1 or not self.queue.in_flight

    def restore(self, snapshot: DeviceSnapshot, now: float) -> Changes:
        """Take in what an earlier process knew of a device."""
        return self.registry.restore(
            snapshot, self.context(now), was_listed=self.schedule.was_taken
        )

    # What people and webhooks ask

    def wake(self, now: float) -> None:
        """Look at all devices now; wakes are spaced."""
        self.breaker.hurry(now)
        self.schedule.soon(now)

    def wake_device(self, device_id: str, now: float) -> list[DeviceChange]:
        """Look at one device now.

        At all of them when it is a new one, when only a listing can tell whether the gateway is
        back, or when so many are woken that a listing is cheaper.
        """
        self.breaker.hurry(now)
        device = self.devices.get(device_id)
        if self.breaker.in_doubt or self.state is AccountState.TOKEN_REFUSED:
            self.schedule.soon(now)
            if device is None or device.state is not DeviceState.REFUSED:
                return []
            return self.registry.apply(wakes.requeued(device, self.context(now)), now)
        is_crowded = len(self.queue) > self.queue.limiter.size
        if device is None or not self.breaker.is_reachable or is_crowded:
            self.schedule.soon(now)
        return [] if device is None else self.registry.wake(device, self.context(now))

    def replace_token(self, now: float) -> list[DeviceChange]:
        """Try again with the new token, which may be good for devices that are refused."""
        self.breaker.token_replaced()
        self.schedule.at(now)
        changes: list[DeviceChange] = []
        for device in list(self.devices.values()):
            if device.state is DeviceState.REFUSED:
                changes += self.registry.apply(wakes.tried_again(device, self.context(now)), now)
        return changes

    # What answers prove

    def answer(self, answer: Answer, now: float) -> Iterator[Changes]:
        """Take in the result of a call; a listing slice by slice, everything else at once."""
        call, result = answer.call, answer.result
        if isinstance(result, Listing):
            yield from self._listed(result, call.made_at, now)
            return
        if call.kind is CallKind.LIST:
            self.schedule.is_under_way = False
        device = self.registry.answered(call.device_id)
        if result is None:
            yield self._given_up(call, device, now)
            return
        evidence = weigh(_ENDPOINTS[call.kind], result)
        problem = result.message if isinstance(result, WutsError) else ""
        if call.kind is CallKind.LIST:
            yield self._listing_failed(evidence, problem, now - call.made_at, now)
            return
        context = self.context(now)
        yield [
            *self._learn_of_account(call, evidence, now),
            *(self.registry.take_answer(device, answer, evidence, context) if device else []),
            *(self._recover(now) if evidence.verdict is Verdict.ANSWERED else []),
        ]

    def _listed(self, listing: Listing, made_at: float, now: float) -> Iterator[Changes]:
        self._was_listed = True
        rows = {row.id: row for row in listing.rows}
        changes: list[Change] = [*self.breaker.listing_answered(now)]
        dropped = self.registry.dropped_together(rows, made_at)
        if dropped:
            self.queue.limiter = self.queue.limiter.probing()
            changes += self.breaker.mass_disconnect()
        yield changes
        context = self.context(now)
        for some in batched(rows.values(), SLICE):
            yield [
                change
                for row in some
                for change in self.registry.take_row(
                    row, made_at, context, dropped_with_most=row.id in dropped
                )
            ]
        yield self._miss(rows.keys() | listing.unreadable, listing.unreadable, made_at, now)
        yield self._ask_about_wrong(now)
        yield self._recover(now)
        self.listed_at = now
        self.schedule.is_under_way = False
        self.schedule.regularly(now)

    def _ask_about_wrong(self, now: float) -> Changes:
        """Ask again about devices whose last answer named another.

        A device that is paused or connected may have no call of its own for good, and until an
        answer is right nobody can disconnect any device.
        """
        changes: list[Change] = []
        for device_id in sorted(self.troubles.wrong)[:MOST_QUESTIONS]:
            device = self.devices.get(device_id)
            if device is None:
                changes += self.troubles.answered_right(device_id)
            elif device.state not in (DeviceState.RECONNECTING, DeviceState.REFUSED):
                changes += self.registry.apply(Seen(replace(device, needs_check=True)), now)
        return changes

    def _miss(
        self, listed: AbstractSet[str], unreadable: Sequence[str], made_at: float, now: float
    ) -> Changes:
        """Take in which devices a listing lacks."""
        changes: list[Change] = []
        context = self.context(now)
        missing = self.devices.keys() - listed
        with_most = is_most(len(missing), len(self.devices))
        if not with_most:
            changes += self.troubles.listed(listed)
        if any(_PLACE.fullmatch(label) for label in unreadable):
            # A row without a readable id may be any of them.
            return changes
        if with_most and self._doubted != len(missing):
            self.schedule.again(now)
        self._doubted = len(missing) if with_most else 0
        for device_id in missing:
            changes += self.registry.take_missing(device_id, made_at, context, with_most=with_most)
        if with_most:
            changes += self.troubles.vanished(missing - self.devices.keys())
        return changes

    def _listing_failed(self, evidence: Evidence, problem: str, took: float, now: float) -> Changes:
        changes = self.breaker.listing_failed(evidence, problem)
        if not self.breaker.is_reachable:
            self.queue.limiter = self.queue.limiter.probing()
        self.schedule.at(now + self.breaker.wait_to_list(evidence, took))
        return changes

    def _given_up(self, call: Call, device: Device | None, now: float) -> Changes:
        """What the call was for is still wanted."""
        if call.kind is CallKind.LIST:
            self.schedule.at(now)
        self.registry.requeued.discard(call.device_id)
        return self.registry.apply(machine.given_up(device), now) if device else []

    def _learn_of_account(self, call: Call, evidence: Evidence, now: float) -> Changes:
        """Take in what an answer about a device says of the gateway and the token."""
        verdict, limiter = evidence.verdict, self.queue.limiter
        if evidence.is_gateway_up:
            self.queue.limiter = limiter.answered(well=verdict is Verdict.ANSWERED)
            self.breaker.call_answered(call.device_id, evidence)
        match verdict:
            case Verdict.ANSWERED:
                return self.troubles.answered_right(call.device_id)
            case Verdict.WRONG_DEVICE:
                return self.troubles.answered_wrong(call.device_id)
            case Verdict.TOKEN_DOUBTED | Verdict.DEVICE_REFUSED:
                self.breaker.refused(evidence)
                if self.breaker.in_doubt:
                    self.schedule.soon(now)
            case Verdict.GATEWAY_FAILED | Verdict.RATE_LIMITED:
                is_mass = self.registry.is_mass_disconnect
                self.breaker.call_failed(call.device_id, evidence, now, is_mass=is_mass)
                is_usual = self.breaker.is_usual(call.device_id)
                self.queue.limiter = limiter.answered(well=False) if is_usual else limiter.failed()
        return []

    def _recover(self, now: float) -> Changes:
        """Be healthy once most devices are back, or those that are not have had their turn."""
        had_their_turn = not self.queue and self.queue.limiter.is_full
        is_mass = self.registry.is_mass_disconnect and not had_their_turn
        changes = self.breaker.recover(now, is_mass_disconnect=is_mass)
        if changes:
            self.queue.limiter = Limiter.full(self.queue.limiter.limit)
        return changes
