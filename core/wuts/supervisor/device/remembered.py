"""What is remembered of a device that was away, or that an earlier process knew."""

from dataclasses import replace

from ..events import DeviceState
from .change import Context
from .device import Device, DeviceSnapshot
from .phone import NO_PHONE, joined


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
        with_most: Whether most others are gone too, which is not their fault.
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
