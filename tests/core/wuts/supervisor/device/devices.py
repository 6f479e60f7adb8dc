"""Devices in each state, for the tests of their machine."""

from random import Random

from wuts.supervisor import Device, DeviceState, SupervisorSettings
from wuts.supervisor.device.change import Context

NOW = 1_790_000_000.0
SETTINGS = SupervisorSettings()


def context(now: float = NOW) -> Context:
    return Context(now, Random(1), SETTINGS)


def device(state: DeviceState | None, *, stale: bool = False) -> Device:
    """Make a device as it is in a state."""
    paired = state not in (None, DeviceState.NEVER_PAIRED)
    return Device(
        "d0",
        state=state,
        since=NOW - 100,
        attempt=3 if state is DeviceState.RECONNECTING else 0,
        next_try=NOW + 50 if state is DeviceState.RECONNECTING else None,
        linked=paired and (state is not DeviceState.NEEDS_PAIRING or stale),
        was_paired=paired,
        stale_link=stale,
        connected_since=NOW - 1_000 if paired else None,
    )
