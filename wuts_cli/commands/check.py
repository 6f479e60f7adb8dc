"""``wuts check``: tells which numbers are on WhatsApp."""

from typing import Annotated

import typer
from rich.table import Table

from wuts import WutsClient
from wuts.inputs import check_numbers
from wuts_cli.find_device import find_device
from wuts_cli.options import JsonOption
from wuts_cli.output import Output
from wuts_cli.runner import run
from wuts_cli.text import phone

ANSWERS = {True: "on WhatsApp", False: "not on WhatsApp", None: "not answered"}

NumbersArgument = Annotated[
    list[str], typer.Argument(metavar="NUMBER...", help="With country code, such as +5511…")
]
DeviceOption = Annotated[
    str | None, typer.Option(metavar="DEVICE", help="The device that asks: its id or its name.")
]


def check(
    numbers: NumbersArgument, *, device: DeviceOption = None, json: JsonOption = False
) -> None:
    """Tell which phone numbers are on WhatsApp."""
    output = Output(json=json)
    results = run(lambda client: _check(client, numbers, device), output)
    table = Table(box=None, pad_edge=False, show_header=False)
    for number, known in results.items():
        output.event("number", number=number, on_whatsapp=known)
        table.add_row(phone(number), ANSWERS[known])
    output.say(table)


async def _check(
    client: WutsClient, numbers: list[str], wanted: str | None
) -> dict[str, bool | None]:
    """Return each number's answer once, in the order of the question."""
    asked = check_numbers(numbers)
    device_id = None if wanted is None else (await find_device(client, wanted)).id
    answer = (await client.check_contacts(asked, device_id)).results
    return {number: answer.get(number) for number in asked}
