"""The arguments and options that several commands share."""

from typing import Annotated

import typer

DeviceArgument = Annotated[
    str, typer.Argument(metavar="DEVICE", help="The device's id or its name.")
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON lines for scripts, one event a line.")
]
