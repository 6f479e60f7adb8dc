"""Carries out one pairing: shows what comes, and reports how it ended."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from socket import gethostname
from typing import assert_never

import typer

from wuts import PairingSession, PairingSettings, PairingView, WutsClient
from wuts.clock import steady_time
from wuts.models import Device
from wuts.pairing import (
    Failed,
    FailureReason,
    Outcome,
    Paired,
    PairingEvent,
    QrReady,
    Unchecked,
    WrongAccount,
)
from wuts_cli.errors import ExitCode, failure_of
from wuts_cli.output import Output, complain
from wuts_cli.phones import order_expected, order_report
from wuts_cli.store import ACCOUNT, open_pairings
from wuts_cli.text import printable, shown_name

from . import words
from .display import Display, JsonDisplay, LinesDisplay, Subject
from .qr_file import QrFile
from .screen import ScreenDisplay


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a person asked for.

    Attributes:
        typed: The device's id or name, as it was typed.
        settings: Method and times.
        qr_file: Where to write each QR as a PNG, or None.
        note: A line to show to whoever holds the phone, or None.
        store: The address of the store that says who else pairs, and learns which phone is
            expected and linked, or None.
        account: What the store calls the account.
    """

    typed: str
    settings: PairingSettings = field(repr=False)
    qr_file: Path | None
    note: str | None
    store: str | None = field(default=None, repr=False)
    account: str = ACCOUNT


async def pair_device(client: WutsClient, device: Device, request: Request, output: Output) -> None:
    """Pair a device and report how it ended.

    Raises:
        UsageError: The QR's file cannot be written, or there is no such store.
        PairingInProgressError: Somebody else is pairing it.
        typer.Exit: The device is not paired with the phone that was wanted; that was reported.
    """
    session = new_session(client, device, request, request.settings)
    display = _choose_display(output, subject_of(device, request))
    with QrFile(request.qr_file) as qr_file, display.lifetime:
        async with session:
            await expect_phone(device, request)
            outcome = await follow(aiter(session), display, qr_file)
    await report(outcome, device, request, output)


def new_session(
    client: WutsClient, device: Device, request: Request, settings: PairingSettings
) -> PairingSession:
    """Return a session that pairs the device; entering it tells others that somebody does."""
    return PairingSession(
        client,
        device.id,
        owner=_owner(request),
        settings=settings,
        registry=open_pairings(request.store),
    )


def subject_of(device: Device, request: Request) -> Subject:
    """Return what a display gets of the pairing."""
    return Subject(
        name=shown_name(device),
        typed=request.typed,
        note=printable(request.note or ""),
        qr_file=request.qr_file,
        by_code=request.settings.phone is not None,
    )


def _owner(request: Request) -> str:
    """Say who pairs, on which machine if others are to read it."""
    return "The wuts command" if request.store is None else f"wuts pair on {gethostname()}"


def _choose_display(output: Output, subject: Subject) -> Display:
    if output.json:
        return JsonDisplay(output)
    return (ScreenDisplay if output.is_screen else LinesDisplay)(output, subject)


async def follow(events: AsyncIterator[PairingEvent], display: Display, qr_file: QrFile) -> Outcome:
    """Show a pairing until it ends, and return how it did.

    Raises:
        UsageError: The QR's file cannot be written.
    """
    view = PairingView(now=steady_time())
    while True:
        event = await _next_event(events, within=display.redraw_every)
        now = steady_time()
        view = view.at(now) if event is None else view.after(event, now)
        if view.outcome is not None:
            return view.outcome
        if isinstance(event, QrReady):
            await qr_file.write(event)
        display.show(view, event)


async def _next_event(
    events: AsyncIterator[PairingEvent], *, within: float | None
) -> PairingEvent | None:
    """Return the next event, or None when there was none for that many seconds."""
    try:
        async with asyncio.timeout(within):
            return await anext(events)
    except TimeoutError:
        return None


async def expect_phone(device: Device, request: Request) -> None:
    """Tell the store which phone is expected, before any is linked."""
    await order_expected(device, request.settings.expected_number, request.store, request.account)


async def report(outcome: Outcome, device: Device, request: Request, output: Output) -> None:
    """Say how a pairing ended, and then tell the store.

    Raises:
        typer.Exit: The device is not paired with the phone that was wanted.
    """
    try:
        _say(outcome, device, output)
    finally:
        expected = request.settings.expected_number
        await order_report(outcome, device, expected, request.store, request.account)


def _say(outcome: Outcome, device: Device, output: Output) -> None:
    match outcome:
        case Paired():
            output.event("paired", phone_number=outcome.phone_number, how=outcome.how)
            output.say(words.paired(outcome, shown_name(device)))
        case WrongAccount():
            expected = outcome.expected
            output.event("wrong_account", phone_number=outcome.phone_number, expected=expected)
            complain(words.wrong_account(outcome, device))
            raise typer.Exit(ExitCode.REFUSED)
        case Unchecked():
            output.event("unchecked", expected=outcome.expected, how=outcome.how)
            complain(words.unchecked(outcome, device))
            raise typer.Exit(ExitCode.REFUSED)
        case Failed():
            if outcome.reason is FailureReason.PASSKEY_SUSPECTED:
                output.say(words.WHAT_TO_WRITE)
            raise typer.Exit(output.fail(failure_of(outcome)))
        case _:
            assert_never(outcome)
