"""When a device is looked at sooner than planned: a wake, a new token, a probe. Pure functions."""

from dataclasses import replace

from ..events import DeviceState, Reason
from ..settings import HURRY
from .change import Change, Context
from .device import Device


def requeued(device: Device, context: Context) -> Change:
    """Look at the device now: reconnect as soon as the gateway lets us, or ask ``/status``."""
    if device.state is DeviceState.PAUSED:
        return Change(device)
    is_early = context.now >= device.woken_until
    if device.state is not DeviceState.RECONNECTING:
        device = _check_soon(replace(device, requeued_at=context.now), context)
        if device.state is DeviceState.NEEDS_PAIRING and device.slow_try and is_early:
            soon = min(device.slow_try, device.check_at or context.now)
            device = replace(device, slow_try=soon, woken_until=device.slow_try)
        return Change(device)
    next_try = max(context.now, device.not_before)
    if device.next_try is None or device.next_try <= next_try or not is_early:
        return Change(device)
    return Change(replace(device, next_try=next_try, woken_until=device.next_try), Reason.WOKEN)


def timed(device: Device, now: float) -> Device:
    """Return the device as the passing of time makes it: a check that had to wait is wanted."""
    if device.check_at is not None and device.check_at <= now:
        device = replace(device, needs_check=True, check_at=None, hurried_at=now)
    if device.state is not DeviceState.REFUSED or device.slow_try is None or device.slow_try > now:
        return device
    return replace(device, needs_check=True, slow_try=None)


def tried_again(device: Device, context: Context) -> Change:
    """Look at a refused device now, whenever it was looked at last: the token is another."""
    return Change(replace(device, needs_check=True, check_at=None, requeued_at=context.now))


def probed(device: Device, context: Context) -> Change:
    """Try the device now, to find out whether the gateway is back."""
    return Change(replace(device, next_try=max(context.now, device.not_before)))


def _check_soon(device: Device, context: Context) -> Device:
    """Ask ``/status`` now, or as soon as wakes may bring another check forward."""
    if device.needs_check:
        return device
    when = device.hurried_at + context.settings.interval / HURRY
    if when > context.now:
        return replace(device, check_at=when)
    return replace(device, needs_check=True, hurried_at=context.now)
