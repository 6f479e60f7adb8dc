"""What each command does; `register` adds them to the application."""

from collections.abc import Sequence
from importlib import import_module
from typing import Annotated

import typer

DeviceArgument = Annotated[str, typer.Argument(metavar="DEVICE", help="The device's id or name.")]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print JSON lines for scripts, one event a line.")
]

COMMANDS = {
    "devices": "reading",
    "create": "changing",
    "pair": "pair",
    "status": "reading",
    "connect": "changing",
    "disconnect": "changing",
    "logout": "changing",
    "check": "reading",
    "watch": "watch",
}
"""Every command and its module, in the order in which a person needs them."""


def register(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Add the command that ``arguments`` begin with, or all where they begin with none.

    The others are not even imported: that would take up to a third of the time to start.
    """
    wanted = arguments[0] if arguments else None
    for name in (wanted,) if wanted in COMMANDS else COMMANDS:
        module = import_module(f".{COMMANDS[name]}", __package__)
        app.command()(getattr(module, name))
