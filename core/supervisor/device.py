"""One device's state machine: pure functions from what was seen to what the device is now.

Times are seconds since 1970 in UTC, passed in like randomness. Each function returns a `Change`:
the device as it is now, and why its state, attempt or next try changed, or None if nothing did.
"""

from dataclasses import dataclass, replace
from random import Random

from .backoff import floor_of, full_jitter
from .settings import SupervisorSettings
from .states import DeviceState, Reason


@dataclass(frozen=True, slots=True)
class Device:
    """What the supervisor knows of one device.

    Attributes:
        id: The gateway's id.
        name: The gateway's name for it.
        state: What it is, or None before it was first seen.
        since: When it became that.
        attempt: Which reconnect is next or under way; 0 when none is.
        next_try: When that is due, or None.
        doubtful: Whether a listing contradicts ``state`` and ``/status`` must decide.
        linked: Whether the gateway shows a phone's number for it.
        was_paired: Whether it ever had one.
        stale_link: Whether the gateway still showed the number when the phone had unlinked it.
        connected_since: When the present or the last connection began.
        drops: When it last dropped, oldest first.
    """

    id: str
    name: str = ""
    state: DeviceState | None = None
    since: float = 0.0
    attempt: int = 0
    next_try: float | None = None
    doubtful: bool = False
    linked: bool = False
    was_paired: bool = False
    stale_link: bool = False
    connected_since: float | None = None
    drops: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """A device after something was seen, and why it changed, if it did."""

    device: Device
    reason: Reason | None = None


@dataclass(frozen=True, slots=True)
class Context:
    """What every transition needs besides the device."""

    now: float
    rng: Random
    settings: SupervisorSettings


def listed(device: Device, *, connected: bool, linked: bool, context: Context) -> Change:
    """Take in the device's line of ``GET /devices``."""
    reappeared = linked and not device.linked
    device = _with_link(device, linked=linked or connected)
    match device.state:
        case DeviceState.PAUSED:
            return Change(device)
        case DeviceState.NEEDS_PAIRING:
            return _listed_unlinked(
                device, connected=connected, reappeared=reappeared, context=context
            )
    if connected:
        return _connected(device, context)
    if device.state is DeviceState.RECONNECTING:
        return Change(device if device.linked else replace(device, doubtful=True))
    if device.was_paired:
        return Change(replace(device, doubtful=True))
    return _enter(device, DeviceState.NEVER_PAIRED, Reason.FIRST_SEEN, context)


def _listed_unlinked(
    device: Device, *, connected: bool, reappeared: bool, context: Context
) -> Change:
    """A number that was shown all along proves nothing; one that came back does."""
    if connected:
        return _connected(device, context)
    if not device.linked:
        return Change(replace(device, stale_link=False))
    return Change(replace(device, doubtful=reappeared and not device.stale_link))


def missing(device: Device) -> Device:
    """Take in that ``GET /devices`` did not list the device: ``/status`` must decide."""
    return replace(device, doubtful=True)


def checked(device: Device, *, connected: bool, linked: bool, context: Context) -> Change:
    """Take in the device's ``/status``, which settles every doubt."""
    device = replace(device, doubtful=False)
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


def _drop_once(device: Device, context: Context) -> Change:
    if device.state is DeviceState.RECONNECTING:
        return Change(device)
    if device.state is DeviceState.NEEDS_PAIRING and device.stale_link:
        return Change(device)
    return dropped(device, context)


def dropped(device: Device, context: Context, *, at_once: bool = False) -> Change:
    """Begin to reconnect.

    Args:
        device: A device that has credentials and no session.
        context: Time, randomness and settings.
        at_once: Leave out the wait, because something else paces the reconnects.
    """
    now, settings = context.now, context.settings
    attempt = 1 if _was_stable(device, context) else device.attempt + 1
    wait = 0.0 if at_once else _jitter(attempt, context)
    recent = tuple(t for t in device.drops if now - t < settings.flapping_window)
    device = replace(
        device,
        attempt=attempt,
        next_try=now + wait,
        doubtful=False,
        drops=(*recent, now)[-settings.flapping_drops :],
    )
    reason = {
        None: Reason.FIRST_SEEN,
        DeviceState.CONNECTED: Reason.DROPPED,
    }.get(device.state, Reason.PAIRED)
    return _enter(device, DeviceState.RECONNECTING, reason, context)


def _was_stable(device: Device, context: Context) -> bool:
    """Tell whether the last connection held so long that old attempts no longer count."""
    if device.connected_since is None:
        return True
    return context.now - device.connected_since >= context.settings.stable_after


def reconnect_failed(device: Device, retry_after: float | None, context: Context) -> Change:
    """Take in that ``/connect`` failed for now: wait longer, at least ``retry_after`` seconds."""
    if device.state is not DeviceState.RECONNECTING:
        return Change(device)
    attempt = device.attempt + 1
    wait = max(_jitter(attempt, context), floor_of(retry_after))
    return Change(replace(device, attempt=attempt, next_try=context.now + wait), Reason.RETRY)


def reconnected(device: Device, context: Context) -> Change:
    """Take in that ``/connect`` succeeded."""
    if device.state is DeviceState.PAUSED:
        return Change(device)
    return _connected(_with_link(device, linked=True), context)


def unlinked(device: Device, context: Context) -> Change:
    """Take in that the phone unlinked the device: only a person can help."""
    if device.state in (DeviceState.PAUSED, DeviceState.NEEDS_PAIRING):
        return Change(device)
    device = replace(
        device, attempt=0, next_try=None, doubtful=False, was_paired=True, stale_link=device.linked
    )
    return _enter(device, DeviceState.NEEDS_PAIRING, Reason.UNLINKED, context)


def woken(device: Device, context: Context) -> Change:
    """Look at the device now: reconnect at once, or ask ``/status``."""
    if device.state is DeviceState.RECONNECTING:
        return Change(replace(device, next_try=context.now), Reason.WOKEN)
    if device.state is DeviceState.PAUSED:
        return Change(device)
    return Change(replace(device, doubtful=True))


def paused(device: Device, context: Context) -> Change:
    """Leave the device alone until a person says otherwise."""
    if device.state is DeviceState.PAUSED:
        return Change(device)
    device = replace(device, attempt=0, next_try=None, doubtful=False)
    return _enter(device, DeviceState.PAUSED, Reason.PAUSED, context)


def resumed(device: Device, context: Context) -> Change:
    """Take care of the device again, beginning with a look at ``/status``."""
    if device.state is not DeviceState.PAUSED:
        return Change(device)
    if not device.was_paired:
        return _enter(device, DeviceState.NEVER_PAIRED, Reason.RESUMED, context)
    device = replace(device, attempt=1, next_try=context.now, connected_since=None)
    return _enter(device, DeviceState.RECONNECTING, Reason.RESUMED, context)


def is_flapping(device: Device, settings: SupervisorSettings) -> bool:
    """Tell whether the device dropped so often that a person should know."""
    return len(device.drops) >= settings.flapping_drops


def _connected(device: Device, context: Context) -> Change:
    if device.state is DeviceState.CONNECTED:
        return Change(replace(device, doubtful=False) if device.doubtful else device)
    reason = {
        None: Reason.FIRST_SEEN,
        DeviceState.RECONNECTING: Reason.RECONNECTED,
    }.get(device.state, Reason.PAIRED)
    device = replace(
        device,
        next_try=None,
        doubtful=False,
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
    return Change(replace(device, state=state, since=context.now), reason)


def _jitter(attempt: int, context: Context) -> float:
    settings = context.settings
    return full_jitter(attempt, base=settings.base, cap=settings.cap, rng=context.rng)
