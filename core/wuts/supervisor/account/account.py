"""One account: its devices, its circuit breaker, and the calls about them.

No I/O: it takes answers in, says which calls to make, and returns what changed. Times are seconds
since 1970, passed in.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import batched
from random import Random

from ...errors import (
    AlreadyConnectedError,
    DeviceNotFoundError,
    ForbiddenError,
    InvalidTokenError,
    RetryLaterError,
    WutsConnectionError,
    WutsError,
)
from ...models import ConnectResult, SessionStatus
from ..device import machine
from ..device.device import Device, DeviceChange, DeviceSnapshot, ListingRow, device_from
from ..device.machine import Change, Context
from ..events import AccountState, DeviceState, Reason
from ..settings import SupervisorSettings
from .breaker import AccountChange, CircuitBreaker
from .registry import DeviceRegistry
from .work_queue import NEVER, Answer, Call, CallKind, Limiter

LISTING_SPREAD = 0.05
"""The share of the interval by which listings vary, so that accounts are not listed in step."""

HURRY = 6
"""How many listings there may be in an interval when many devices are woken at once."""

SLICE = 250
"""Rows of a listing taken in at once, so that no event loop is stalled."""

type Changes = Sequence[DeviceChange | AccountChange]


class Account:
    """The devices of one token.

    Args:
        name: How people call it; unique under one supervisor.
        settings: Intervals and limits.
        rng: The source of jitter.
        state: What an earlier process left.

    Attributes:
        registry: The devices, and what a listing proves of them.
        devices: The devices, by id.
        queue: Whose turn it is, and which calls are in flight.
        breaker: Whether the token and the gateway let calls through.
        listing: Whether a ``GET /devices`` is under way.
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
        self.listing = False
        self._settings = settings
        self._rng = rng
        self._next_listing = NEVER
        self._listed_at = -NEVER
        self._requeued: set[str] = set()

    @property
    def state(self) -> AccountState:
        """What the account is."""
        return self.breaker.state

    # What the controller asks

    def next_look(self, now: float) -> float:
        """Return when time alone lets the account make calls again."""
        listing = NEVER if self.listing or not self.breaker.may_list else self._next_listing
        moments = (listing, self.breaker.open_until)
        return min((when for when in moments if when > now), default=NEVER)

    def wants_listing(self, now: float) -> bool:
        """Tell whether a ``GET /devices`` is due."""
        return self._next_listing <= now and not self.listing and self.breaker.may_list

    def take_listing(self, now: float) -> Call:
        """Return the ``GET /devices`` that is due."""
        self.listing = True
        self._next_listing = NEVER
        self._listed_at = now
        return Call(CallKind.LIST, self.name, made_at=now)

    def wants_calls(self, now: float) -> bool:
        """Tell whether `take_calls` may return something."""
        return bool(self.queue) and self.queue.room > 0 and not self.breaker.is_open(now)

    def take_calls(self, now: float, room: int) -> list[Call]:
        """Return at most ``room`` calls about devices."""
        calls: list[Call] = []
        while len(calls) < room and self.wants_calls(now):
            wanted = self.registry.next_call(now)
            if wanted is not None:
                device_id, kind = wanted
                calls.append(Call(kind, self.name, device_id, made_at=now))
        return calls

    def is_offline_for_its_own_reason(self, device_id: str, now: float) -> bool:
        """Tell whether a device that is offline is so for a reason of its own.

        Not while the gateway is down, nor soon after, nor while the device's first try waits for
        those of others.
        """
        if self.breaker.closed_for(now) < self._settings.cap:
            return False
        device = self.devices.get(device_id)
        return device is None or device.attempt > 1 or not self.queue.in_flight

    def adopt(self, snapshot: DeviceSnapshot, now: float) -> Changes:
        """Take in what an earlier process knew of a device.

        Of a device that was looked at meanwhile, what was seen is newer and counts; only that it
        was paired or paused is taken over.
        """
        device = self.devices.get(snapshot.device_id)
        if device is None and self._listed_at == -NEVER:
            self.registry.adopt(device_from(snapshot, now))
            return []
        device = device or Device(snapshot.device_id, snapshot.name)
        changes: list[DeviceChange] = []
        if snapshot.was_paired and not device.was_paired:
            device = replace(device, was_paired=True, needs_check=True)
            changes += self.registry.apply(Change(device), now)
        if snapshot.paused:
            changes += self.pause(device.id, now)
        return changes

    # What people and webhooks ask

    def wake(self, now: float) -> None:
        """Look at all devices now, unless the token is refused."""
        self.breaker.hurry(now)
        self.list_at(now)

    def wake_device(self, device_id: str, now: float) -> list[DeviceChange]:
        """Look at one device now, unless the token is refused.

        At all of them when it is a new one, when only a listing can tell whether the gateway is
        back, or, before long, when so many are woken that a listing is cheaper.
        """
        if self.state is AccountState.TOKEN_REFUSED:
            return []
        self.breaker.hurry(now)
        device = self.devices.get(device_id)
        if device is None or not self.breaker.is_reachable:
            self.list_at(now)
        elif len(self.queue) > self.queue.limiter.size:
            self.list_at(max(now, self._listed_at + self._settings.interval / HURRY))
        if device is None:
            return []
        if device_id in self.queue.in_flight:
            self._requeued.add(device_id)
        changes = self.registry.apply(machine.requeued(device, self._context(now)), now)
        self.queue.hurry(device_id)
        return changes

    def replace_token(self, now: float) -> None:
        """Try again with the new token."""
        self.breaker.token_replaced()
        self.list_at(now)

    def pause(
        self, device_id: str, now: float, reason: Reason = Reason.PAUSED
    ) -> list[DeviceChange]:
        """Leave a device alone until `resume`; one that is not known yet as well."""
        device = self.devices.get(device_id) or Device(device_id)
        return self.registry.apply(machine.paused(device, reason, self._context(now)), now)

    def resume(self, device_id: str, now: float) -> list[DeviceChange]:
        """Take care of a device again."""
        device = self.devices.get(device_id)
        if device is None:
            return []
        changes = self.registry.apply(machine.resumed(device, self._context(now)), now)
        self.queue.hurry(device_id)
        return changes

    def release(self, now: float) -> list[DeviceChange]:
        """Drop every device: the account is no longer supervised."""
        changes: list[DeviceChange] = []
        for device_id in list(self.devices):
            changes += self.registry.remove(device_id, Reason.FORGOTTEN, now)
        return changes

    def list_at(self, when: float) -> None:
        """List the devices at ``when``, or before if that is wanted already."""
        if self.breaker.may_list:
            self._next_listing = min(self._next_listing, when)

    # What the gateway answers

    def answer(self, answer: Answer, now: float) -> Iterator[Changes]:
        """Take in what came of a call; a listing slice by slice, everything else at once."""
        call = answer.call
        if isinstance(answer.result, Sequence):
            yield from self._listed(answer.result, call.made_at, now)
            return
        if call.kind is CallKind.LIST:
            self.listing = False
        device = self.registry.answered(call.device_id)
        match answer.result:
            case WutsError() as error:
                yield self._failed(call, device, error, now)
            case None:
                yield self._given_up(call, device, now)
            case SessionStatus(connected=connected, has_credentials=linked) if device:
                context = self._context(now)
                change = machine.checked(
                    device, connected=connected, linked=linked, context=context
                )
                yield self._learnt(change, now)
            case ConnectResult() as connect if device:
                act = machine.unlinked if connect.needs_qr else machine.reconnected
                changes = self._learnt(act(device, self._context(now)), now)
                yield [*changes, *self._recover(now)]

    def _listed(
        self, listing: Sequence[ListingRow], made_at: float, now: float
    ) -> Iterator[Changes]:
        if not self.breaker.may_list:
            # It was under way when the token was refused, and proves nothing about the token.
            self.listing = False
            return
        rows = {row.id: row for row in listing}
        changes: list[DeviceChange | AccountChange] = [*self.breaker.listing_answered(now)]
        dropped = self.registry.dropped_together(rows, made_at)
        if dropped:
            self.queue.limiter = self.queue.limiter.probing()
            changes += self.breaker.mass_disconnect()
        yield changes
        context = self._context(now)
        for some in batched(rows.values(), SLICE):
            yield [
                change
                for row in some
                for change in self.registry.take_row(
                    row, made_at, context, dropped_with_most=row.id in dropped
                )
            ]
        missing = self.devices.keys() - rows.keys()
        yield [one for id_ in missing for one in self.registry.take_missing(id_, made_at, now)]
        self.listing = False
        spread = self._rng.uniform(-LISTING_SPREAD, LISTING_SPREAD)
        self.list_at(now + self._settings.interval * (1 + spread))
        yield self._recover(now)

    def _failed(self, call: Call, device: Device | None, error: WutsError, now: float) -> Changes:
        self._requeued.discard(call.device_id)
        if isinstance(error, InvalidTokenError | ForbiddenError):
            # Everything stops until the token is replaced; what was under way is still wanted.
            self._next_listing = NEVER
            self.registry.look(call.device_id, now)
            return self.breaker.token_refused(error.message)
        if call.kind is CallKind.LIST:
            return self._listing_failed(error, now)
        if isinstance(error, DeviceNotFoundError):
            return self.registry.remove(call.device_id, Reason.NOT_FOUND, now)
        return self._call_failed(call, device, error, now) if device else []

    def _given_up(self, call: Call, device: Device | None, now: float) -> Changes:
        """What the call was for is still wanted."""
        if call.kind is CallKind.LIST:
            self.list_at(now)
        self._requeued.discard(call.device_id)
        return self.registry.apply(machine.given_up(device), now) if device else []

    def _learnt(self, change: Change, now: float) -> list[DeviceChange]:
        """Take in what a call has told.

        It may be older than a wake that came meanwhile: then look once more, but not where a
        reconnect is planned, or a call whose failure wakes us would know no backoff.
        """
        self.queue.limiter = self.queue.limiter.succeeded()
        changes = self.registry.apply(change, now)
        device = change.device
        if device.id in self._requeued:
            self._requeued.discard(device.id)
            if device.state is not DeviceState.RECONNECTING:
                changes += self.registry.apply(machine.requeued(device, self._context(now)), now)
        return changes

    def _listing_failed(self, error: WutsError, now: float) -> Changes:
        changes = self.breaker.listing_failed(error)
        if not self.breaker.is_reachable:
            self.queue.limiter = self.queue.limiter.probing()
        self.list_at(now + self.breaker.wait_to_list(error))
        return changes

    def _call_failed(self, call: Call, device: Device, error: WutsError, now: float) -> Changes:
        context = self._context(now)
        if isinstance(error, AlreadyConnectedError):
            return self.registry.apply(machine.reconnected(device, context), now)
        throttled: Changes = []
        if isinstance(error, RetryLaterError | WutsConnectionError):
            throttled = self._throttle(error, now)
        if call.kind is CallKind.STATUS:
            change = machine.check_failed(device, context)
        else:
            retry_after = error.retry_after if isinstance(error, RetryLaterError) else None
            change = machine.reconnect_failed(device, retry_after, context)
        return [*throttled, *self.registry.apply(change, now)]

    def _throttle(self, error: WutsError, now: float) -> Changes:
        """Make fewer calls at once, and none for a while when they keep failing."""
        self.queue.limiter = limiter = self.queue.limiter.failed()
        is_mass = self.registry.is_mass_disconnect
        return self.breaker.call_failed(error, limiter.failures, now, is_mass_disconnect=is_mass)

    def _recover(self, now: float) -> Changes:
        """Be well again when most devices are back, or when those that are not had their turn."""
        had_their_turn = not self.queue and self.queue.limiter.is_full
        is_mass = self.registry.is_mass_disconnect and not had_their_turn
        changes = self.breaker.recover(now, is_mass_disconnect=is_mass)
        if changes:
            self.queue.limiter = Limiter.full(self.queue.limiter.limit)
        return changes

    def _context(self, now: float) -> Context:
        return Context(now, self._rng, self._settings)
