"""Devices in each state, for the tests of their machine."""

from random import Random

from wuts.supervisor import Device, DeviceState, SupervisorSettings
from wuts.supervisor.device.change import Context

NOW = 1_790_000_000.0
SETTINGS = SupervisorSettings()

CONNECTED = DeviceState.CONNECTED
RECONNECTING = DeviceState.RECONNECTING
NEEDS_PAIRING = DeviceState.NEEDS_PAIRING
NEVER_PAIRED = DeviceState.NEVER_PAIRED
PAUSED = DeviceState.PAUSED
REFUSED = DeviceState.REFUSED


def context(now: float = NOW) -> Context:
    return Context(now, Random(1), SETTINGS)


def device(state: DeviceState | None, *, stale: bool = False) -> Device:
    """Make a device as it is in a state."""
    paired = state not in (None, NEVER_PAIRED)
    return Device(
        "d0",
        state=state,
        since=NOW - 100,
        attempt=3 if state is RECONNECTING else 0,
        next_try=NOW + 50 if state is RECONNECTING else None,
        linked=paired and (state is not NEEDS_PAIRING or stale),
        was_paired=paired,
        stale_link=stale,
        connected_since=NOW - 1_000 if paired else None,
    )
