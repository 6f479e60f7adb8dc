"""``wuts pair``: shows a QR or a code until a phone is linked."""

import os
from collections.abc import Awaitable, Callable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from wuts import WutsClient
from wuts.models import Device
from wuts.pairing import PairingSettings
from wuts.phone_numbers import read_number
from wuts_cli.country import assumed_country
from wuts_cli.errors import UsageError
from wuts_cli.output import Output
from wuts_cli.pairing import Request, pair_device
from wuts_cli.runner import reporting_failures, run_on_device
from wuts_cli.store import ACCOUNT

from . import AccountOption, CountryOption, DeviceArgument, JsonOption, StoreOption

LONGEST = 24 * 3600
"""Seconds, at most, for any time."""

POLL_INTERVAL = 1.0
"""Seconds between two looks for a scan: a person is waiting."""

PAGE_TIMEOUT = 900
"""Seconds until the link to a page ends, unless another time is asked for."""

PAGE_HOST = "127.0.0.1"

_DEFAULTS = PairingSettings()

_CODE = typer.Option("--code", help="Show a code to type instead of a QR; needs --phone.")
_PHONE = typer.Option(metavar="NUMBER", help="The number of the phone to type the code on.")
_EXPECT = typer.Option(
    metavar="NUMBER", help="The number that must be linked. Any other is an error."
)
_TIMEOUT = typer.Option(
    metavar="SECONDS",
    min=1,
    max=LONGEST,
    help="When to give up. A link to a page expires then.",
    show_default=f"{_DEFAULTS.deadline:.0f}, or {PAGE_TIMEOUT} with --page",
)
_SETTLE = typer.Option(metavar="SECONDS", min=0, max=LONGEST, help="How long a new link must hold.")
_QR_FILE = typer.Option(
    metavar="PATH", help="Also write each QR to this PNG, which is deleted at the end."
)
_PAGE = typer.Option("--page", help="Print a link to a page that shows the QR or the code.")
_HOST = typer.Option(
    metavar="ADDRESS",
    help="The address to serve the page at.",
    show_default=f"{PAGE_HOST}, with --page",
)
_PORT = typer.Option(
    metavar="PORT",
    min=1,
    max=65535,
    help="The port to serve the page at.",
    show_default="any free port",
)
_PUBLIC_URL = typer.Option(
    metavar="URL", help="How browsers reach the page, if it is behind a proxy."
)
_NOTE = typer.Option(metavar="TEXT", help="A line to show on the page.")


def pair(  # noqa: PLR0913 - one parameter an option
    device: DeviceArgument,
    *,
    code: Annotated[bool, _CODE] = False,
    phone: Annotated[str | None, _PHONE] = None,
    expect: Annotated[str | None, _EXPECT] = None,
    country: CountryOption = None,
    timeout: Annotated[int | None, _TIMEOUT] = None,
    settle: Annotated[int, _SETTLE] = int(_DEFAULTS.settle),
    qr_file: Annotated[Path | None, _QR_FILE] = None,
    page: Annotated[bool, _PAGE] = False,
    host: Annotated[str | None, _HOST] = None,
    port: Annotated[int | None, _PORT] = None,
    public_url: Annotated[str | None, _PUBLIC_URL] = None,
    note: Annotated[str | None, _NOTE] = None,
    store: StoreOption = None,
    account: AccountOption = ACCOUNT,
    json: JsonOption = False,
) -> None:
    """Pair a device with a phone: scan the QR, or type the code."""
    output = Output(json=json)
    with reporting_failures(output):
        _check_options(code=code, phone=phone, qr_file=qr_file)
        pair_it = _choose_way(
            page=page, host=host, port=port, public_url=public_url, qr_file=qr_file
        )
        home = assumed_country(country, os.environ)
        settings = PairingSettings(
            phone=None if phone is None else read_number(phone, home),
            expected_number=None if expect is None else read_number(expect, home),
            deadline=timeout or (PAGE_TIMEOUT if page else _DEFAULTS.deadline),
            poll_interval=POLL_INTERVAL,
            settle=settle,
        )
    request = Request(
        typed=device, settings=settings, qr_file=qr_file, note=note, store=store, account=account
    )
    run_on_device(lambda client, found: pair_it(client, found, request, output), device, output)


def _choose_way(
    *,
    page: bool,
    host: str | None,
    port: int | None,
    public_url: str | None,
    qr_file: Path | None,
) -> Callable[[WutsClient, Device, Request, Output], Awaitable[None]]:
    """Return what pairs: the terminal, or a page.

    Raises:
        UsageError: The options do not go together.
    """
    if not page:
        if host is not None or port is not None or public_url is not None:
            raise UsageError("--host, --port and --public-url are for a page: add --page.")
        return pair_device
    if qr_file is not None:
        raise UsageError("The page shows the QR: leave out --qr-file with --page.")
    from wuts_cli.pairing.page import Place, pair_on_page  # noqa: PLC0415 - a server takes time

    place = Place(host=PAGE_HOST if host is None else host, port=port or 0, public_url=public_url)
    return partial(pair_on_page, place)


def _check_options(*, code: bool, phone: str | None, qr_file: Path | None) -> None:
    if code and phone is None:
        raise UsageError("A code works on one phone only: add --phone with its number.")
    if phone is not None and not code:
        raise UsageError("--phone goes with --code. To require a phone for a QR, use --expect.")
    if code and qr_file is not None:
        raise UsageError("--qr-file is for a QR: leave it out with --code.")
