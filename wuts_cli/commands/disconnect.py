"""``wuts disconnect``: ends a device's session and keeps the link to its phone."""

from wuts import WutsClient
from wuts_cli.find_device import find_device, shown_name
from wuts_cli.options import DeviceArgument, JsonOption
from wuts_cli.output import Output
from wuts_cli.runner import run
from wuts_cli.text import printable


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
