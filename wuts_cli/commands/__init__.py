"""The commands, one file each; `register` puts them into the application."""

from collections.abc import Sequence
from importlib import import_module

import typer

NAMES = (
    "devices",
    "create",
    "pair",
    "status",
    "connect",
    "disconnect",
    "logout",
    "check",
    "watch",
)
"""Every command, in the order in which a person meets them; its file has the same name."""


def register(app: typer.Typer, arguments: Sequence[str]) -> None:
    """Add the command that ``arguments`` begin with, or all where they begin with none.

    The others are not even imported: that would take up to a third of the time to start.
    """
    wanted = arguments[0] if arguments else None
    for name in (wanted,) if wanted in NAMES else NAMES:
        module = import_module(f".{name}", __package__)
        app.command()(getattr(module, name))
