"""The commands, one file each; `register` puts them all into the application."""

import typer

from . import check, connect, create, devices, disconnect, logout, pair, status


def register(app: typer.Typer) -> None:
    """Add every command, in the order in which a person meets them."""
    app.command()(devices.devices)
    app.command()(create.create)
    app.command()(pair.pair)
    app.command()(status.status)
    app.command()(connect.connect)
    app.command()(disconnect.disconnect)
    app.command()(logout.logout)
    app.command()(check.check)
