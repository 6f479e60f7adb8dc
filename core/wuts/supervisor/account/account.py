"""One account: its devices, its circuit breaker, and the calls about them.

No I/O: it takes answers in, says which calls to make, and returns what changed. Times are seconds
since 1970, passed in.
"""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from ..device import machine
from ..device.device import Device, DeviceChange, DeviceSnapshot, device_from
from ..device.machine import Context
from ..events import AccountState, DeviceState, Reason
from ..settings import SupervisorSettings
from .breaker import CircuitBreaker
from .learner import Changes, Learner
from .registry import DeviceRegistry
from .schedule import ListingSchedule
from .troubles import Troubles
from .work_queue import NEVER, Answer, Call, CallKind


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
        schedule: When the next ``GET /devices`` is due.
        troubles: What is wrong with many devices at once.
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
        self._settings = settings
        self._rng = rng
        self._learner = Learner(
            self.registry, self.breaker, self.schedule, self.troubles, settings=settings, rng=rng
        )

    @property
    def state(self) -> AccountState:
        """What the account is."""
        return self.breaker.state

    # What the controller asks

    def next_look(self, now: float) -> float:
        """Return when time alone lets the account make calls again."""
        listing = NEVER if self.schedule.is_under_way else self.schedule.next
        moments = (listing, self.breaker.open_until)
        return min((when for when in moments if when > now), default=NEVER)

    def wants_listing(self, now: float) -> bool:
        """Tell whether a ``GET /devices`` is due."""
        return self.schedule.is_due(now)

    def take_listing(self, now: float) -> Call:
        """Return the ``GET /devices`` that is due."""
        self.schedule.take(now)
        return Call(CallKind.LIST, self.name, made_at=now)

    def wants_calls(self, now: float) -> bool:
        """Tell whether `take_calls` may return something."""
        return bool(self.queue) and self.queue.room > 0 and not self.breaker.is_open(now)

    def take_calls(self, now: float, room: int) -> list[Call]:
        """Return at most ``room`` calls about devices."""
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
        waiting = [id_ for id_ in suspects if self._is_reconnecting(id_)]
        self.queue.limiter = replace(self.queue.limiter, size=min(2, self.queue.limiter.limit))
        if waiting:
            device = self.devices[max(waiting, key=suspects.__getitem__)]
            self.registry.apply(machine.probed(device, self._context(now)), now)
            self.queue.hurry(device.id)

    def _is_reconnecting(self, device_id: str) -> bool:
        device = self.devices.get(device_id)
        return device is not None and device.state is DeviceState.RECONNECTING

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
        if device is None and not self.schedule.was_taken:
            self.registry.adopt(device_from(snapshot, now))
            return []
        device = device or Device(snapshot.device_id, snapshot.name)
        changes: list[DeviceChange] = []
        if snapshot.was_paired and not device.was_paired:
            device = replace(device, was_paired=True, needs_check=True)
            changes += self.registry.apply(machine.Change(device), now)
        if snapshot.paused:
            changes += self.pause(device.id, now)
        return changes

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
            return self.registry.apply(machine.requeued(device, self._context(now)), now)
        is_crowded = len(self.queue) > self.queue.limiter.size
        if device is None or not self.breaker.is_reachable or is_crowded:
            self.schedule.soon(now)
        if device is None:
            return []
        if device_id in self.queue.in_flight:
            self._learner.requeued.add(device_id)
        changes = self.registry.apply(machine.requeued(device, self._context(now)), now)
        self.queue.hurry(device_id)
        return changes

    def replace_token(self, now: float) -> list[DeviceChange]:
        """Try again with the new token, which may be good for devices that are refused."""
        self.breaker.token_replaced()
        self.schedule.at(now)
        changes: list[DeviceChange] = []
        for device in list(self.devices.values()):
            if device.state is DeviceState.REFUSED:
                changes += self.registry.apply(machine.requeued(device, self._context(now)), now)
        return changes

    def pause(
        self, device_id: str, now: float, reason: Reason = Reason.PAUSED
    ) -> list[DeviceChange]:
        """Leave a device alone until `resume`; one that is not known yet as well."""
        device = self.registry.known(device_id) or Device(device_id)
        return self.registry.apply(machine.paused(device, reason, self._context(now)), now)

    def resume(self, device_id: str, now: float) -> list[DeviceChange]:
        """Take care of a device again."""
        device = self.devices.get(device_id)
        if device is None:
            return self.registry.forget_kept(device_id, now)
        changes = self.registry.apply(machine.resumed(device, self._context(now)), now)
        self.queue.hurry(device_id)
        return changes

    def release(self, now: float) -> list[DeviceChange]:
        """Drop every device: the account is no longer supervised."""
        changes: list[DeviceChange] = []
        for device_id in list(self.devices):
            changes += self.registry.remove(device_id, Reason.FORGOTTEN, now)
        for device_id in list(self.registry.kept):
            changes += self.registry.forget_kept(device_id, now)
        return changes

    def answer(self, answer: Answer, now: float) -> Iterator[Changes]:
        """Take in what came of a call; a listing slice by slice, everything else at once."""
        return self._learner.answer(answer, now)

    def _context(self, now: float) -> Context:
        return Context(now, self._rng, self._settings)
