"""A pairing in a pipe or on a terminal that only prints: plain lines, no control characters."""

from datetime import datetime
from typing import override

from wuts.pairing import CodeReady, QrReady, Scanned, Waiting
from wuts.qr import render_text
from wuts_cli.output import Output

from . import words
from .view import Showable, Subject, View

# Nothing can make the lines black on white, and most terminals and log pages are dark: so the
# light modules are drawn, and the dark ones left out.
_DRAW_THE_LIGHT = str.maketrans(" █▀▄", "█ ▄▀")


class LinesView(View):
    """Prints each event below the one before."""

    def __init__(self, output: Output, subject: Subject) -> None:
        self._output = output
        self._subject = subject

    @override
    def show(self, event: Showable) -> None:
        match event:
            case QrReady() | CodeReady():
                if event.number == 1:
                    self._print_introduction()
                self._print_offer(event)
            case Scanned():
                self._output.say(words.scanned(event))
            case Waiting():
                self._output.say(words.waiting(event))

    def _print_introduction(self) -> None:
        self._output.say(f"Pairing “{self._subject.name}”.")
        if self._subject.note:
            self._output.say(self._subject.note)
        for number, step in enumerate(words.steps(self._subject), start=1):
            self._output.say(f"{number}. {step}")

    def _print_offer(self, event: QrReady | CodeReady) -> None:
        until = f"good until {_clock(event.expires_at)}; a fresh one follows by itself."
        if isinstance(event, CodeReady):
            self._output.say(f"Code: {event.code}, {until}")
            return
        if event.payload is None:
            self._output.say("The gateway sent the QR only as a picture, which cannot be printed.")
            self._output.say(words.where_the_picture_is(self._subject))
        elif not self._output.can_draw:
            self._output.say("The QR cannot be printed here: the output is not Unicode.")
            self._output.say(words.where_the_picture_is(self._subject))
        else:
            self._output.say(render_text(event.payload).translate(_DRAW_THE_LIGHT))
        self._output.say(f"The QR is {until}")


def _clock(moment: datetime) -> str:
    return moment.astimezone().strftime("%H:%M:%S")
