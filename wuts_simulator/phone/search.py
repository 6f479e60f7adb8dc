"""Finds devices for the page: those that wait for a phone come first."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from wuts_simulator.device import Device

PAGE_SIZE = 12


@dataclass(frozen=True, slots=True)
class Page:
    """One page of devices.

    Attributes:
        devices: Those on the page.
        number: Which page it is, from 1.
        pages: How many there are, at least 1.
        total: How many devices were found.
    """

    devices: tuple[Device, ...]
    number: int
    pages: int
    total: int


def find_page(devices: Iterable[Device], words: str, number: int, now: float) -> Page:
    """Return a page of the devices whose name, id, phone or tenant has ``words`` in it.

    Args:
        devices: All devices, oldest first.
        words: What is searched for; nothing finds all.
        number: Which page is wanted, from 1; one past the end gives the last.
        now: The interval timer, in seconds.
    """
    wanted = words.casefold().strip()
    found = [device for device in devices if not wanted or _matches(device, wanted)]
    found.sort(key=lambda device: not _waits(device, now))
    pages = max(1, -(-len(found) // PAGE_SIZE))
    number = min(max(1, number), pages)
    first = (number - 1) * PAGE_SIZE
    shown = tuple(islice(found, first, first + PAGE_SIZE))
    return Page(shown, number, pages, len(found))


def _matches(device: Device, wanted: str) -> bool:
    return (
        wanted in device.name.casefold()
        or wanted in device.id
        or wanted in (device.phone or "")
        or wanted in device.user.tenant.name.casefold()
    )


def _waits(device: Device, now: float) -> bool:
    """Tell whether there is something to scan or to type."""
    return device.valid_qr(now) is not None or device.valid_code(now) is not None
