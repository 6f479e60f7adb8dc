"""Tells a gateway that restarted from devices that dropped one by one."""

from collections.abc import Callable, Mapping

from ..device.calls import Seen
from ..device.device import Device
from ..states import DeviceState

SMALLEST_STORM = 3
"""Devices that must drop at once, and be half of the linked ones, to mean the gateway."""


def is_most(count: int, total: int) -> bool:
    """Tell whether so many devices are down that it is not their own fault."""
    return count >= SMALLEST_STORM and count * 2 >= total


def dropped_together(
    devices: Mapping[str, Device], lines: Mapping[str, Seen], may_judge: Callable[[Device], bool]
) -> frozenset[str]:
    """Return the devices that dropped together with most others, or none.

    Args:
        devices: What was known before, by id. A linked device that was not seen before counts as
            one that was connected: when we start after the gateway, most are down already.
        lines: What ``GET /devices`` says, by id.
        may_judge: Whether that is news for a device.
    """
    dropped, others = set(), 0
    for line in lines.values():
        device = devices.get(line.id)
        if device is not None and device.state not in (None, DeviceState.CONNECTED):
            continue
        if line.connected or not line.linked:
            others += line.connected
        elif device is None or may_judge(device):
            dropped.add(line.id)
        else:
            others += 1
    return frozenset(dropped) if is_most(len(dropped), len(dropped) + others) else frozenset()
