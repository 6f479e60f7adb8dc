"""``wuts status``: the live state of one device, or of all."""

import asyncio
from collections.abc import Iterable
from typing import Annotated

import typer

from wuts import WutsClient
from wuts.errors import DeviceNotFoundError
from wuts.models import Device, SessionStatus
from wuts_cli.device_table import NO_DEVICES, device_table, status_row
from wuts_cli.find_device import find_device
from wuts_cli.options import JsonOption
from wuts_cli.output import Output
from wuts_cli.runner import run
from wuts_cli.text import rfc3339

AT_ONCE = 10
"""Devices that are asked for at the same time."""

OptionalDeviceArgument = Annotated[
    str | None, typer.Argument(metavar="[DEVICE]", help="The device's id or its name; else all.")
]


def status(device: OptionalDeviceArgument = None, *, json: JsonOption = False) -> None:
    """Show the live state of a device, or of all of them."""
    output = Output(json=json)
    found = run(lambda client: _read(client, device), output)
    for one, state in found:
        output.event("status", **_fields(one, state))
    rows = [status_row(one, state) for one, state in found]
    output.say(device_table(rows) if rows else NO_DEVICES)


async def _read(client: WutsClient, wanted: str | None) -> list[tuple[Device, SessionStatus]]:
    if wanted is None:
        return await _read_all(client, await client.list_devices())
    device = await find_device(client, wanted)
    return [(device, await client.get_status(device.id))]


async def _read_all(
    client: WutsClient, devices: Iterable[Device]
) -> list[tuple[Device, SessionStatus]]:
    """Ask for each; one that was removed since it was listed is left out."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def read(device: Device) -> tuple[Device, SessionStatus] | None:
        async with gate:
            try:
                return device, await client.get_status(device.id)
            except DeviceNotFoundError:
                return None

    answers = await asyncio.gather(*map(read, devices))
    return [answer for answer in answers if answer is not None]


def _fields(device: Device, status: SessionStatus) -> dict[str, str | bool | None]:
    return {
        "device_id": device.id,
        "name": device.name,
        "connected": status.connected,
        "status": status.status,
        "logged_in": status.is_logged_in,
        "phone_number": status.phone_number,
        "last_seen": rfc3339(status.last_seen),
    }
