"""A pairing for programs: one JSON line an event."""

from typing import override

from wuts.pairing import CodeReady, QrReady, Scanned, Waiting
from wuts_cli.output import Output
from wuts_cli.text import rfc3339

from .view import Showable, View


class JsonView(View):
    """Writes each event as one line."""

    def __init__(self, output: Output) -> None:
        self._output = output

    @override
    def show(self, event: Showable) -> None:
        match event:
            case QrReady():
                # The picture is large, so it is written only where it is all there is.
                picture = {} if event.payload else {"image": event.qr.image}
                until = rfc3339(event.expires_at)
                self._output.event("qr", payload=event.payload, expires_at=until, **picture)
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
            case Waiting():
                self._output.event("waiting", reason=event.reason, retry_in=event.retry_in)
