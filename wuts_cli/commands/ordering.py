"""``wuts pause`` and ``wuts resume``: orders for a ``wuts watch`` that uses the same store."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wuts import WutsClient
from wuts.errors import NotVerifiedError
from wuts.models import Device
from wuts.supervisor.store import OrderRefusedError, Verb, give_disconnect, give_order
from wuts_cli.errors import UsageError
from wuts_cli.output import Output
from wuts_cli.runner import reporting_failures, run_on_device
from wuts_cli.store import ACCOUNT, open_store
from wuts_cli.text import printable, shown_name

from . import AccountOption, DeviceArgument, JsonOption, StoreOption

if TYPE_CHECKING:
    from wuts.supervisor.store.sql import SqlStore

_EVENTS = {Verb.PAUSE: "paused", Verb.RESUME: "resumed"}


def pause(
    device: DeviceArgument,
    *,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    json: JsonOption = False,
) -> None:
    """Stop wuts watch from reconnecting a device until you resume it. Its session stays as is."""
    _order(Verb.PAUSE, device, store, account, Output(json=json))


def resume(
    device: DeviceArgument,
    *,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    json: JsonOption = False,
) -> None:
    """Have wuts watch reconnect a paused device, and keep it connected again."""
    _order(Verb.RESUME, device, store, account, Output(json=json))


def _order(verb: Verb, device: str, address: str | None, account: str, output: Output) -> None:
    with reporting_failures(output):
        if address is None:
            raise UsageError(
                f"To {verb} a device, name the store that wuts watch uses: add --store URL, or set "
                "WUTS_STORE."
            )

    async def work(_: WutsClient, found: Device) -> None:
        async with _closing(open_store(address or "")) as store:
            is_done = await give_order(store, account, found.id, verb, at=datetime.now(UTC))
        output.event(_EVENTS[verb], device_id=found.id, name=found.name, done=is_done)
        output.say(_sentence(verb, found, is_done=is_done))

    run_on_device(work, device, output)


async def order_disconnect(device: Device, address: str, account: str, output: Output) -> bool:
    """Have a running watch disconnect a device, and return whether one did.

    If none runs, the next one leaves the device alone, and the call is left to whoever asks here.

    Raises:
        UsageError: There is no such store.
        OrderRefusedError: The watch could not do it; the device is paused.
        NotVerifiedError: Nobody knows whether it did.
        StoreError: The store does not work.
    """

    def tell_paused(*, is_done: bool) -> None:
        output.event(_EVENTS[Verb.PAUSE], device_id=device.id, name=device.name, done=is_done)

    async with _closing(open_store(address)) as store:
        try:
            is_done = await give_disconnect(store, account, device.id, at=datetime.now(UTC))
        except (OrderRefusedError, NotVerifiedError):
            tell_paused(is_done=True)
            raise
        tell_paused(is_done=is_done)
        return is_done


@asynccontextmanager
async def _closing(store: "SqlStore") -> AsyncIterator["SqlStore"]:
    try:
        yield store
    finally:
        await store.close()


def _sentence(verb: Verb, device: Device, *, is_done: bool) -> str:
    name, device_id = shown_name(device), printable(device.id)
    if not is_done:
        return (
            f"Saved for “{name}”: no wuts watch picked this up within a few seconds. The "
            "next one with this store will, before it does anything else."
        )
    if verb is Verb.RESUME:
        return f"wuts watch keeps “{name}” connected again."
    return f"wuts watch no longer reconnects “{name}”. Undo this with: wuts resume {device_id}"
