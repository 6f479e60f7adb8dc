"""Finds the device that a person means."""

from wuts import WutsClient
from wuts.models import Device

from .errors import AmbiguousDeviceError, UnknownDeviceError
from .text import printable


async def find_device(client: WutsClient, wanted: str) -> Device:
    """Return the device of that id, else the one of that name, else of that name in any case.

    Raises:
        UnknownDeviceError: There is none.
        AmbiguousDeviceError: There are several.
    """
    devices = await client.list_devices()
    for device in devices:
        if device.id == wanted:
            return device
    found = [device for device in devices if device.name == wanted]
    if not found:
        found = [device for device in devices if _fold(device.name) == _fold(wanted)]
    if not found:
        raise UnknownDeviceError(printable(wanted))
    if len(found) > 1:
        raise AmbiguousDeviceError(printable(wanted), [device.id for device in found])
    return found[0]


def shown_name(device: Device) -> str:
    """Return what to call a device: its name, or its id when it has none."""
    return printable(device.name) or printable(device.id)


def _fold(name: str) -> str:
    return " ".join(name.split()).casefold()
