"""``wuts create``: makes a device slot."""

from typing import Annotated

import typer

from wuts_cli.find_device import shown_name
from wuts_cli.options import JsonOption
from wuts_cli.output import Output
from wuts_cli.runner import run
from wuts_cli.text import printable

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="What to call it, 1 to 100 characters.")
]


def create(name: NameArgument, *, json: JsonOption = False) -> None:
    """Create a device, to be paired next."""
    output = Output(json=json)
    device = run(lambda client: client.create_device(name), output)
    output.event("created", device_id=device.id, name=device.name)
    shown_id = printable(device.id)
    output.say(f"Created “{shown_name(device)}”, id {shown_id}.")
    output.say(f"Pair it with: wuts pair {shown_id}")
