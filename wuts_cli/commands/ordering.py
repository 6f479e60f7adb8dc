"""``wuts pause`` and ``wuts resume``: orders for a ``wuts watch`` that uses the same store."""

from datetime import UTC, datetime

from wuts import WutsClient
from wuts.models import Device
from wuts.supervisor.store import Verb, give_order
from wuts_cli.errors import UsageError
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run_on_device
from wuts_cli.store import ACCOUNT, open_store
from wuts_cli.text import printable, shown_name

from . import AccountOption, DeviceArgument, JsonOption, StoreOption

_EVENTS = {Verb.PAUSE: "paused", Verb.RESUME: "resumed"}


def pause(
    device: DeviceArgument,
    *,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    json: JsonOption = False,
) -> None:
    """Have wuts watch leave a device alone until you resume it; its session is not touched."""
    _order(Verb.PAUSE, device, store, account, Output(json=json))


def resume(
    device: DeviceArgument,
    *,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    json: JsonOption = False,
) -> None:
    """Have wuts watch take care of a paused device again, at once."""
    _order(Verb.RESUME, device, store, account, Output(json=json))


def _order(verb: Verb, device: str, address: str | None, account: str, output: Output) -> None:
    with reporting_failures(output):
        if address is None:
            raise UsageError(
                f"To {verb} a device, name the store that wuts watch uses: add --store URL, or set "
                "WUTS_STORE."
            )

    async def work(_: WutsClient, found: Device) -> None:
        is_done = await leave_order(verb, found, address or "", account)
        output.event(_EVENTS[verb], device_id=found.id, name=found.name, done=is_done)
        output.say(_sentence(verb, found, is_done=is_done))

    run_on_device(work, device, output)


async def leave_order(verb: Verb, device: Device, address: str, account: str) -> bool:
    """Give an order, and return whether a running watch has carried it out.

    Raises:
        UsageError: There is no such store.
        StoreError: It does not work.
    """
    store = open_store(address)
    try:
        return await give_order(store, account, device.id, verb, at=datetime.now(UTC))
    finally:
        await store.close()


def _sentence(verb: Verb, device: Device, *, is_done: bool) -> str:
    name, device_id = shown_name(device), printable(device.id)
    if not is_done:
        return (
            f"Noted for “{name}”: no wuts watch took the order within a few seconds. The next one "
            "with this store will, before it does anything else."
        )
    if verb is Verb.RESUME:
        return f"wuts watch takes care of “{name}” again."
    return f"wuts watch leaves “{name}” alone. End that with: wuts resume {device_id}"
