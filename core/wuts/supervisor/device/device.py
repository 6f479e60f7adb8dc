"""One device under supervision: what is known of it, and nothing that acts."""

from dataclasses import dataclass

from ..settings import SupervisorSettings
from ..states import DeviceState


@dataclass(frozen=True, slots=True)
class Device:
    """What the supervisor knows of one device. Times are seconds since 1970 in UTC.

    Attributes:
        id: The gateway's id.
        name: The gateway's name for it.
        state: What it is, or None before it was first seen.
        since: When it became that.
        attempt: Which reconnect is next or under way; 0 when none is.
        next_try: When that is due, or None.
        not_before: When the gateway lets us try again at the earliest.
        doubtful: Whether a listing contradicts ``state`` and ``/status`` must decide.
        woken_at: When somebody last asked to look at it.
        failed_checks: How often ``/status`` failed in a row while it was wanted.
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
    not_before: float = 0.0
    doubtful: bool = False
    woken_at: float = 0.0
    failed_checks: int = 0
    linked: bool = False
    was_paired: bool = False
    stale_link: bool = False
    connected_since: float | None = None
    drops: tuple[float, ...] = ()


def is_flapping(device: Device, settings: SupervisorSettings) -> bool:
    """Tell whether the device dropped so often that a person should know."""
    return len(device.drops) >= settings.flapping_drops


def wants_connect(device: Device, now: float) -> bool:
    """Tell whether a reconnect is due."""
    due = device.next_try is not None and device.next_try <= now
    return due and device.state is DeviceState.RECONNECTING
