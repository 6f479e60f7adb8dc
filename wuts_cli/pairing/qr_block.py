"""A QR as something that Rich can print: black on white in every terminal."""

from rich.console import Console, ConsoleOptions, RenderResult
from rich.measure import Measurement
from rich.segment import Segment
from rich.style import Style

from wuts.qr import render_text

BLACK_ON_WHITE = Style(color="#000000", bgcolor="#ffffff")
"""Said outright: a terminal's own colours may invert it, and then phones fail to read it."""


class QrBlock:
    """The QR of a payload, two modules in a letter's height.

    Args:
        payload: What the QR says.

    Attributes:
        columns: How wide it is.
        rows: How high it is.
    """

    def __init__(self, payload: str) -> None:
        self._lines = render_text(payload).split("\n")
        self.columns = len(self._lines[0])
        self.rows = len(self._lines)

    def __rich_console__(self, _console: Console, _options: ConsoleOptions) -> RenderResult:
        """Yield each line whole: nothing may be wrapped or cut."""
        for line in self._lines:
            yield Segment(line, BLACK_ON_WHITE)
            yield Segment.line()

    def __rich_measure__(self, _console: Console, _options: ConsoleOptions) -> Measurement:
        """Tell that it cannot be squeezed."""
        return Measurement(self.columns, self.columns)
