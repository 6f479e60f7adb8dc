"""``wuts connect``: brings a paired device's session back."""

import typer

from wuts import WutsClient
from wuts_cli.exit_codes import ExitCode
from wuts_cli.find_device import find_device, shown_name
from wuts_cli.options import DeviceArgument, JsonOption
from wuts_cli.output import Output, complain
from wuts_cli.runner import run
from wuts_cli.text import printable


def connect(device: DeviceArgument, *, json: JsonOption = False) -> None:
    """Reconnect a device with the credentials that the gateway has stored."""
    output = Output(json=json)
    run(lambda client: _connect(client, device, output), output)


async def _connect(client: WutsClient, wanted: str, output: Output) -> None:
    device = await find_device(client, wanted)
    result = await client.connect(device.id)
    if result.needs_qr:
        output.event("needs_qr", device_id=device.id, name=device.name)
        complain(
            f"No phone is linked to “{shown_name(device)}”: it was never paired, or the phone "
            f"unlinked it. Pair it with: wuts pair {printable(device.id)}"
        )
        raise typer.Exit(ExitCode.REFUSED)
    output.event("connected", device_id=device.id, name=device.name)
    output.say(f"“{shown_name(device)}” is connected.")
