"""``wuts create``, ``wuts connect``, ``wuts disconnect`` and ``wuts logout``: one call each."""

import sys
from typing import Annotated

import typer

from wuts import WutsClient, find_device, verified
from wuts.models import Device
from wuts_cli.errors import ConfirmationNeededError, DeclinedError, ExitCode
from wuts_cli.output import Output, complain
from wuts_cli.runner import reporting_failures, run, run_on_device
from wuts_cli.text import printable, shown_name

from . import DeviceArgument, JsonOption, StoreOption

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Its name, 1 to 100 characters.")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


def create(name: NameArgument, *, json: JsonOption = False) -> None:
    """Create a device, to be paired next."""
    output = Output(json=json)
    device = run(lambda client: client.create_device(name), output)
    output.event("created", device_id=device.id, name=device.name)
    shown_id = printable(device.id)
    output.say(f"Created “{shown_name(device)}”, id {shown_id}.")
    output.say(f"Pair it with: wuts pair {shown_id}")


def connect(device: DeviceArgument, *, json: JsonOption = False) -> None:
    """Reconnect a device with its stored credentials."""
    output = Output(json=json)

    async def work(client: WutsClient, found: Device) -> None:
        result = await client.connect(found.id)
        if result.needs_qr:
            output.event("needs_qr", device_id=found.id, name=found.name)
            complain(
                f"No phone is linked to “{shown_name(found)}”: it was never paired, or the phone "
                f"unlinked it. Pair it with: wuts pair {printable(found.id)}"
            )
            raise typer.Exit(ExitCode.REFUSED)
        output.event("connected", device_id=found.id, name=found.name)
        output.say(f"“{shown_name(found)}” is connected.")

    run_on_device(work, device, output)


def disconnect(
    device: DeviceArgument, *, store: StoreOption = None, json: JsonOption = False
) -> None:
    """Disconnect a device; its phone stays linked, so you can connect it again.

    With a store, wuts watch is told to leave the device alone; it would reconnect it otherwise.
    """
    output = Output(json=json)

    async def work(client: WutsClient, found: Device) -> None:
        if store is not None:
            await _pause(found, store, output)
        await verified.disconnect(client, found.id)
        output.event("disconnected", device_id=found.id, name=found.name)
        output.say(
            f"“{shown_name(found)}” is disconnected. "
            f"Bring it back with: wuts connect {printable(found.id)}"
        )

    run_on_device(work, device, output)


async def _pause(device: Device, store: str, output: Output) -> None:
    from wuts.supervisor.store import Verb  # noqa: PLC0415 - the others start faster without

    from .ordering import leave_order  # noqa: PLC0415

    is_done = await leave_order(Verb.PAUSE, device, store)
    output.event("paused", device_id=device.id, name=device.name, done=is_done)


def logout(device: DeviceArgument, *, yes: YesOption = False, json: JsonOption = False) -> None:
    """Unlink the phone from a device; you must then pair it again."""
    output = Output(json=json)
    if not yes:
        with reporting_failures(output):
            _need_somebody_to_ask(output)
    found, caution = run(lambda client: _find_with_caution(client, device, asks=not yes), output)
    if not yes:
        # Asked outside the event loop, where Ctrl-C ends the question at once.
        with reporting_failures(output):
            _confirm(found, caution)
    run(lambda client: verified.logout(client, found.id), output)
    output.event("logged_out", device_id=found.id, name=found.name)
    output.say(
        f"“{shown_name(found)}” is logged out. Pair it again with: wuts pair {printable(found.id)}"
    )


async def _find_with_caution(client: WutsClient, wanted: str, *, asks: bool) -> tuple[Device, str]:
    """Return the device, and what a person must know besides before it is logged out."""
    listed = await client.list_devices()
    found = find_device(listed, wanted)
    if not asks or len(listed) == 1:
        return found, ""
    heeds = await verified.heeds_device_id(client, [device.id for device in listed])
    if not verified.needs_confirmation(len(listed), heeds=heeds):
        return found, ""
    ignores = "ignores" if heeds is False else "may ignore"
    return found, (
        f"This gateway {ignores} which of your {len(listed)} devices you mean: it may log another "
        "out.\n"
    )


def _need_somebody_to_ask(output: Output) -> None:
    somebody = sys.stdin is not None and sys.stdin.isatty() and sys.stderr.isatty()
    if output.json or not somebody:
        raise ConfirmationNeededError("Logging out unlinks the phone. Confirm it with: --yes")


def _confirm(device: Device, caution: str) -> None:
    """Ask on stderr, so that a pipe gets nothing of it."""
    sys.stderr.write(
        f"{caution}Log “{shown_name(device)}” out? "
        "Its phone is unlinked and must scan again. [y/N] "
    )
    sys.stderr.flush()
    if sys.stdin.readline().strip().casefold() not in {"y", "yes"}:
        raise DeclinedError(f"“{shown_name(device)}” was not logged out.")
