"""``wuts disconnect``: ends a device's session and keeps the link to its phone."""

from cli.find_device import find_device, shown_name
from cli.options import DeviceArgument, JsonOption
from cli.output import Output
from cli.runner import run
from cli.text import printable
from core import WutsClient


def disconnect(device: DeviceArgument, *, json: JsonOption = False) -> None:
    """Disconnect a device; its phone stays linked, so connect brings it back."""
    output = Output(json=json)
    run(lambda client: _disconnect(client, device, output), output)


async def _disconnect(client: WutsClient, wanted: str, output: Output) -> None:
    device = await find_device(client, wanted)
    await client.disconnect(device.id)
    output.event("disconnected", device_id=device.id, name=device.name)
    output.say(
        f"“{shown_name(device)}” is disconnected. "
        f"Bring it back with: wuts connect {printable(device.id)}"
    )
