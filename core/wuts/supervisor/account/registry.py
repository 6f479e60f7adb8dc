"""An account's devices: orders about them, what answers prove, and which want a call. No I/O."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from ...evidence import Evidence, Verdict
from ...models import ConnectResult, SessionStatus
from ..device import machine, phone_changes, wakes
from ..device.change import Change, Context
from ..device.device import (
    Device,
    DeviceChange,
    DeviceSnapshot,
    ListingRow,
    device_from,
    is_no_news,
    next_moment,
    wants_connect,
)
from ..device.phone import NO_PHONE
from ..device.phone_changes import PhoneChange
from ..device.remembered import remembered, told_late
from ..events import DeviceState, Reason
from .work_queue import NEVER, Answer, CallKind, WorkQueue

SMALLEST_MASS_DISCONNECT = 3
"""Devices that must drop at once, and be half of the linked ones, to mean the gateway."""

LOOKS = 3
"""Listings that must agree that a device is gone, at least."""


class DeviceRegistry:
    """Keeps the devices as they are now, and queues those that want a call.

    Args:
        limit: The most calls about them in flight.

    Attributes:
        devices: By id.
        queue: Whose turn it is.
        kept: Devices that are gone, as they were, in case they come back: what a person ordered of
            them, and which phone is theirs, outlives their absence.
        requeued: Devices that somebody asked to look at while a call about them is under way.
    """

    def __init__(self, limit: int) -> None:
        self.devices: dict[str, Device] = {}
        self.queue = WorkQueue(limit)
        self.kept: dict[str, Device] = {}
        self.requeued: set[str] = set()
        self._states: Counter[DeviceState | None] = Counter()
        self._gone: set[str] = set()
        self._deleted: set[str] = set()

    @property
    def is_mass_disconnect(self) -> bool:
        """Whether most devices wait to be reconnected."""
        waiting = self._states[DeviceState.RECONNECTING]
        return is_most(waiting, waiting + self._states[DeviceState.CONNECTED])

    def is_reconnecting(self, device_id: str) -> bool:
        """Return whether a device waits to be reconnected."""
        device = self.devices.get(device_id)
        return device is not None and device.state is DeviceState.RECONNECTING

    def restore(
        self, snapshot: DeviceSnapshot, context: Context, *, was_listed: bool
    ) -> list[DeviceChange]:
        """Take in what an earlier process knew of a device.

        Once the devices ``was_listed``, what was seen is newer and counts; only that one was paired
        or paused, and which phone it should have, is taken over.
        """
        known = self.devices.get(snapshot.device_id)
        if known is None and snapshot.gone:
            self.kept.setdefault(snapshot.device_id, device_from(snapshot, context.now))
            return []
        if known is None and not was_listed:
            self.adopt(device_from(snapshot, context.now))
            return []
        before = known or Device(snapshot.device_id, snapshot.name)
        device = told_late(before, snapshot, context)
        changes = [] if device is before else self.apply(Change(device), context.now)
        return changes + (self.pause(device.id, context) if snapshot.paused else [])

    def adopt(self, device: Device) -> None:
        """Take in a device as an earlier process left it."""
        self.devices[device.id] = device
        self._states[device.state] += 1

    def refused_before(self, device_id: str, now: float) -> None:
        """Note that an earlier process was refused a device: look at it with the first call."""
        device = self.devices[device_id]
        if device.state is None:
            self._states[None] -= 1
            self.adopt(replace(device, state=DeviceState.REFUSED, slow_try=now))
            self.look(device_id, now)

    def apply(self, change: Change, now: float) -> list[DeviceChange]:
        """Keep a device as it is now, and queue it if it wants a call; return what changed."""
        device = change.device
        before = self.devices.get(device.id)
        self.devices[device.id] = device
        if before is None or before.state is not device.state:
            self._states[device.state] += 1
            if before is not None:
                self._states[before.state] -= 1
        self.look(device.id, now)
        return [] if device is before else [DeviceChange(before, device, change.reason)]

    def pause(
        self, device_id: str, context: Context, reason: Reason = Reason.PAUSED
    ) -> list[DeviceChange]:
        """Leave a device alone until `resume`; one that is not known yet as well."""
        device = self.devices.get(device_id) or self.kept.pop(device_id, None)
        device = device or Device(device_id)
        return self.apply(machine.paused(device, reason, context), context.now)

    def resume(self, device_id: str, context: Context) -> list[DeviceChange]:
        """Take care of a device again."""
        self._deleted.discard(device_id)
        device = self.devices.get(device_id)
        if device is None:
            return self.forget_kept(device_id, context.now)
        changes = self.apply(machine.resumed(device, context), context.now)
        self.queue.hurry(device_id)
        return changes

    def change_phone(
        self, device_id: str, change: PhoneChange, context: Context
    ) -> list[DeviceChange]:
        """Take in what somebody says of a device's phone; one that is not there is remembered."""
        known = self.devices.get(device_id) or self.kept.get(device_id)
        device = known or Device(device_id)
        after = change(device, context.rng)
        if after == device:
            return []
        if device_id in self.devices:
            return self.apply(Change(after), context.now)
        self.kept[device_id] = after
        return [DeviceChange(known, replace(after, state=DeviceState.GONE), kept=after)]

    def wake(self, device: Device, context: Context) -> list[DeviceChange]:
        """Look at a device now, before those that nobody asked for."""
        if device.id in self.queue.in_flight:
            self.requeued.add(device.id)
        changes = self.apply(wakes.requeued(device, context), context.now)
        self.queue.hurry(device.id)
        return changes

    def take_row(
        self, row: ListingRow, made_at: float, context: Context, *, dropped_with_most: bool
    ) -> list[DeviceChange]:
        """Take in a device's row of a listing that was sent at ``made_at``."""
        device, kept = self.devices.get(row.id), self.kept.pop(row.id, None)
        if device is None:
            device = kept or Device(row.id)
        elif is_no_news(device, row) or not self._may_judge(made_at, device):
            return []
        change = machine.take_row(device, row, context, with_most=dropped_with_most)
        if kept is not None and kept.state is DeviceState.PAUSED:
            change = Change(change.device, Reason.PAUSED)
        return self.apply(change, context.now)

    def take_missing(
        self, device_id: str, made_at: float, context: Context, *, with_most: bool
    ) -> list[DeviceChange]:
        """Note that a listing that was sent at ``made_at`` has no row for a device.

        Args:
            device_id: Which.
            made_at: When it was sent.
            context: The time and the settings.
            with_most: Whether it lacks so many devices that this is no fault of theirs.
        """
        device = self.devices[device_id]
        if not self._may_judge(made_at, device):
            return []
        device = machine.missing(device, made_at, asks=not with_most)
        since = made_at if device.absent_since is None else device.absent_since
        if device.absences >= LOOKS and made_at - since >= context.settings.gone_after:
            reason = Reason.NOT_FOUND
            return self.remove(device_id, reason, context.now, with_most=with_most)
        return self.apply(Change(device), context.now)

    def dropped_together(self, rows: Mapping[str, ListingRow], made_at: float) -> frozenset[str]:
        """Return the devices that dropped with most others, or none: the gateway restarted.

        A linked device that was not seen before counts as one that was connected: when we start
        after the gateway, most are down already.

        Args:
            rows: What a listing says, by id.
            made_at: When it was sent; a row that is older than what is known proves nothing.
        """
        dropped, others = set(), 0
        for row in rows.values():
            device = self.devices.get(row.id)
            if device is not None and device.state not in (None, DeviceState.CONNECTED):
                continue
            if row.connected or not row.linked:
                others += row.connected
            elif device is None or self._may_judge(made_at, device):
                dropped.add(row.id)
            else:
                others += 1
        return frozenset(dropped) if is_most(len(dropped), len(dropped) + others) else frozenset()

    def remove(
        self, device_id: str, reason: Reason, now: float, *, with_most: bool = False
    ) -> list[DeviceChange]:
        """Drop a device, and tell it once: not again if it comes and goes unseen."""
        device = self.devices.pop(device_id, None)
        if device is None:
            return []
        self._states[device.state] -= 1
        gone = replace(device, state=DeviceState.GONE, since=now, attempt=0, next_try=None)
        was_told = device.state is None and device_id in self._gone
        self._gone.add(device_id)
        is_missing = reason is Reason.NOT_FOUND
        if device_id in self._deleted:
            device = replace(device, phone=NO_PHONE)
        kept = remembered(device, now, with_most=with_most) if is_missing else None
        if kept is not None:
            self.kept[device_id] = kept
        told = None if was_told else reason
        return [DeviceChange(device, gone, told, kept=kept, is_alerted=not with_most)]

    def release(self, now: float) -> list[DeviceChange]:
        """Drop every device: the account is no longer supervised."""
        changes: list[DeviceChange] = []
        for device_id in list(self.devices):
            changes += self.remove(device_id, Reason.FORGOTTEN, now)
        for device_id in list(self.kept):
            changes += self.forget_kept(device_id, now)
        return changes

    def forget(self, device_id: str, context: Context) -> list[DeviceChange]:
        """Leave a device that a person deleted alone, and keep no number of it.

        The gateway lists a deleted device still (WUTS reference, Delete device): dropped here, it
        would be found again with the next listing, and reconnected.
        """
        if device_id not in self.devices:
            return self.forget_kept(device_id, context.now)
        self._deleted.add(device_id)
        changes = self.pause(device_id, context, Reason.FORGOTTEN)
        return changes + self.change_phone(device_id, phone_changes.forget, context)

    def forget_kept(self, device_id: str, now: float) -> list[DeviceChange]:
        """Forget what was ordered of a device that is gone."""
        device = self.kept.pop(device_id, None)
        if device is None:
            return []
        return [DeviceChange(device, replace(device, state=DeviceState.GONE, since=now))]

    def look(self, device_id: str, now: float) -> None:
        """Queue a device if it wants a call."""
        device = self.devices.get(device_id)
        if device is None:
            return
        device = self.devices[device_id] = wakes.timed(device, now)
        if device.needs_check or wants_connect(device, now):
            self.queue.add(device_id)

    def next_look(self, device_id: str, now: float) -> float:
        """Return when time alone makes a device want a call."""
        device = self.devices.get(device_id)
        when = next_moment(device, now) if device is not None else None
        return NEVER if when is None else when

    def next_call(self, now: float) -> tuple[str, CallKind] | None:
        """Return the next device in the queue and what it wants, if it still wants anything."""
        device_id = self.queue.take()
        device = self.devices.get(device_id)
        if device is None or device_id in self.queue.in_flight:
            return None
        if device.needs_check:
            kind = CallKind.STATUS
        elif wants_connect(device, now):
            kind = CallKind.CONNECT
        else:
            return None
        self.queue.in_flight[device_id] = kind
        return device_id, kind

    def answered(self, device_id: str) -> Device | None:
        """Note that a device's call has ended; return the device, unless it is gone."""
        self.queue.in_flight.pop(device_id, None)
        return self.devices.get(device_id)

    def take_answer(
        self, device: Device, answer: Answer, evidence: Evidence, context: Context
    ) -> list[DeviceChange]:
        """Take in what an answer about a device says of it."""
        match answer.result:
            case SessionStatus(connected=connected, has_credentials=linked):
                return self._learnt(
                    machine.checked(device, connected=connected, linked=linked, context=context),
                    context,
                )
            case ConnectResult(needs_qr=True):
                return self._learnt(machine.unlinked(device, context), context)
        if evidence.verdict is Verdict.ANSWERED:
            return self._learnt(machine.reconnected(device, context), context)
        self.requeued.discard(device.id)
        if evidence.verdict is Verdict.DEVICE_REFUSED:
            change = machine.refused(device, context)
        elif answer.call.kind is CallKind.STATUS:
            change = machine.check_failed(device, context)
        else:
            change = machine.reconnect_failed(device, evidence.retry_after, context)
        return self.apply(change, context.now)

    def _learnt(self, change: Change, context: Context) -> list[DeviceChange]:
        """Take in what a call has told.

        It may be older than a wake that came meanwhile: then look once more, but not if a
        reconnect is planned, or a call whose failure wakes us would know no backoff.
        """
        changes = self.apply(change, context.now)
        device = change.device
        if device.id in self.requeued:
            self.requeued.discard(device.id)
            if device.state is not DeviceState.RECONNECTING:
                changes += self.apply(wakes.requeued(device, context), context.now)
        return changes

    def _may_judge(self, made_at: float, device: Device) -> bool:
        """A listing that was sent before something newer was learnt or asked is stale."""
        newest = max(device.since, device.requeued_at)
        return newest <= made_at and device.id not in self.queue.in_flight


def is_most(count: int, total: int) -> bool:
    """Return whether so many devices are down that it is not their own fault."""
    return count >= SMALLEST_MASS_DISCONNECT and count * 2 >= total
