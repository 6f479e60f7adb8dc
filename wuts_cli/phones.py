"""What the supervisor's store says of phones: which is expected, and what a person must answer."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from wuts.errors import WutsError
from wuts.models import Device
from wuts.pairing import Outcome, Paired, Unchecked, WrongAccount

from .output import complain
from .store import open_store, read_snapshots
from .text import phone, printable, shown_name

if TYPE_CHECKING:
    from wuts.supervisor.store import DeviceSnapshot

UNKNOWN = "an unknown phone"

LINKED = (Paired, WrongAccount, Unchecked)
"""The ends of a pairing with a phone linked, be it the right one or not."""


def question(device: Device, known: "DeviceSnapshot") -> str:
    """Return what is asked about a device's phone, in a sentence, or nothing."""
    expected = phone(known.expected_number) if known.expected_number else UNKNOWN
    if known.phone_question is None:
        return ""
    if known.linked_number:
        linked = phone(known.linked_number)
        return f"“{shown_name(device)}” is linked to {linked}, but {expected} was expected."
    return (
        f"A phone is linked to “{shown_name(device)}”, and the gateway does not say whether it is "
        f"{expected}."
    )


def next_step(device: Device) -> str:
    """Say how a question about a phone is answered."""
    device_id = printable(device.id)
    return f"Keep it with: wuts keep-phone {device_id}, or unlink it with: wuts logout {device_id}"


async def phones_known(address: str | None, account: str) -> "Mapping[str, DeviceSnapshot] | None":
    """Return what a store keeps of an account's devices by id; None without a store that works."""
    if address is None:
        return None
    try:
        return {one.device_id: one for one in await read_snapshots(address, account)}
    except WutsError as error:
        complain(f"Can't show the open questions about phones. {error.message}")
        return None


async def order_expected(
    device: Device, number: str | None, address: str | None, account: str
) -> None:
    """Have whoever watches the device expect a phone from now on."""
    if number is not None:
        await _order("expect_number", device, {"number": number}, address, account)


async def order_report(
    outcome: Outcome, device: Device, expected: str | None, address: str | None, account: str
) -> None:
    """Tell whoever watches the device which phone a pairing has linked."""
    if not isinstance(outcome, LINKED):
        return
    linked = linked_number(outcome)
    argument = {"linked": linked, "expected": expected}
    await _order("report_phone", device, argument, address, account)


def linked_number(outcome: Outcome) -> str | None:
    """Return the number of the phone that a pairing has linked; None if nobody knows it."""
    return outcome.phone_number if isinstance(outcome, Paired | WrongAccount) else None


async def _order(
    verb: str, device: Device, argument: Mapping[str, object], address: str | None, account: str
) -> None:
    """Leave an order for the store's supervisor; a pairing does not need a store that works."""
    if address is None:
        return
    store = open_store(address)
    # Whoever has no store starts faster without.
    from wuts.supervisor.store import Verb  # noqa: PLC0415

    try:
        await store.add_order(account, device.id, Verb(verb), datetime.now(UTC), argument)
    except WutsError as error:
        complain(f"The store does not know which phone is expected. {error.message}")
    finally:
        await store.close()
