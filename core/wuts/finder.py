"""Finds the device that a person means by what they typed."""

from collections.abc import Iterable

from .errors import AmbiguousDeviceError, Named, UnknownDeviceError


def find_device[D: Named](devices: Iterable[D], wanted: str) -> D:
    """Return the device of that id, else of exactly that name, else of that name in any case.

    White space counts for an exact name only; a blank text finds nothing.

    Args:
        devices: Where to look.
        wanted: An id or a name, as somebody typed it.

    Raises:
        UnknownDeviceError: No device has that id or name.
        AmbiguousDeviceError: Several devices have that name; they are its ``candidates``.
    """
    known, folded = tuple(devices), _fold(wanted)
    found = (
        [device for device in known if device.id == wanted.strip()]
        or [device for device in known if device.name == wanted]
        or [device for device in known if _fold(device.name) == folded]
    )
    if not found or not folded:
        raise UnknownDeviceError(wanted=wanted)
    if len(found) > 1:
        raise AmbiguousDeviceError(wanted=wanted, candidates=tuple(found))
    return found[0]


def search_devices[D: Named](devices: Iterable[D], part: str) -> list[D]:
    """Return the devices whose name contains ``part`` in any case, sorted by name."""
    folded = _fold(part)
    found = [device for device in devices if folded in _fold(device.name)]
    return sorted(found, key=lambda device: _fold(device.name))


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
