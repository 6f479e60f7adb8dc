"""``wuts devices``, ``wuts status`` and ``wuts check``: they change nothing."""

import asyncio
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import RenderableType
from rich.table import Table

from wuts import WutsClient
from wuts.check_budget import DEFAULT_LIMIT
from wuts.errors import DeviceNotFoundError
from wuts.models import Device, SessionStatus
from wuts.phone_numbers import read_numbers
from wuts_cli.budget import spend
from wuts_cli.country import assumed_country
from wuts_cli.errors import MOST_IDS
from wuts_cli.output import Output, complain
from wuts_cli.phones import next_step, phones_known, question
from wuts_cli.runner import find, reporting_failures, run
from wuts_cli.store import ACCOUNT
from wuts_cli.text import local_time, phone, printable, rfc3339, shown_name

from . import AccountOption, CountryOption, JsonOption, StoreOption

if TYPE_CHECKING:
    from wuts.supervisor.store import DeviceSnapshot

AT_ONCE = 10
"""Devices whose status is read at the same time."""

NO_DEVICES = "There are no devices yet. Create one with: wuts create NAME"
NOT_PAIRED = "not paired"
ANSWERS = {True: "on WhatsApp", False: "not on WhatsApp", None: "not answered"}

OptionalDeviceArgument = Annotated[
    str | None, typer.Argument(metavar="[DEVICE]", help="The device's id or name; all by default.")
]
NumbersArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="NUMBER...",
        help="Phone numbers, such as +5511…. Those without a country code are from --country.",
    ),
]
DeviceOption = Annotated[
    str | None, typer.Option(metavar="DEVICE", help="The device to check with: its id or name.")
]
LimitOption = Annotated[
    int,
    typer.Option(
        metavar="NUMBERS",
        min=0,
        envvar="WUTS_CHECK_LIMIT",
        help="The most numbers to check per hour and account. 0 means no limit.",
    ),
]


def devices(*, json: JsonOption = False) -> None:
    """List the account's devices."""
    output = Output(json=json)
    found = run(WutsClient.list_devices, output)
    for device in found:
        output.event(
            "device",
            device_id=device.id,
            name=device.name,
            connected=device.connected,
            phone_number=device.phone_number,
            last_seen=rfc3339(device.last_seen),
        )
    output.say(
        _table(_row(one, _listed_state(one), one.phone_number, one.last_seen) for one in found)
    )
    if found.unreadable:
        named = ", ".join(found.unreadable[:MOST_IDS])
        complain(
            f"{len(found.unreadable)} devices are left out because their rows are "
            f"unreadable: {named}"
        )


def status(
    device: OptionalDeviceArgument = None,
    *,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    json: JsonOption = False,
) -> None:
    """Show the live state of devices; with a store, also open questions about their phones."""
    output = Output(json=json)

    async def look(
        client: WutsClient,
    ) -> "tuple[list[tuple[Device, SessionStatus]], Mapping[str, DeviceSnapshot] | None]":
        return await _read_status(client, device), await phones_known(store, account)

    found, known = run(look, output)
    for one, live in found:
        output.event(
            "status",
            device_id=one.id,
            name=one.name,
            connected=live.connected,
            status=live.status,
            logged_in=live.is_logged_in,
            phone_number=live.phone_number,
            last_seen=rfc3339(live.last_seen),
            **({} if known is None else _of_phone(known.get(one.id))),
        )
    output.say(
        _table(
            _row(one, _live_state(live), live.phone_number, live.last_seen) for one, live in found
        )
    )
    for one, _ in found:
        asked = known.get(one.id) if known else None
        if asked is not None and asked.phone_question is not None:
            output.say(f"{question(one, asked)} {next_step(one)}")


def _of_phone(known: "DeviceSnapshot | None") -> dict[str, str | None]:
    return {
        "expected_number": known.expected_number if known else None,
        "phone_question": known.phone_question if known else None,
    }


def check(  # noqa: PLR0913 - one parameter an option
    numbers: NumbersArgument,
    *,
    device: DeviceOption = None,
    country: CountryOption = None,
    limit: LimitOption = DEFAULT_LIMIT,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Check which phone numbers are on WhatsApp."""
    output = Output(json=json)
    with reporting_failures(output):
        asked = read_numbers(numbers, assumed_country(country, os.environ))
    results = run(lambda client: _check(client, asked, device, limit=limit, store=store), output)
    table = Table(box=None, pad_edge=False, show_header=False)
    for number, known in results.items():
        output.event("number", number=number, on_whatsapp=known)
        table.add_row(phone(number), ANSWERS[known])
    output.say(table)


async def _read_status(
    client: WutsClient, wanted: str | None
) -> list[tuple[Device, SessionStatus]]:
    if wanted is not None:
        device = await find(client, wanted)
        return [(device, await client.get_status(device.id))]
    gate = asyncio.Semaphore(AT_ONCE)

    async def read(device: Device) -> tuple[Device, SessionStatus] | None:
        async with gate:
            try:
                return device, await client.get_status(device.id)
            except DeviceNotFoundError:
                return None  # removed since it was listed

    answers = await asyncio.gather(*map(read, await client.list_devices()))
    return [answer for answer in answers if answer is not None]


async def _check(
    client: WutsClient, numbers: list[str], wanted: str | None, *, limit: int, store: str | None
) -> dict[str, bool | None]:
    """Return each number's answer once, in the order of the question."""
    asked = list(dict.fromkeys(numbers))
    device_id = None if wanted is None else (await find(client, wanted)).id
    await spend(client, len(asked), limit, store)
    answer = (await client.check_contacts(asked, device_id)).results
    return {number: answer.get(number) for number in asked}


def _table(rows: Iterable[tuple[str, ...]]) -> RenderableType:
    """Return a table: as wide as it needs in a pipe, folded on a narrow screen."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in ("NAME", "STATE", "PHONE", "LAST SEEN", "ID"):
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table if table.row_count else NO_DEVICES


def _row(
    device: Device, state: str, number: str | None, last_seen: datetime | None
) -> tuple[str, ...]:
    name, device_id = shown_name(device), printable(device.id)
    return name, state, phone(number), local_time(last_seen), device_id


def _listed_state(device: Device) -> str:
    if device.connected:
        return "connected"
    return "disconnected" if device.whatsapp_jid else NOT_PAIRED


def _live_state(status: SessionStatus) -> str:
    if status.connected:
        return "connected" if status.is_logged_in else "connected, not logged in"
    if status.status == "connecting":
        return "connecting"
    return "disconnected" if status.has_credentials else NOT_PAIRED
