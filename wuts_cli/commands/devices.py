"""``wuts devices``: lists what the account has."""

from wuts import WutsClient
from wuts.models import Device
from wuts_cli.device_table import NO_DEVICES, device_row, device_table
from wuts_cli.options import JsonOption
from wuts_cli.output import Output
from wuts_cli.runner import run
from wuts_cli.text import rfc3339


def devices(*, json: JsonOption = False) -> None:
    """List the account's devices."""
    output = Output(json=json)
    found = run(WutsClient.list_devices, output)
    for device in found:
        output.event("device", **_fields(device))
    output.say(device_table(map(device_row, found)) if found else NO_DEVICES)


def _fields(device: Device) -> dict[str, str | bool | None]:
    return {
        "device_id": device.id,
        "name": device.name,
        "connected": device.connected,
        "phone_number": device.phone_number,
        "last_seen": rfc3339(device.last_seen),
    }
