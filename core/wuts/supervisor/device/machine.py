"""A device's state machine: pure functions from what was seen to what the device is now.

Times and randomness are passed in. Each function returns a `Change`: the device as it is now, and
why its state, attempt or next try changed, or None if nothing did.
"""

from dataclasses import replace

from ..events import DeviceState, Reason
from ..settings import honoured
from . import phone as phones
from .change import Change, Context
from .device import Device, ListingRow, has_details

FAILED_CHECKS = 2
"""Failed ``/status`` in a row after which the listing is believed without it."""

LONGEST_SLOW_WAIT = 3_600.0
"""Seconds between two tries of a device that needs pairing though its number is listed, at most."""


def take_row(device: Device, row: ListingRow, context: Context, *, with_most: bool) -> Change:
    """Take in a row: the details, the session, and whose phone is linked."""
    if not has_details(device, row):
        device = replace(
            device, name=row.name, phone_number=row.phone_number, last_seen=row.last_seen
        )
    if with_most:
        change = dropped_with_most(device, context)
    else:
        change = listed(device, connected=row.connected, linked=row.linked, context=context)
    device = change.device
    # A number that is shown still after its phone has unlinked the device says nothing.
    shown = None if device.stale_link else row.phone_number
    phone = phones.looked(device.phone, shown, context.rng)
    return change if phone is device.phone else Change(replace(device, phone=phone), change.reason)


def listed(device: Device, *, connected: bool, linked: bool, context: Context) -> Change:
    """Take in the device's row of ``GET /devices``."""
    device = _with_link(device, linked=linked or connected)
    if device.absences:
        device = replace(device, absences=0, absent_since=None)
    if device.state in (DeviceState.PAUSED, DeviceState.REFUSED):
        return Change(device)
    if connected:
        return _connected(device, context)
    match device.state:
        case DeviceState.NEEDS_PAIRING:
            return Change(_listed_unlinked(device, context))
        case DeviceState.RECONNECTING if device.linked:
            return Change(device)
    if device.was_paired:
        return Change(replace(device, needs_check=True))
    return _enter(device, DeviceState.NEVER_PAIRED, Reason.FIRST_SEEN, context)


def _listed_unlinked(device: Device, context: Context) -> Device:
    """A number that came back proves something; one that was shown all along is tried slowly."""
    if not device.linked:
        return replace(device, stale_link=False, slow_try=None, slow_wait=0.0)
    if not device.stale_link:
        return replace(device, needs_check=True)
    return device if device.slow_try is not None else _slowly(device, context)


def _slowly(device: Device, context: Context) -> Device:
    """Plan a try of a device that needs pairing: a number that is listed may be good again."""
    if not device.linked:
        return replace(device, slow_try=None, slow_wait=0.0)
    shortest = context.settings.cap
    wait = min(max(shortest, 2 * device.slow_wait), max(shortest, LONGEST_SLOW_WAIT))
    return replace(device, slow_try=context.now + wait, slow_wait=wait)


def missing(device: Device, made_at: float, *, asks: bool) -> Device:
    """Note that a ``GET /devices`` that was sent at ``made_at`` did not list the device.

    Absence is no proof: ``/status`` may contradict it (``asks``), and further listings must agree.
    """
    is_first = device.absent_since is None
    asks &= is_first and device.state not in (DeviceState.PAUSED, DeviceState.REFUSED)
    return replace(
        device,
        absences=device.absences + 1,
        absent_since=made_at if is_first else device.absent_since,
        needs_check=device.needs_check or asks,
    )


def checked(device: Device, *, connected: bool, linked: bool, context: Context) -> Change:
    """Take in the device's ``/status``, which settles every question."""
    device = replace(device, needs_check=False, check_at=None, failed_checks=0)
    device = replace(device, absences=0, absent_since=None)
    if device.state is DeviceState.PAUSED:
        return Change(device)
    if connected:
        return _connected(_with_link(device, linked=True), context)
    if linked and not device.linked:
        device = _with_link(device, linked=True)
    if device.linked:
        return _drop_once(device, context)
    if device.was_paired:
        return unlinked(device, context)
    return _enter(device, DeviceState.NEVER_PAIRED, Reason.FIRST_SEEN, context)


def check_failed(device: Device, context: Context) -> Change:
    """Note that ``/status`` failed.

    The next listing that contradicts us asks for another check. When that happens once too often,
    the listing is believed: ``/connect`` will say what the device is. Of a device that is listed no
    longer, further listings decide. A refused device is looked at again in any case.
    """
    failed = device.failed_checks if device.absences else device.failed_checks + 1
    device = replace(device, needs_check=False, failed_checks=failed)
    if device.state is DeviceState.REFUSED:
        return Change(replace(device, slow_try=context.now + context.settings.refused_cap))
    if device.absences:
        return Change(device)
    unsure = device.state in (None, DeviceState.CONNECTED) and device.was_paired
    if unsure and device.failed_checks >= FAILED_CHECKS:
        return dropped(device, context)
    return Change(device)


def _drop_once(device: Device, context: Context) -> Change:
    is_stale = device.state is DeviceState.NEEDS_PAIRING and device.stale_link
    if is_stale or device.state is DeviceState.RECONNECTING:
        return Change(device)
    return dropped(device, context)


def dropped_with_most(device: Device, context: Context) -> Change:
    """Begin to reconnect a device that dropped together with most others.

    That is not its own fault. There is no wait: the account paces the reconnects.
    """
    return dropped(_with_link(device, linked=True), context, with_most=True)


def dropped(device: Device, context: Context, *, with_most: bool = False) -> Change:
    """Begin to reconnect a device that has credentials and no session."""
    attempt = 1 if _was_stable(device, context) else device.attempt + 1
    wait = 0.0 if with_most else _jitter(attempt, context)
    was_connected = device.state is DeviceState.CONNECTED
    reason = {
        None: Reason.FIRST_SEEN,
        DeviceState.CONNECTED: Reason.DROPPED,
        DeviceState.REFUSED: Reason.RECOVERED,
    }.get(device.state, Reason.PAIRED)
    device = replace(
        device,
        attempt=attempt,
        next_try=context.now + wait,
        not_before=0.0,
        needs_check=False,
        failed_checks=0,
        drops=_drops(device, context, count=was_connected and not with_most),
    )
    return _enter(device, DeviceState.RECONNECTING, reason, context)


def _drops(device: Device, context: Context, *, count: bool) -> tuple[float, ...]:
    now, settings = context.now, context.settings
    recent = tuple(t for t in device.drops if now - t < settings.flapping_window)
    return (*recent, now)[-settings.flapping_drops :] if count else recent


def _was_stable(device: Device, context: Context) -> bool:
    """Return whether the last connection held so long that old attempts no longer count."""
    if device.connected_since is None:
        return True
    return context.now - device.connected_since >= context.settings.stable_after


def reconnect_failed(device: Device, retry_after: float | None, context: Context) -> Change:
    """Note that ``/connect`` failed for now: wait longer, at least ``retry_after`` seconds.

    What a wake brought forward has not shortened the waits.
    """
    if device.state is DeviceState.NEEDS_PAIRING:
        return Change(_slowly(device, context))
    if device.state is not DeviceState.RECONNECTING:
        return Change(device)
    attempt = device.attempt + 1
    not_before = context.now + honoured(retry_after)
    next_try = max(context.now + _jitter(attempt, context), not_before, device.woken_until)
    device = replace(device, attempt=attempt, next_try=next_try, not_before=not_before)
    return Change(device, Reason.RETRY)


def given_up(device: Device) -> Change:
    """Note that a call was cut off: a ``/connect`` may be under way still, so ask first."""
    if device.state is DeviceState.RECONNECTING:
        return Change(replace(device, needs_check=True))
    return Change(device)


def reconnected(device: Device, context: Context) -> Change:
    """Note that ``/connect`` succeeded."""
    if device.state is DeviceState.PAUSED:
        return Change(device)
    return _connected(_with_link(device, linked=True), context)


def unlinked(device: Device, context: Context) -> Change:
    """Note that the phone unlinked the device: only a person can help."""
    if device.state is DeviceState.PAUSED:
        return Change(device)
    if device.state is DeviceState.NEEDS_PAIRING:
        return Change(_slowly(device, context))
    device = replace(
        device,
        attempt=0,
        next_try=None,
        needs_check=False,
        was_paired=True,
        stale_link=device.linked,
        slow_wait=0.0,
        phone=phones.unlinked(device.phone),
    )
    device = _slowly(device, context)
    return _enter(device, DeviceState.NEEDS_PAIRING, Reason.UNLINKED, context)


def refused(device: Device, context: Context) -> Change:
    """Note that the token may not use the device: make no calls about it, but look slowly."""
    if device.state is DeviceState.PAUSED:
        return Change(replace(device, needs_check=False))
    device = replace(
        device,
        attempt=0,
        next_try=None,
        needs_check=False,
        failed_checks=0,
        slow_try=context.now + context.settings.refused_cap,
    )
    return _enter(device, DeviceState.REFUSED, Reason.REFUSED, context)


def paused(device: Device, reason: Reason, context: Context) -> Change:
    """Leave the device alone until a person says otherwise."""
    device = replace(device, attempt=0, next_try=None, needs_check=False)
    return _enter(device, DeviceState.PAUSED, reason, context)


def resumed(device: Device, context: Context) -> Change:
    """Take care of the device again: reconnect it at once, or look whether it was paired."""
    if device.state is not DeviceState.PAUSED:
        return Change(device)
    if not device.was_paired:
        device = replace(device, needs_check=True)
        return _enter(device, DeviceState.NEVER_PAIRED, Reason.RESUMED, context)
    device = replace(device, attempt=1, next_try=context.now, not_before=0.0, connected_since=None)
    return _enter(device, DeviceState.RECONNECTING, Reason.RESUMED, context)


def _connected(device: Device, context: Context) -> Change:
    if device.state is DeviceState.CONNECTED:
        if device.needs_check or device.failed_checks:
            device = replace(device, needs_check=False, failed_checks=0)
        return Change(device)
    reason = {
        None: Reason.FIRST_SEEN,
        DeviceState.RECONNECTING: Reason.RECONNECTED,
        DeviceState.REFUSED: Reason.RECOVERED,
    }.get(device.state, Reason.PAIRED)
    device = replace(
        device,
        next_try=None,
        needs_check=False,
        failed_checks=0,
        stale_link=False,
        connected_since=context.now,
    )
    return _enter(device, DeviceState.CONNECTED, reason, context)


def _with_link(device: Device, *, linked: bool) -> Device:
    if device.linked == linked and device.was_paired >= linked:
        return device
    return replace(device, linked=linked, was_paired=device.was_paired or linked)


def _enter(device: Device, state: DeviceState, reason: Reason, context: Context) -> Change:
    if device.state is state:
        return Change(device)
    if state not in (DeviceState.REFUSED, DeviceState.NEEDS_PAIRING):
        device = replace(device, slow_try=None, slow_wait=0.0)
    return Change(replace(device, state=state, since=context.now, check_at=None), reason)


def _jitter(attempt: int, context: Context) -> float:
    return context.settings.backoff(attempt, context.rng)
