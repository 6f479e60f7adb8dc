"""What a device's row of ``GET /devices`` makes of it, and what is remembered of it."""

from dataclasses import replace

from ..events import DeviceState
from . import machine
from .device import Device, DeviceSnapshot, ListingRow, has_details
from .machine import Change, Context
from .phone import NO_PHONE, joined, looked


def take_row(
    device: Device, row: ListingRow, context: Context, *, dropped_with_most: bool
) -> Change:
    """Take in a row: the details, the session, and whose phone is linked."""
    if not has_details(device, row):
        device = replace(
            device, name=row.name, phone_number=row.phone_number, last_seen=row.last_seen
        )
    if dropped_with_most:
        change = machine.dropped_with_most(device, context)
    else:
        change = machine.listed(device, connected=row.connected, linked=row.linked, context=context)
    device = change.device
    # A number that is shown still after its phone has unlinked the device says nothing.
    shown = None if device.stale_link else row.phone_number
    phone = looked(device.phone, shown, context.rng)
    if phone is device.phone:
        return change
    return replace(change, device=replace(device, phone=phone))


def told_late(device: Device, snapshot: DeviceSnapshot, context: Context) -> Device:
    """Take in what an earlier process knew of a device that was seen meanwhile."""
    phone = joined(snapshot.phone, device.phone, context.rng)
    if phone is not device.phone:
        device = replace(device, phone=phone)
    if snapshot.was_paired and not device.was_paired:
        device = replace(device, was_paired=True, needs_check=True)
    return device


def remembered(device: Device, now: float, *, with_most: bool) -> Device | None:
    """Return what is remembered of a device that is gone, or None if nothing is.

    What a person ordered of it, and which phone is its, outlives its absence.

    Args:
        device: As it was.
        now: The time.
        with_most: Whether most others are gone too, which is no fault of theirs.
    """
    is_paused = device.state is DeviceState.PAUSED
    if not with_most and not is_paused and device.phone == NO_PHONE:
        return None
    return Device(
        device.id,
        device.name,
        state=device.state if is_paused else None,
        since=now,
        was_paired=device.was_paired,
        phone=device.phone,
    )
