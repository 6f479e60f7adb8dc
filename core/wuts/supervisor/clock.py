"""The two clocks of a supervisor: one that never goes back, and the wall's for people.

Supervision counts in seconds since 1970 of a clock that is steady: whoever sets the machine's clock
neither hurries nor delays it. What people are told is in the wall clock's time when it is told.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import override

from .device.device import Device

type Clock = Callable[[], float]

_AGREE = 1.0
"""Seconds by which the clocks may differ and still count as the same."""


def steady_clock() -> Clock:
    """Return a clock of seconds since 1970 that is never set back: monotonic from now on."""
    offset = time.time() - time.monotonic()
    return lambda: offset + time.monotonic()


def wall_offset(steady: Clock, wall: Clock) -> Clock:
    """Return what to ask for the seconds to add to the steady clock's time for the wall's."""

    def offset() -> float:
        seconds = wall() - steady()
        return seconds if abs(seconds) > _AGREE else 0.0

    return offset


class DevicesByWall(Mapping[str, Device]):
    """A live view of devices, their times by the wall clock.

    Args:
        devices: The devices, their times by the steady clock.
        offset: Returns the seconds between the two.
    """

    def __init__(self, devices: Mapping[str, Device], offset: Clock) -> None:
        self._devices = devices
        self._offset = offset

    @override
    def __getitem__(self, device_id: str) -> Device:
        device = self._devices[device_id]
        offset = self._offset()
        if not offset:
            return device
        next_try = None if device.next_try is None else device.next_try + offset
        return replace(device, since=device.since + offset, next_try=next_try)

    @override
    def __iter__(self) -> Iterator[str]:
        return iter(self._devices)

    @override
    def __len__(self) -> int:
        return len(self._devices)
