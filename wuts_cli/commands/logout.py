"""``wuts logout``: unlinks the phone, once somebody has confirmed it."""

import sys
from typing import Annotated

import typer

from wuts import WutsClient
from wuts.models import Device
from wuts_cli.errors import ConfirmationNeededError, DeclinedError
from wuts_cli.find_device import find_device, shown_name
from wuts_cli.options import DeviceArgument, JsonOption
from wuts_cli.output import Output
from wuts_cli.runner import run, telling_failures
from wuts_cli.text import printable

YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def logout(device: DeviceArgument, *, yes: YesOption = False, json: JsonOption = False) -> None:
    """Unlink the phone from a device; it must then be paired again."""
    output = Output(json=json)
    if not yes:
        with telling_failures(output):
            _need_somebody_to_ask(output)
    found = run(lambda client: find_device(client, device), output)
    if not yes:
        # Asked outside the event loop, where Ctrl-C ends the question at once.
        with telling_failures(output):
            _confirm(found)
    run(lambda client: _logout(client, found, output), output)


async def _logout(client: WutsClient, device: Device, output: Output) -> None:
    await client.logout(device.id)
    output.event("logged_out", device_id=device.id, name=device.name)
    output.say(
        f"“{shown_name(device)}” is logged out. "
        f"Pair it again with: wuts pair {printable(device.id)}"
    )


def _need_somebody_to_ask(output: Output) -> None:
    somebody = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    if output.json or not somebody:
        raise ConfirmationNeededError(
            "Logging out unlinks the phone, and nobody is there to be asked. Confirm with: --yes"
        )


def _confirm(device: Device) -> None:
    """Ask on stderr, so that what goes down a pipe stays clean."""
    sys.stderr.write(
        f"Log “{shown_name(device)}” out? Its phone is unlinked and must scan again. [y/N] "
    )
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise DeclinedError(f"“{shown_name(device)}” was not logged out.")
