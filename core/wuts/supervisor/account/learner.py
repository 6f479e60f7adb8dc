"""What an account's answers say of its devices, its token and its gateway. No I/O."""

import re
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from itertools import batched
from random import Random

from ...errors import WutsError
from ...evidence import Evidence, Verdict, weigh
from ...http import endpoints
from ...models import ConnectResult, SessionStatus
from ..device import machine
from ..device.device import Device, DeviceChange, Listing
from ..device.machine import Context
from ..events import DeviceState
from ..settings import SupervisorSettings
from .breaker import AccountChange, CircuitBreaker
from .registry import DeviceRegistry, is_most
from .schedule import ListingSchedule
from .troubles import AccountTrouble, Troubles
from .work_queue import Answer, Call, CallKind, Limiter

SLICE = 250
"""Rows of a listing taken in at once, so that no event loop is stalled."""

_PLACE = re.compile(r"row [0-9]+")
"""What a row is called that has no readable id."""

_ENDPOINTS = {
    CallKind.LIST: endpoints.LIST_DEVICES,
    CallKind.STATUS: endpoints.GET_STATUS,
    CallKind.CONNECT: endpoints.CONNECT,
}

type Change = DeviceChange | AccountChange | AccountTrouble
type Changes = Sequence[Change]


class Learner:
    """Takes answers in, and returns what changed.

    Args:
        registry: The devices.
        breaker: Whether the token and the gateway let calls through.
        schedule: When the next listing is due.
        troubles: What is wrong with many devices at once.
        settings: Intervals and limits.
        rng: The source of jitter.

    Attributes:
        requeued: Devices that somebody asked to look at while a call about them is under way.
    """

    def __init__(  # noqa: PLR0913 - an account has so many parts
        self,
        registry: DeviceRegistry,
        breaker: CircuitBreaker,
        schedule: ListingSchedule,
        troubles: Troubles,
        *,
        settings: SupervisorSettings,
        rng: Random,
    ) -> None:
        self.requeued: set[str] = set()
        self._registry = registry
        self._queue = registry.queue
        self._breaker = breaker
        self._schedule = schedule
        self._troubles = troubles
        self._settings = settings
        self._rng = rng
        self._doubted = 0

    def answer(self, answer: Answer, now: float) -> Iterator[Changes]:
        """Take in what came of a call; a listing slice by slice, everything else at once."""
        call, result = answer.call, answer.result
        if isinstance(result, Listing):
            yield from self._listed(result, call.made_at, now)
            return
        if call.kind is CallKind.LIST:
            self._schedule.is_under_way = False
        device = self._registry.answered(call.device_id)
        if result is None:
            yield self._given_up(call, device, now)
            return
        evidence = weigh(_ENDPOINTS[call.kind], result)
        problem = result.message if isinstance(result, WutsError) else ""
        if call.kind is CallKind.LIST:
            yield self._listing_failed(evidence, problem, now - call.made_at, now)
            return
        yield [
            *self._learn_of_account(call, evidence, now),
            *(self._learn_of_device(call, device, evidence, result, now) if device else []),
            *(self._recover(now) if evidence.verdict is Verdict.ANSWERED else []),
        ]

    def _listed(self, listing: Listing, made_at: float, now: float) -> Iterator[Changes]:
        rows = {row.id: row for row in listing.rows}
        changes: list[Change] = [*self._breaker.listing_answered(now)]
        dropped = self._registry.dropped_together(rows, made_at)
        if dropped:
            self._queue.limiter = self._queue.limiter.probing()
            changes += self._breaker.mass_disconnect()
        yield changes
        context = self._context(now)
        for some in batched(rows.values(), SLICE):
            yield [
                change
                for row in some
                for change in self._registry.take_row(
                    row, made_at, context, dropped_with_most=row.id in dropped
                )
            ]
        yield self._miss(rows.keys() | listing.unreadable, listing.unreadable, made_at, now)
        self._schedule.is_under_way = False
        self._schedule.regularly(now)
        yield self._recover(now)

    def _miss(
        self, listed: AbstractSet[str], unreadable: Sequence[str], made_at: float, now: float
    ) -> Changes:
        """Take in which devices a listing lacks."""
        changes: list[Change] = []
        context = self._context(now)
        missing = self._registry.devices.keys() - listed
        with_most = is_most(len(missing), len(self._registry.devices))
        if not with_most:
            changes += self._troubles.listed(listed)
        if any(_PLACE.fullmatch(label) for label in unreadable):
            # A row without a readable id may be any of them.
            return changes
        if with_most and self._doubted != len(missing):
            self._schedule.again(now)
        self._doubted = len(missing) if with_most else 0
        for device_id in missing:
            changes += self._registry.take_missing(device_id, made_at, context, with_most=with_most)
        if with_most:
            changes += self._troubles.vanished(missing - self._registry.devices.keys())
        return changes

    def _listing_failed(self, evidence: Evidence, problem: str, took: float, now: float) -> Changes:
        changes = self._breaker.listing_failed(evidence, problem)
        if not self._breaker.is_reachable:
            self._queue.limiter = self._queue.limiter.probing()
        self._schedule.at(now + self._breaker.wait_to_list(evidence, took))
        return changes

    def _given_up(self, call: Call, device: Device | None, now: float) -> Changes:
        """What the call was for is still wanted."""
        if call.kind is CallKind.LIST:
            self._schedule.at(now)
        self.requeued.discard(call.device_id)
        return self._registry.apply(machine.given_up(device), now) if device else []

    def _learn_of_account(self, call: Call, evidence: Evidence, now: float) -> list[Change]:
        """Take in what an answer about a device says of the gateway and the token."""
        verdict, limiter = evidence.verdict, self._queue.limiter
        if evidence.is_gateway_up:
            self._queue.limiter = limiter.answered(well=verdict is Verdict.ANSWERED)
            self._breaker.call_answered(call.device_id, evidence)
        match verdict:
            case Verdict.ANSWERED:
                return [*self._troubles.answered_right(call.device_id)]
            case Verdict.WRONG_DEVICE:
                return [*self._troubles.answered_wrong(call.device_id)]
            case Verdict.TOKEN_DOUBTED | Verdict.DEVICE_REFUSED:
                self._breaker.refused(evidence)
                if self._breaker.in_doubt:
                    self._schedule.soon(now)
            case Verdict.GATEWAY_FAILED | Verdict.RATE_LIMITED:
                is_mass = self._registry.is_mass_disconnect
                self._breaker.call_failed(call.device_id, evidence, now, is_mass=is_mass)
                is_usual = self._breaker.is_usual(call.device_id)
                self._queue.limiter = limiter.answered(well=False) if is_usual else limiter.failed()
        return []

    def _learn_of_device(
        self, call: Call, device: Device, evidence: Evidence, result: object, now: float
    ) -> list[Change]:
        """Take in what an answer says of its device."""
        context = self._context(now)
        match result:
            case SessionStatus(connected=connected, has_credentials=linked):
                return self._learnt(
                    machine.checked(device, connected=connected, linked=linked, context=context),
                    now,
                )
            case ConnectResult(needs_qr=True):
                return self._learnt(machine.unlinked(device, context), now)
        if evidence.verdict is Verdict.ANSWERED:
            return self._learnt(machine.reconnected(device, context), now)
        self.requeued.discard(device.id)
        if evidence.verdict is Verdict.DEVICE_REFUSED:
            change = machine.refused(device, context)
        elif call.kind is CallKind.STATUS:
            change = machine.check_failed(device, context)
        else:
            change = machine.reconnect_failed(device, evidence.retry_after, context)
        return [*self._registry.apply(change, now)]

    def _learnt(self, change: machine.Change, now: float) -> list[Change]:
        """Take in what a call has told.

        It may be older than a wake that came meanwhile: then look once more, but not where a
        reconnect is planned, or a call whose failure wakes us would know no backoff.
        """
        changes: list[Change] = [*self._registry.apply(change, now)]
        device = change.device
        if device.id in self.requeued:
            self.requeued.discard(device.id)
            if device.state is not DeviceState.RECONNECTING:
                changes += self._registry.apply(machine.requeued(device, self._context(now)), now)
        return changes

    def _recover(self, now: float) -> Changes:
        """Be well again when most devices are back, or when those that are not had their turn."""
        had_their_turn = not self._queue and self._queue.limiter.is_full
        is_mass = self._registry.is_mass_disconnect and not had_their_turn
        changes = self._breaker.recover(now, is_mass_disconnect=is_mass)
        if changes:
            self._queue.limiter = Limiter.full(self._queue.limiter.limit)
        return changes

    def _context(self, now: float) -> Context:
        return Context(now, self._rng, self._settings)
