"""One account: its devices, its token and gateway, and the calls about them.

No I/O: it takes answers in and says which calls to make. Times are seconds since 1970, passed in.
"""

from collections.abc import Iterable, Iterator
from functools import partial
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
from ..device import machine
from ..device.calls import Call, CallKind, Seen
from ..device.device import Device
from ..device.machine import Change, Context
from ..settings import SupervisorSettings
from ..states import AccountState, DeviceState, Reason
from .breaker import Health
from .observer import Observer
from .registry import Roster
from .work_queue import CallQueue

POLL_SPREAD = 0.05
"""The share of the interval by which polls vary, so that accounts do not poll in step."""

HURRY = 6
"""How many listings there may be in an interval when many devices are woken at once."""

SLICE = 250
"""Lines of a listing taken in at once."""

NEVER = float("inf")


class Account:
    """The devices of one token.

    Args:
        name: How people call it; unique in a fleet.
        settings: Intervals and limits.
        rng: The source of jitter.
        observer: Is told of every change.

    Attributes:
        roster: The devices.
        health: Whether the token and the gateway are well.
        listing: Whether a ``GET /devices`` is under way.
    """

    def __init__(
        self, name: str, *, settings: SupervisorSettings, rng: Random, observer: Observer
    ) -> None:
        self.name = name
        self.roster = Roster(
            settings.account_concurrency,
            on_change=partial(observer.device_changed, self),
            set_timer=partial(observer.timer, self),
        )
        self.health = Health(settings, rng, partial(observer.account_changed, self))
        self.listing = False
        self._settings = settings
        self._rng = rng
        self._observer = observer
        self._next_poll = NEVER
        self._polled_at = -NEVER
        self._woken: set[str] = set()

    @property
    def state(self) -> AccountState:
        """What the account is."""
        return self.health.state

    @property
    def queue(self) -> CallQueue:
        """Whose turn it is, and which calls are in flight."""
        return self.roster.queue

    @property
    def devices(self) -> dict[str, Device]:
        """The devices, by id."""
        return self.roster.devices

    # What the fleet asks

    def start(self, now: float, state: AccountState) -> None:
        """Look at the account's devices now; ``state`` is what an earlier process left."""
        self.health.restore(state)
        self._poll_at(now)

    def wants_listing(self, now: float) -> bool:
        """Tell whether a ``GET /devices`` is due."""
        return self._next_poll <= now and not self.listing and self.health.may_list

    def take_listing(self, now: float) -> Call:
        """Return the ``GET /devices`` that is due."""
        self.listing = True
        self._next_poll = NEVER
        self._polled_at = now
        return Call(CallKind.LIST, self.name, made_at=now)

    def wants_calls(self, now: float) -> bool:
        """Tell whether `take_calls` may return something."""
        return bool(self.queue) and self.queue.room > 0 and self.health.may_call(now)

    def take_calls(self, now: float, room: int) -> list[Call]:
        """Return at most ``room`` calls about devices."""
        calls: list[Call] = []
        while len(calls) < room and self.wants_calls(now):
            wanted = self.roster.next_call(now)
            if wanted is not None:
                device_id, kind = wanted
                calls.append(Call(kind, self.name, device_id, made_at=now))
        return calls

    def may_call_offline(self, device_id: str, now: float) -> bool:
        """Tell whether a device that is offline is so for a reason of its own.

        Not while the gateway is down, nor soon after, nor while the device's first try waits for
        those of others.
        """
        if self.health.was_healthy_for(now) < self._settings.cap:
            return False
        device = self.devices.get(device_id)
        return device is None or device.attempt > 1 or not self.queue.in_flight

    # What people and webhooks ask

    def wake(self, now: float) -> None:
        """Look at all devices now, unless the token is refused."""
        self.health.woken(now)
        self._poll_at(now)

    def wake_device(self, device_id: str, now: float) -> None:
        """Look at one device now, unless the token is refused.

        At all of them when it is a new one, when only a listing can tell whether the gateway is
        back, or, before long, when so many are woken that a listing is cheaper.
        """
        if self.state is AccountState.TOKEN_REFUSED:
            return
        self.health.woken(now)
        device = self.devices.get(device_id)
        if device is None or not self.health.is_reachable:
            self._poll_at(now)
        elif len(self.queue) > self.queue.window.size:
            self._poll_at(max(now, self._polled_at + self._settings.interval / HURRY))
        if device is None:
            return
        if device_id in self.queue.in_flight:
            self._woken.add(device_id)
        self.roster.apply(machine.woken(device, self._context(now)), now)
        self.queue.hurry(device_id)

    def token_replaced(self, now: float) -> None:
        """Try again with the new token."""
        self.health.token_replaced()
        self._poll_at(now)

    def pause(self, device_id: str, now: float) -> None:
        """Leave a device alone until `resume`; one that is not known yet as well."""
        device = self.devices.get(device_id) or Device(device_id)
        self.roster.apply(machine.paused(device, Reason.PAUSED, self._context(now)), now)

    def resume(self, device_id: str, now: float) -> None:
        """Take care of a device again."""
        device = self.devices.get(device_id)
        if device is not None:
            self.roster.apply(machine.resumed(device, self._context(now)), now)
            self.queue.hurry(device_id)

    def forget(self, device_id: str, now: float) -> None:
        """Leave a device that a person deleted alone; it is dropped once the gateway drops it.

        A deleted device stays listed (WUTS reference, Delete device): to drop it here would mean
        to find it again with the next listing, and to reconnect it.
        """
        device = self.devices.get(device_id)
        if device is not None:
            self.roster.apply(machine.paused(device, Reason.FORGOTTEN, self._context(now)), now)

    def drop_all(self, now: float) -> None:
        """Drop every device: the account is no longer supervised."""
        for device_id in list(self.devices):
            self.roster.remove(device_id, Reason.FORGOTTEN, now)

    # What the gateway answers

    def listed(self, seen: Iterable[Seen], made_at: float, now: float) -> None:
        """Take in a ``GET /devices`` that was sent at ``made_at``."""
        for _ in self.listed_in_slices(seen, made_at, now):
            pass

    def listed_in_slices(self, seen: Iterable[Seen], made_at: float, now: float) -> Iterator[None]:
        """Do as `listed`, and yield now and then, so that no event loop is stalled."""
        if not self.health.may_list:
            # It was under way when the token was refused, and proves nothing about the token.
            self.listing = False
            return
        lines = {line.id: line for line in seen}
        self.health.listing_answered(now)
        storm = self.roster.dropped_together(lines, made_at)
        if storm:
            self.queue.probe()
            self.health.mass_drop(now)
        yield
        context = self._context(now)
        for some in batched(lines.values(), SLICE):
            for line in some:
                self.roster.take_line(line, made_at, context, dropped_with_most=line.id in storm)
            yield
        for device_id in self.devices.keys() - lines.keys():
            self.roster.take_missing(device_id, made_at, now)
        self.listing = False
        spread = self._rng.uniform(-POLL_SPREAD, POLL_SPREAD)
        self._poll_at(now + self._settings.interval * (1 + spread))
        self._recover(now)

    def checked(self, device_id: str, *, connected: bool, linked: bool, now: float) -> None:
        """Take in a device's ``GET /status``."""
        device = self.roster.answered(device_id)
        if device is None:
            return
        context = self._context(now)
        change = machine.checked(device, connected=connected, linked=linked, context=context)
        self._take_answer(change, now)

    def connect_answered(self, device_id: str, *, needs_qr: bool, now: float) -> None:
        """Take in a device's ``POST /connect``."""
        device = self.roster.answered(device_id)
        if device is None:
            return
        act = machine.unlinked if needs_qr else machine.reconnected
        self._take_answer(act(device, self._context(now)), now)
        self._recover(now)

    def failed(self, call: Call, error: WutsError, now: float) -> None:
        """Take in that a call ended with an error."""
        if call.kind is CallKind.LIST:
            self.listing = False
        self._woken.discard(call.device_id)
        device = self.roster.answered(call.device_id)
        if isinstance(error, InvalidTokenError | ForbiddenError):
            self._refuse(device, error, now)
        elif call.kind is CallKind.LIST:
            self._listing_failed(error, now)
        elif isinstance(error, DeviceNotFoundError):
            self.roster.remove(call.device_id, Reason.NOT_FOUND, now)
        elif device is not None:
            self._call_failed(call, device, error, now)

    def cancelled(self, call: Call, now: float) -> None:
        """Take in that a call was given up: what it was for is still wanted."""
        if call.kind is CallKind.LIST:
            self.listing = False
            self._poll_at(now)
            return
        self._woken.discard(call.device_id)
        device = self.roster.answered(call.device_id)
        if device is not None:
            self.roster.apply(machine.given_up(device), now)

    # Inside

    def _take_answer(self, change: Change, now: float) -> None:
        """Take in what a call has told.

        It may be older than a wake that came meanwhile: then look once more, but not where a
        reconnect is planned, or a call whose failure wakes us would know no backoff.
        """
        self.queue.succeeded()
        self.roster.apply(change, now)
        device = change.device
        if device.id not in self._woken:
            return
        self._woken.discard(device.id)
        if device.state is not DeviceState.RECONNECTING:
            self.roster.apply(machine.woken(device, self._context(now)), now)

    def _listing_failed(self, error: WutsError, now: float) -> None:
        wait = self.health.listing_failed(error, now)
        if not self.health.is_reachable:
            self.queue.probe()
        self._poll_at(now + wait)

    def _call_failed(self, call: Call, device: Device, error: WutsError, now: float) -> None:
        context = self._context(now)
        if isinstance(error, AlreadyConnectedError):
            self.roster.apply(machine.reconnected(device, context), now)
            return
        if isinstance(error, RetryLaterError | WutsConnectionError):
            self._breathe(error, now)
        if call.kind is CallKind.STATUS:
            self.roster.apply(machine.check_failed(device, context), now)
            return
        retry_after = error.retry_after if isinstance(error, RetryLaterError) else None
        self.roster.apply(machine.reconnect_failed(device, retry_after, context), now)

    def _breathe(self, error: WutsError, now: float) -> None:
        """Make fewer calls at once, and none for a while when they keep failing."""
        failures = self.queue.failed()
        if self.health.call_failed(error, failures, now, is_storm=self.roster.is_storm):
            self._observer.timer(self, self.health.resume_at, "")

    def _refuse(self, device: Device | None, error: WutsError, now: float) -> None:
        """Stop everything until the token is replaced; what was under way is wanted still."""
        self._next_poll = NEVER
        if device is not None:
            self.roster.queue_if_wanted(device, now)
        self.health.token_refused(error.message, now)

    def _recover(self, now: float) -> None:
        """Be well again when most devices are back, or when those that are not had their turn."""
        had_their_turn = not self.queue and self.queue.window.is_open
        if self.health.recover(now, is_storm=self.roster.is_storm and not had_their_turn):
            self.queue.reopen()

    def _poll_at(self, when: float) -> None:
        """List the devices at ``when``, or before if that is wanted already."""
        if self.health.may_list and when < self._next_poll:
            self._next_poll = when
            self._observer.timer(self, when, "")

    def _context(self, now: float) -> Context:
        return Context(now, self._rng, self._settings)
