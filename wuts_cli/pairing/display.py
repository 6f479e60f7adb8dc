"""What shows a pairing: JSON lines for programs, and plain lines where nothing can be redrawn."""

from abc import ABC, abstractmethod
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import override

from wuts import PairingView
from wuts.pairing import CodeReady, PairingEvent, QrReady, Scanned, Stalled, Waiting
from wuts.qr import render_text
from wuts_cli.errors import reason_of
from wuts_cli.output import Output
from wuts_cli.text import rfc3339

from . import words

# Nothing can make the lines black on white, and most terminals and log pages are dark: so the
# light modules are drawn, and the dark ones left out.
_DRAW_THE_LIGHT = str.maketrans(" █▀▄", "█ ▄▀")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is being paired.

    Attributes:
        name: The device's name.
        typed: How the person named the device, to be repeated in hints.
        note: A line for whoever holds the phone, or an empty one.
        qr_file: Where each QR is written as a PNG, or None.
        by_code: Whether a code is typed, and no QR scanned.
    """

    name: str
    typed: str
    note: str
    qr_file: Path | None
    by_code: bool


class Display(ABC):
    """Shows a pairing, up to its outcome.

    Attributes:
        redraw_every: Seconds after which it wants to be redrawn, or None for never.
        lifetime: To be entered while it shows something.
    """

    redraw_every: float | None = None
    lifetime: AbstractContextManager[object] = nullcontext()

    @abstractmethod
    def show(self, view: PairingView, event: PairingEvent | None) -> None:
        """Show what has happened, or if nothing did, that time has passed."""


class JsonDisplay(Display):
    """Writes each event as one line of JSON."""

    def __init__(self, output: Output) -> None:
        self._output = output

    @override
    def show(self, view: PairingView, event: PairingEvent | None) -> None:
        match event:
            case QrReady():
                # The image is large, so it is written only if it is all there is.
                image = {} if event.payload else {"image": event.qr.image}
                until = rfc3339(event.expires_at)
                self._output.event("qr", payload=event.payload, expires_at=until, **image)
            case CodeReady():
                self._output.event(
                    "code",
                    code=event.code,
                    phone=event.phone,
                    expires_at=rfc3339(event.expires_at),
                    instructions=event.instructions,
                )
            case Scanned():
                self._output.event("scanned", phone_number=event.phone_number)
            case Stalled():
                self._output.event("stalled", reason=event.reason)
            case Waiting():
                self._output.event(
                    "waiting",
                    reason=event.reason,
                    code=reason_of(event.code),
                    retry_in=event.retry_in,
                )


class LinesDisplay(Display):
    """Prints each event below the one before, without control characters."""

    def __init__(self, output: Output, subject: Subject) -> None:
        self._output = output
        self._subject = subject

    @override
    def show(self, view: PairingView, event: PairingEvent | None) -> None:
        match event:
            case QrReady() | CodeReady():
                if event.number == 1:
                    self._print_introduction()
                self._print_offer(event)
            case Scanned():
                self._output.say(words.scanned(event.phone_number))
            case Stalled():
                for line in words.stalled(event.reason):
                    self._output.say(line)
            case Waiting():
                self._output.say(words.waiting(event))

    def _print_introduction(self) -> None:
        self._output.say(f"Pairing “{self._subject.name}”.")
        if self._subject.note:
            self._output.say(self._subject.note)
        for step in words.steps(by_code=self._subject.by_code):
            self._output.say(step)

    def _print_offer(self, event: QrReady | CodeReady) -> None:
        until = f"good until {_clock(event.expires_at)}; a new one follows."
        if isinstance(event, CodeReady):
            self._output.say(f"Code: {event.code}, {until}")
            return
        if event.payload is None:
            self._output.say("The gateway sent the QR only as a picture, which cannot be printed.")
            self._output.say(words.where_the_picture_is(self._subject.qr_file))
        elif not self._output.can_draw:
            self._output.say("The QR cannot be printed here: the output is not Unicode.")
            self._output.say(words.where_the_picture_is(self._subject.qr_file))
        else:
            self._output.say(render_text(event.payload).translate(_DRAW_THE_LIGHT))
        self._output.say(f"The QR is {until}")


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")
