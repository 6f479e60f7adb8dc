"""``wuts keep-phone``: answers the question whether a phone may stay linked to a device."""

import os
from datetime import UTC, datetime
from typing import Annotated

import typer

from wuts import WutsClient
from wuts.models import Device
from wuts.phone import same_number
from wuts.phone_numbers import read_number
from wuts.supervisor.store import DeviceSnapshot, Verb, give_order
from wuts_cli.country import assumed_country
from wuts_cli.errors import PhoneQuestionError, UsageError
from wuts_cli.output import Output
from wuts_cli.phones import question
from wuts_cli.runner import reporting_failures, run_on_device
from wuts_cli.store import ACCOUNT, open_store, read_snapshots
from wuts_cli.text import phone, shown_name

from . import AccountOption, CountryOption, DeviceArgument, JsonOption, StoreOption

NumberOption = Annotated[
    str | None,
    typer.Option(metavar="NUMBER", help="Keep it only if it has this number.", show_default="any"),
]


def keep_phone(  # noqa: PLR0913 - one parameter an option
    device: DeviceArgument,
    *,
    number: NumberOption = None,
    country: CountryOption = None,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    json: JsonOption = False,
) -> None:
    """Keep the phone that wuts watch asks about, and expect that one from now on."""
    output = Output(json=json)
    with reporting_failures(output):
        if store is None:
            raise UsageError(
                "To keep a phone, name the store that wuts watch uses: add --store URL, or set "
                "WUTS_STORE."
            )
        home = assumed_country(country, os.environ)
        digits = None if number is None else read_number(number, home)

    async def work(_: WutsClient, found: Device) -> None:
        address = store or ""
        asked = await _question(found, address, account, digits)
        is_done = await _keep(asked, address)
        if is_done and (left := await _open(found, address, account)):
            raise PhoneQuestionError(f"Another phone is linked by now. {question(found, left)}")
        output.event(
            "phone_kept",
            device_id=found.id,
            name=found.name,
            phone_number=asked.linked_number,
            done=is_done,
        )
        output.say(_sentence(found, asked, is_done=is_done))

    run_on_device(work, device, output)


async def _question(
    device: Device, address: str, account: str, number: str | None
) -> DeviceSnapshot:
    """Return what is asked about a device's phone.

    Raises:
        PhoneQuestionError: Nothing is, or it is about another phone than the one to keep.
        StoreError: The store does not work.
    """
    asked = await _open(device, address, account)
    if asked is None:
        raise PhoneQuestionError(
            f"There is no open question about the phone of “{shown_name(device)}”."
        )
    linked = asked.linked_number
    if number is not None and (linked is None or not same_number(number, linked)):
        raise PhoneQuestionError(question(device, asked))
    return asked


async def _open(device: Device, address: str, account: str) -> DeviceSnapshot | None:
    known = await read_snapshots(address, account)
    open_ones = (one for one in known if one.device_id == device.id and one.phone_question)
    return next(open_ones, None)


async def _keep(asked: DeviceSnapshot, address: str) -> bool:
    store = open_store(address)
    try:
        return await give_order(
            store,
            asked.account,
            asked.device_id,
            Verb.KEEP_PHONE,
            at=datetime.now(UTC),
            argument={"question_id": asked.question_id},
        )
    finally:
        await store.close()


def _sentence(device: Device, asked: DeviceSnapshot, *, is_done: bool) -> str:
    name = shown_name(device)
    which = phone(asked.linked_number) if asked.linked_number else "its phone"
    if not is_done:
        return (
            f"Saved for “{name}”: no wuts watch picked this up within a few seconds. The "
            f"next one with this store keeps {which}."
        )
    return f"“{name}” keeps {which}."
