"""One tenant: its devices, its token and gateway, and the budget of calls about its devices.

No I/O: it takes answers in and says which calls to make. Times are seconds since 1970, passed in.
"""

from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import batched
from random import Random
from typing import Protocol

from ..errors import (
    AlreadyConnectedError,
    DeviceNotFoundError,
    ForbiddenError,
    InvalidTokenError,
    RateLimitedError,
    RetryLaterError,
    WutsConnectionError,
    WutsError,
)
from . import device as machine
from .backoff import floor_of, full_jitter
from .calls import Call, CallKind, Seen
from .device import Change, Context, Device
from .settings import SupervisorSettings
from .states import DeviceState, Reason, TenantState
from .window import Window

SMALLEST_STORM = 3
"""Devices that must drop at once, and be half of the linked ones, to mean the gateway."""

FAILED_LISTINGS = 2
"""Failed ``GET /devices`` in a row that mean that the gateway is down."""

FAILED_CALLS = 5
"""Failed calls about devices in a row that mean the same, when most devices are waiting."""

POLL_SPREAD = 0.05
"""The share of the interval by which polls vary, so that tenants do not poll in step."""

SLICE = 250
"""Lines of a listing taken in at once."""

NEVER = float("inf")


@dataclass(frozen=True, slots=True)
class TenantChange:
    """What a tenant was before, why that changed, and the gateway's problem in words, if any."""

    old: TenantState
    reason: Reason
    problem: str | None


class Observer(Protocol):
    """Who is told what changes in a tenant, and keeps its timers."""

    def device_changed(
        self, tenant: Tenant, before: Device | None, change: Change, now: float
    ) -> None:
        """Take in that a device is another than before."""

    def tenant_changed(self, tenant: Tenant, change: TenantChange, now: float) -> None:
        """Take in that the tenant is another than before."""

    def timer(self, tenant: Tenant, when: float, device_id: str) -> None:
        """Call `Tenant.on_timer` at ``when``."""


class Tenant:
    """The devices of one token.

    Args:
        name: How people call it; unique in a fleet.
        settings: Intervals and limits.
        rng: The source of jitter.
        observer: Is told of every change.
    """

    def __init__(
        self, name: str, *, settings: SupervisorSettings, rng: Random, observer: Observer
    ) -> None:
        self.name = name
        self.state = TenantState.HEALTHY
        self.devices: dict[str, Device] = {}
        self.in_flight: dict[str, CallKind] = {}
        self.listing = False
        self._settings = settings
        self._rng = rng
        self._observer = observer
        self._window = Window.open(settings.tenant_concurrency)
        self._queue: deque[str] = deque()
        self._queued: set[str] = set()
        self._states: Counter[DeviceState | None] = Counter()
        self._failed_listings = 0
        self._next_poll = NEVER
        self._resume_at = 0.0

    # What the fleet asks

    def adopt(self, device: Device) -> None:
        """Take in a device as an earlier process left it."""
        self.devices[device.id] = device
        self._states[device.state] += 1

    def start(self, now: float, state: TenantState) -> None:
        """Look at the tenant's devices now; ``state`` is what an earlier process left."""
        self.state = state
        self._poll_at(now)

    def take_calls(self, now: float, *, room: int, may_list: bool) -> list[Call]:
        """Return at most ``room`` calls about devices, and the listing if it is due."""
        calls = []
        if may_list and self._next_poll <= now and not self.listing:
            self.listing = True
            self._next_poll = NEVER
            calls.append(Call(CallKind.LIST, self.name, made_at=now))
        free = min(room, self._window.size - len(self.in_flight))
        while free > 0 and self._queue and self._may_call(now):
            call = self._next_call(now)
            if call is not None:
                calls.append(call)
                free -= 1
        return calls

    def has_work(self, now: float) -> bool:
        """Tell whether `take_calls` may return something."""
        if self._next_poll <= now and not self.listing:
            return True
        free = len(self.in_flight) < self._window.size
        return bool(self._queue) and free and self._may_call(now)

    def on_timer(self, device_id: str, now: float) -> None:
        """Queue the device whose next try has come."""
        device = self.devices.get(device_id)
        if device is not None and self._wants_connect(device, now):
            self._enqueue(device_id)

    # What people and webhooks ask

    def wake(self, now: float) -> None:
        """Look at the devices now, unless the token is refused."""
        if self.state is TenantState.TOKEN_REFUSED:
            return
        self._resume_at = now
        self._poll_at(now)

    def wake_device(self, device_id: str, now: float) -> None:
        """Look at one device now; at all of them when it is a new one."""
        self.wake(now)
        device = self.devices.get(device_id)
        if device is not None:
            self._apply(machine.woken(device, self._context(now)), now)

    def token_replaced(self, now: float) -> None:
        """Try again with the new token."""
        self._poll_at(now)

    def pause(self, device_id: str, now: float) -> None:
        """Leave a device alone until `resume`; one that is not known yet as well."""
        device = self.devices.get(device_id) or Device(device_id)
        self._apply(machine.paused(device, self._context(now)), now)

    def resume(self, device_id: str, now: float) -> None:
        """Take care of a device again."""
        device = self.devices.get(device_id)
        if device is not None:
            self._apply(machine.resumed(device, self._context(now)), now)

    def forget(self, device_id: str, now: float) -> None:
        """Drop a device that a person deleted."""
        self._remove(device_id, Reason.FORGOTTEN, now)

    # What the gateway answers

    def listed(self, seen: Iterable[Seen], made_at: float, now: float) -> None:
        """Take in a ``GET /devices`` that was sent at ``made_at``."""
        for _ in self.listed_in_slices(seen, made_at, now):
            pass

    def listed_in_slices(self, seen: Iterable[Seen], made_at: float, now: float) -> Iterator[None]:
        """Do as `listed`, and yield now and then, so that no event loop is stalled."""
        self._failed_listings = 0
        lines = {line.id: line for line in seen}
        if self.state is TenantState.TOKEN_REFUSED:
            self._enter(TenantState.HEALTHY, Reason.TOKEN_REPLACED, now)
        storm = self._storm(lines, made_at)
        if storm:
            self._window = self._window.probing()
            self._enter(TenantState.GATEWAY_DOWN, Reason.MASS_DROP, now)
        yield
        context = self._context(now)
        for some in batched(lines.values(), SLICE, strict=False):
            for line in some:
                self._take_line(line, storm, made_at, context)
            yield
        self.listing = False
        for device_id in self.devices.keys() - lines.keys():
            if self._may_judge(self.devices[device_id], made_at):
                self._apply(Change(machine.missing(self.devices[device_id])), now)
        spread = self._rng.uniform(-POLL_SPREAD, POLL_SPREAD)
        self._poll_at(now + self._settings.interval * (1 + spread))
        if not self._is_most(self._states[DeviceState.RECONNECTING]):
            self._recover(now)

    def checked(self, device_id: str, *, connected: bool, linked: bool, now: float) -> None:
        """Take in a device's ``GET /status``."""
        device = self._answered(device_id)
        if device is None:
            return
        self._window = self._window.succeeded()
        context = self._context(now)
        self._apply(
            machine.checked(device, connected=connected, linked=linked, context=context), now
        )

    def connect_answered(self, device_id: str, *, needs_qr: bool, now: float) -> None:
        """Take in a device's ``POST /connect``."""
        device = self._answered(device_id)
        if device is None:
            return
        self._window = self._window.succeeded()
        act = machine.unlinked if needs_qr else machine.reconnected
        self._apply(act(device, self._context(now)), now)
        if self._window.is_open or not self._is_most(self._states[DeviceState.RECONNECTING]):
            self._recover(now)

    def failed(self, call: Call, error: WutsError, now: float) -> None:
        """Take in that a call ended with an error."""
        if call.kind is CallKind.LIST:
            self.listing = False
        device = self._answered(call.device_id)
        if isinstance(error, InvalidTokenError | ForbiddenError):
            self._refuse(call, device, error, now)
        elif call.kind is CallKind.LIST:
            self._listing_failed(error, now)
        elif isinstance(error, DeviceNotFoundError):
            self._remove(call.device_id, Reason.NOT_FOUND, now)
        elif device is not None:
            self._call_failed(call, device, error, now)

    def cancelled(self, call: Call, now: float) -> None:
        """Take in that a call was given up: what it was for is still wanted."""
        if call.kind is CallKind.LIST:
            self.listing = False
            self._poll_at(now)
            return
        device = self._answered(call.device_id)
        if device is not None and (device.doubtful or self._wants_connect(device, now)):
            self._enqueue(device.id)

    # Inside

    def _take_line(
        self, line: Seen, storm: frozenset[str], made_at: float, context: Context
    ) -> None:
        device = self.devices.get(line.id)
        if device is None:
            device = Device(line.id, line.name)
        elif _says_nothing_new(device, line) or not self._may_judge(device, made_at):
            return
        elif device.name != line.name:
            device = replace(device, name=line.name)
        if line.id in storm:
            change = machine.dropped(device, context, at_once=True)
        else:
            change = machine.listed(
                device, connected=line.connected, linked=line.linked, context=context
            )
        self._apply(change, context.now)

    def _may_judge(self, device: Device, made_at: float) -> bool:
        """A listing that was sent before something newer was learnt is stale for that device."""
        return device.id not in self.in_flight and device.since <= made_at

    def _storm(self, lines: dict[str, Seen], made_at: float) -> frozenset[str]:
        """Return the devices that dropped together with most others, or none."""
        dropped = frozenset(
            line.id
            for line in lines.values()
            if not line.connected
            and line.linked
            and (device := self.devices.get(line.id)) is not None
            and device.state is DeviceState.CONNECTED
            and self._may_judge(device, made_at)
        )
        most = len(dropped) >= SMALLEST_STORM and (
            len(dropped) * 2 >= self._states[DeviceState.CONNECTED]
        )
        return dropped if most else frozenset()

    def _is_most(self, count: int) -> bool:
        supervised = count + self._states[DeviceState.CONNECTED]
        return count >= SMALLEST_STORM and count * 2 >= supervised

    def _listing_failed(self, error: WutsError, now: float) -> None:
        self._failed_listings += 1
        self._poll_at(now + self._wait(self._failed_listings, error))
        limited = isinstance(error, RateLimitedError)
        if self._failed_listings >= FAILED_LISTINGS and not limited:
            self._window = self._window.probing()
            self._enter(TenantState.GATEWAY_DOWN, Reason.UNREACHABLE, now, error.message)

    def _call_failed(self, call: Call, device: Device, error: WutsError, now: float) -> None:
        if isinstance(error, AlreadyConnectedError):
            self._apply(machine.reconnected(device, self._context(now)), now)
            return
        if isinstance(error, RetryLaterError | WutsConnectionError):
            self._window = self._window.failed()
            self._breathe(error, now)
        if call.kind is CallKind.STATUS:
            # Doubt is dropped here and comes back with the next listing that contradicts us.
            self._apply(Change(replace(device, doubtful=False)), now)
            return
        retry_after = error.retry_after if isinstance(error, RetryLaterError) else None
        self._apply(machine.reconnect_failed(device, retry_after, self._context(now)), now)

    def _breathe(self, error: WutsError, now: float) -> None:
        """Let the whole tenant wait when its calls keep failing, or the gateway says so."""
        if isinstance(error, RateLimitedError):
            self._resume_later(now + self._wait(1, error))
        excess = self._window.failures - FAILED_CALLS
        if excess < 0 or not self._is_most(self._states[DeviceState.RECONNECTING]):
            return
        self._resume_later(now + self._wait(excess + 1, error))
        self._enter(TenantState.GATEWAY_DOWN, Reason.UNREACHABLE, now, error.message)

    def _resume_later(self, when: float) -> None:
        self._resume_at = when
        self._observer.timer(self, when, "")

    def _refuse(self, call: Call, device: Device | None, error: WutsError, now: float) -> None:
        """Stop everything until the token is replaced; what was under way is due again then."""
        self._next_poll = NEVER
        if device is not None and call.kind is CallKind.CONNECT:
            self._apply(Change(replace(device, next_try=now)), now)
            self._enqueue(device.id)
        self._enter(TenantState.TOKEN_REFUSED, Reason.TOKEN_REFUSED, now, error.message)

    def _recover(self, now: float) -> None:
        if self.state is TenantState.GATEWAY_DOWN and self._failed_listings == 0:
            self._window = Window.open(self._settings.tenant_concurrency)
            self._enter(TenantState.HEALTHY, Reason.RECOVERED, now)

    def _enter(
        self, state: TenantState, reason: Reason, now: float, problem: str | None = None
    ) -> None:
        if self.state is state:
            return
        old, self.state = self.state, state
        self._observer.tenant_changed(self, TenantChange(old, reason, problem), now)

    def _may_call(self, now: float) -> bool:
        refused = self.state is TenantState.TOKEN_REFUSED
        return not refused and self._failed_listings < FAILED_LISTINGS and self._resume_at <= now

    def _next_call(self, now: float) -> Call | None:
        device_id = self._queue.popleft()
        self._queued.discard(device_id)
        device = self.devices.get(device_id)
        if device is None or device_id in self.in_flight:
            return None
        if device.doubtful:
            kind = CallKind.STATUS
        elif self._wants_connect(device, now):
            kind = CallKind.CONNECT
        else:
            return None
        self.in_flight[device_id] = kind
        return Call(kind, self.name, device_id, made_at=now)

    def _wants_connect(self, device: Device, now: float) -> bool:
        due = device.next_try is not None and device.next_try <= now
        return device.state is DeviceState.RECONNECTING and due

    def _answered(self, device_id: str) -> Device | None:
        self.in_flight.pop(device_id, None)
        return self.devices.get(device_id)

    def _remove(self, device_id: str, reason: Reason, now: float) -> None:
        device = self.devices.pop(device_id, None)
        if device is None:
            return
        self._states[device.state] -= 1
        gone = replace(device, state=DeviceState.GONE, since=now, attempt=0, next_try=None)
        self._observer.device_changed(self, device, Change(gone, reason), now)

    def _apply(self, change: Change, now: float) -> None:
        """Keep the device as it is now, and see to it that what it wants comes about."""
        device = change.device
        before = self.devices.get(device.id)
        self.devices[device.id] = device
        if before is None or before.state is not device.state:
            self._states[device.state] += 1
            if before is not None:
                self._states[before.state] -= 1
        if device.doubtful or self._wants_connect(device, now):
            self._enqueue(device.id)
        elif device.next_try is not None and (before is None or before.next_try != device.next_try):
            self._observer.timer(self, device.next_try, device.id)
        if device is not before:
            self._observer.device_changed(self, before, change, now)

    def _enqueue(self, device_id: str) -> None:
        if device_id not in self._queued:
            self._queued.add(device_id)
            self._queue.append(device_id)

    def _poll_at(self, when: float) -> None:
        self._next_poll = when
        self._observer.timer(self, when, "")

    def _wait(self, failures: int, error: WutsError) -> float:
        settings = self._settings
        wait = full_jitter(failures, base=settings.base, cap=settings.cap, rng=self._rng)
        asked = error.retry_after if isinstance(error, RetryLaterError) else None
        return max(wait, floor_of(asked))

    def _context(self, now: float) -> Context:
        return Context(now, self._rng, self._settings)


def _says_nothing_new(device: Device, line: Seen) -> bool:
    """The fast path: nearly every line of nearly every listing."""
    return (
        device.state is DeviceState.CONNECTED
        and line.connected
        and line.linked == device.linked
        and not device.doubtful
        and device.name == line.name
    )
