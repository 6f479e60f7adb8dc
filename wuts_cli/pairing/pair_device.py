"""Carries out one pairing: finds the device, shows what comes, tells how it ended."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from wuts import WutsClient
from wuts.pairing import (
    Failed,
    Outcome,
    Paired,
    PairingEvent,
    PairingSession,
    PairingSettings,
    QrReady,
    WrongAccount,
)
from wuts_cli.find_device import find_device, shown_name
from wuts_cli.output import Output
from wuts_cli.text import printable

from .endings import tell_outcome
from .json_view import JsonView
from .lines_view import LinesView
from .qr_file import QrFile
from .screen_view import ScreenView
from .view import Subject, View

OWNER = "The wuts command"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for.

    Attributes:
        device: The device's id or name, as it was typed.
        settings: Method and times.
        qr_file: Where to write each QR as a PNG, or None.
        note: A line to show to whoever holds the phone, or None.
    """

    device: str
    settings: PairingSettings = field(repr=False)
    qr_file: Path | None
    note: str | None


async def pair_device(client: WutsClient, request: Request, output: Output) -> None:
    """Pair the device and tell how it ended.

    Raises:
        CliError: There is no such device, or the QR's file cannot be written.
        WutsError: The gateway could not be asked for the devices.
        typer.Exit: The pairing failed; that was told.
    """
    device = await find_device(client, request.device)
    session = PairingSession(client, device.id, owner=OWNER, settings=request.settings)
    subject = Subject(
        name=shown_name(device),
        typed=request.device,
        note=printable(request.note or ""),
        qr_file=request.qr_file,
        by_code=request.settings.phone is not None,
    )
    with QrFile(request.qr_file) as qr_file, _choose_view(output, subject) as view:
        async with session as events:
            outcome = await _follow(events, view, qr_file)
    tell_outcome(outcome, device, output)


def _choose_view(output: Output, subject: Subject) -> View:
    if output.json:
        return JsonView(output)
    return ScreenView(output, subject) if output.is_screen else LinesView(output, subject)


async def _follow(events: AsyncIterator[PairingEvent], view: View, qr_file: QrFile) -> Outcome:
    while True:
        event = await _next_event(events, within=view.redraw_every)
        match event:
            case None:
                view.redraw()
            case Paired() | WrongAccount() | Failed():
                return event
            case QrReady():
                await qr_file.write(event)
                view.show(event)
            case _:
                view.show(event)


async def _next_event(
    events: AsyncIterator[PairingEvent], *, within: float | None
) -> PairingEvent | None:
    """Return the next event, or None when there was none for that many seconds."""
    try:
        async with asyncio.timeout(within):
            return await anext(events)
    except TimeoutError:
        return None
