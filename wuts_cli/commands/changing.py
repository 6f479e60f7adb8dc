"""``wuts create``, ``wuts connect``, ``wuts disconnect`` and ``wuts logout``: one call each."""

from typing import Annotated

import typer

from wuts import WutsClient, verified
from wuts.models import Device
from wuts_cli.consent import confirm, find_with_caution, need_somebody_to_ask
from wuts_cli.errors import ExitCode
from wuts_cli.output import Output, complain
from wuts_cli.runner import reporting_failures, run, run_on_device
from wuts_cli.store import ACCOUNT
from wuts_cli.text import printable, shown_name

from . import AccountOption, DeviceArgument, JsonOption, StoreOption

NameArgument = Annotated[
    str, typer.Argument(metavar="NAME", help="The device's name, 1 to 100 characters.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Don't ask for confirmation.")]


def create(name: NameArgument, *, json: JsonOption = False) -> None:
    """Create a device. You pair it next."""
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
    device: DeviceArgument,
    *,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Disconnect a device; its phone stays linked, so you can connect it again.

    With a store, wuts watch does it, and does not reconnect the device afterwards. If none runs,
    this command does it, and the next watch does not reconnect the device.
    You are asked first if the gateway may disconnect another device instead.
    """
    output = Output(json=json)
    harm = "disconnect another one"
    found, caution = run(lambda it: find_with_caution(it, device, harm, asks=not yes), output)
    name = shown_name(found)
    if caution:
        with reporting_failures(output):
            need_somebody_to_ask(output, caution)
            confirm(f"Disconnect “{name}”?", f"“{name}” was not disconnected.", caution=caution)

    async def work(client: WutsClient) -> None:
        if store is not None and await _is_done_by_a_watch(found, store, account, output):
            return
        await verified.disconnect(client, found.id)

    run(work, output)
    output.event("disconnected", device_id=found.id, name=found.name)
    output.say(f"“{name}” is disconnected. Reconnect it with: wuts connect {printable(found.id)}")


async def _is_done_by_a_watch(device: Device, store: str, account: str, output: Output) -> bool:
    from .ordering import order_disconnect  # noqa: PLC0415 - the others start faster without

    return await order_disconnect(device, store, account, output)


def logout(device: DeviceArgument, *, yes: YesOption = False, json: JsonOption = False) -> None:
    """Unlink the phone from a device. To use the device again, pair it."""
    output = Output(json=json)
    if not yes:
        with reporting_failures(output):
            need_somebody_to_ask(output, "Logging out unlinks the phone.")
    harm = "log out another one"
    found, caution = run(lambda it: find_with_caution(it, device, harm, asks=not yes), output)
    name = shown_name(found)
    if not yes:
        # Asked outside the event loop, where Ctrl-C ends the question at once.
        question = f"Log out “{name}”? This unlinks its phone, which must then scan again."
        with reporting_failures(output):
            confirm(question, f"“{name}” was not logged out.", caution=caution)
    run(lambda client: verified.logout(client, found.id), output)
    output.event("logged_out", device_id=found.id, name=found.name)
    output.say(f"“{name}” is logged out. Pair it again with: wuts pair {printable(found.id)}")
