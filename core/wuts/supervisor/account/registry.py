"""An account's devices, and the queue of those that want a call. No I/O."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial

from ..device import machine
from ..device.calls import CallKind, Seen
from ..device.device import Device, wants_connect
from ..device.machine import Change, Context
from ..states import DeviceState, Reason
from .mass_disconnect import dropped_together, is_most
from .work_queue import CallQueue


class Roster:
    """Keeps the devices as they are now, and sees to it that what they want comes about.

    Args:
        limit: The most calls about them in flight.
        on_change: Is told of every change: the device before, the change, and when it happened.
        set_timer: Is asked to call `on_timer` at a time, for a device.

    Attributes:
        devices: By id.
        queue: Whose turn it is.
    """

    def __init__(
        self,
        limit: int,
        *,
        on_change: Callable[[Device | None, Change, float], None],
        set_timer: Callable[[float, str], None],
    ) -> None:
        self.devices: dict[str, Device] = {}
        self.queue = CallQueue(limit)
        self._on_change = on_change
        self._set_timer = set_timer
        self._states: Counter[DeviceState | None] = Counter()
        self._gone: set[str] = set()

    @property
    def is_storm(self) -> bool:
        """Whether most devices wait to be reconnected."""
        waiting = self._states[DeviceState.RECONNECTING]
        return is_most(waiting, waiting + self._states[DeviceState.CONNECTED])

    def adopt(self, device: Device) -> None:
        """Take in a device as an earlier process left it."""
        self.devices[device.id] = device
        self._states[device.state] += 1

    def apply(self, change: Change, now: float) -> None:
        """Keep a device as it is now."""
        device = change.device
        before = self.devices.get(device.id)
        self.devices[device.id] = device
        if before is None or before.state is not device.state:
            self._states[device.state] += 1
            if before is not None:
                self._states[before.state] -= 1
        self.queue_if_wanted(device, now)
        when = device.next_try
        if when is not None and when > now and (before is None or before.next_try != when):
            self._set_timer(when, device.id)
        if device is not before:
            self._on_change(before, change, now)

    def dropped_together(self, lines: Mapping[str, Seen], made_at: float) -> frozenset[str]:
        """Return the devices that dropped with most others, by a listing sent at ``made_at``."""
        return dropped_together(self.devices, lines, partial(self._may_judge, made_at))

    def take_line(
        self, line: Seen, made_at: float, context: Context, *, dropped_with_most: bool
    ) -> None:
        """Take in a device's line of a listing that was sent at ``made_at``."""
        device = self.devices.get(line.id)
        if device is None:
            device = Device(line.id, line.name)
        elif _says_nothing_new(device, line) or not self._may_judge(made_at, device):
            return
        elif device.name != line.name:
            device = replace(device, name=line.name)
        if dropped_with_most:
            change = machine.dropped_with_most(device, context)
        else:
            change = machine.listed(
                device, connected=line.connected, linked=line.linked, context=context
            )
        self.apply(change, context.now)

    def take_missing(self, device_id: str, made_at: float, now: float) -> None:
        """Take in that a listing that was sent at ``made_at`` has no line for a device."""
        device = self.devices[device_id]
        if self._may_judge(made_at, device):
            self.apply(Change(machine.missing(device)), now)

    def remove(self, device_id: str, reason: Reason, now: float) -> None:
        """Drop a device, and tell it once: not again if it comes and goes unseen."""
        device = self.devices.pop(device_id, None)
        if device is None:
            return
        self._states[device.state] -= 1
        gone = replace(device, state=DeviceState.GONE, since=now, attempt=0, next_try=None)
        was_told = device.state is None and device_id in self._gone
        self._gone.add(device_id)
        self._on_change(device, Change(gone, None if was_told else reason), now)

    def queue_if_wanted(self, device: Device, now: float) -> None:
        """Queue a device that wants a call."""
        if device.doubtful or wants_connect(device, now):
            self.queue.add(device.id)

    def on_timer(self, device_id: str, now: float) -> None:
        """Queue the device whose next try has come."""
        device = self.devices.get(device_id)
        if device is not None:
            self.queue_if_wanted(device, now)

    def next_call(self, now: float) -> tuple[str, CallKind] | None:
        """Return the next device in the queue and what it wants, if it still wants anything."""
        device_id = self.queue.take()
        device = self.devices.get(device_id)
        if device is None or device_id in self.queue.in_flight:
            return None
        if device.doubtful:
            kind = CallKind.STATUS
        elif wants_connect(device, now):
            kind = CallKind.CONNECT
        else:
            return None
        self.queue.in_flight[device_id] = kind
        return device_id, kind

    def answered(self, device_id: str) -> Device | None:
        """Take in that a device's call has ended; return the device, unless it is gone."""
        self.queue.answered(device_id)
        return self.devices.get(device_id)

    def _may_judge(self, made_at: float, device: Device) -> bool:
        """A listing that was sent before something newer was learnt or asked is stale."""
        newest = max(device.since, device.woken_at)
        return newest <= made_at and device.id not in self.queue.in_flight


def _says_nothing_new(device: Device, line: Seen) -> bool:
    """The fast path: nearly every line of nearly every listing."""
    return (
        device.state is DeviceState.CONNECTED
        and line.connected
        and line.linked == device.linked
        and not device.doubtful
        and not device.failed_checks
        and device.name == line.name
    )
